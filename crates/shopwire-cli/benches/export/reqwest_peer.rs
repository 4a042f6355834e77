//! The same job by hand: reqwest, and any JSON.

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::Path,
};

use serde_json::Value;

pub(crate) fn run(url: &str, file: &Path) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let client = reqwest::Client::new();
        let mut out = BufWriter::new(File::create(file).expect("a file"));
        let mut page = 1;
        loop {
            let request = client.get(format!("{url}/api/v5/orders?limit=100&page={page}"));
            let response = request
                .header("X-API-KEY", "k")
                .send()
                .await
                .expect("an answer");
            let body = response.bytes().await.expect("a body");
            let answer: Value = serde_json::from_slice(&body).expect("JSON");
            for order in answer["orders"].as_array().expect("orders") {
                serde_json::to_writer(&mut out, order).expect("written");
                out.write_all(b"\n").expect("written");
            }
            if answer["pagination"]["totalPageCount"].as_u64() <= Some(page) {
                break;
            }
            page += 1;
        }
        out.flush().expect("written");
    });
}
