//! Signals at moments when the export cannot look at them.

use std::{
    path::Path,
    process::{Child, Command},
    time::Duration,
};

use super::shop::{Shop, interrupt, number, rows};

/// An export of 200 orders that stops while it makes the Parquet file: a pipe that nobody reads is in its place.
fn stuck(shop: &Shop) -> Child {
    let pipe = Command::new("mkfifo")
        .arg(shop.path("a.parquet.new"))
        .status();
    assert!(pipe.expect("mkfifo runs").success());
    let child = shop.begin(&["orders", "--output", "a.parquet"]);
    let checkpoint = shop.path("a.parquet.checkpoint");
    // The last checkpoint stands behind the one list.
    while !std::fs::read_to_string(&checkpoint).is_ok_and(|text| text.contains("\"part\":1")) {
        std::thread::yield_now();
    }
    child
}

/// Signals that follow each other at once count as one.
fn pass(time: Duration) {
    let begun = tokio::time::Instant::now();
    while begun.elapsed() < time {
        std::thread::park_timeout(time);
    }
}

fn bytes(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Goes on with the export, whose file has to be that of one without signals.
fn resumes(shop: &Shop) {
    std::fs::remove_file(shop.path("a.parquet.new")).ok();
    shop.exported(&["retailcrm", "orders", "--output", "whole.parquet"]);
    shop.exported(&["retailcrm", "orders", "--output", "a.parquet", "--resume"]);
    assert!(bytes(&shop.path("a.parquet")) == bytes(&shop.path("whole.parquet")));
}

// J3, J8
#[test]
fn j8_a_second_interrupt_ends_an_export_at_once_and_resuming_still_works() {
    let shop = Shop::new("second", 200);
    let mut child = stuck(&shop);
    interrupt(&child);
    pass(Duration::from_millis(300));
    assert!(
        child.try_wait().expect("a child").is_none(),
        "the first signal waits for a safe point"
    );
    interrupt(&child);
    let ended = child.wait_with_output().expect("it ends");
    assert_eq!(ended.status.code(), Some(130));
    assert!(!shop.path("a.parquet").exists());
    resumes(&shop);
}

// J3, J8
#[test]
fn j8_an_interrupt_ends_the_making_of_a_parquet_file() {
    let shop = Shop::new("making", 200);
    let child = stuck(&shop);
    interrupt(&child);
    pass(Duration::from_millis(500));
    let reader = std::fs::File::open(shop.path("a.parquet.new")).expect("the pipe");
    let ended = child.wait_with_output().expect("it ends");
    drop(reader);
    let errors = String::from_utf8(ended.stderr).expect("text");
    assert_eq!(ended.status.code(), Some(130), "{errors}");
    assert!(
        errors.contains("\"interrupted\"") && errors.contains("--resume"),
        "{errors}"
    );
    assert!(
        !shop.path("a.parquet.new").exists(),
        "a part of the file is of no use"
    );
    resumes(&shop);
}

/// The requests of the service so far.
fn requests(shop: &Shop) -> i64 {
    let path = "/api/requests?service=retailcrm&operation=orders.list_history&limit=1";
    let listed = shop.sandbox.admin("GET", path, "");
    number(&common_model::from_json(&listed).expect("JSON"), "total")
}

// J3, J8: the first request asks for the newest change; its answer does not come.
#[test]
fn j8_an_interrupt_ends_an_export_in_its_first_request() {
    let shop = Shop::new("first", 3);
    let stall = r#"{"service":"retailcrm","kind":"stall","operation":"orders.list_history"}"#;
    shop.sandbox.admin("POST", "/api/faults", stall);
    let before = requests(&shop);
    let child = shop.begin(&["orders", "--output", "a.jsonl"]);
    while requests(&shop) == before {
        std::thread::yield_now();
    }
    interrupt(&child);
    let ended = child.wait_with_output().expect("it ends");
    let errors = String::from_utf8(ended.stderr).expect("text");
    assert_eq!(ended.status.code(), Some(130), "{errors}");
    assert!(
        errors.contains("\"interrupted\"") && errors.contains("--resume"),
        "{errors}"
    );
    // It did not wait for the end of the request, and of its repetitions.
    assert_eq!(requests(&shop), before + 1);
    shop.sandbox.admin("DELETE", "/api/faults", "");
    shop.exported(&["retailcrm", "orders", "--output", "a.jsonl", "--resume"]);
    assert_eq!(rows(&shop.path("a.jsonl")).len(), 3);
}
