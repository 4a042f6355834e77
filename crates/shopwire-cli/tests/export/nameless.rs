//! Rows without an identity, in numbered pages: the values of the properties of products.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::{Command, Stdio},
};

use super::support::{command, run, scratch};

const PAGES: usize = 12;

fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    let mut buffer = [0; 4096];
    // A request comes in one piece: it is small.
    let read = stream.read(&mut buffer)?;
    let request = String::from_utf8_lossy(&buffer[..read]).into_owned();
    let line = request.lines().next().unwrap_or_default();
    let page = line
        .split(['?', '&', ' '])
        .find_map(|pair| pair.strip_prefix("page="));
    let page: usize = page.and_then(|page| page.parse().ok()).unwrap_or(1);
    let rows = (0..20).map(|at| format!(r#"{{"value":"{}","offersCount":1}}"#, page * 20 + at));
    let rows = rows.collect::<Vec<_>>().join(",");
    let body = format!(
        r#"{{"success":true,"pagination":{{"limit":20,"totalCount":{},"currentPage":{page},"totalPageCount":{PAGES}}},"productPropertyValues":[{rows}]}}"#,
        PAGES * 20
    );
    let length = body.len();
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close";
    write!(stream, "{head}\r\nContent-Length: {length}\r\n\r\n{body}")
}

fn export(url: &str, output: &str, more: &[&str]) -> Command {
    let mut export = command(&[
        "export",
        "retailcrm",
        "property-values",
        "--param",
        "limit=20",
    ]);
    export
        .args(["--quiet", "--output", output])
        .args(more)
        .env("RETAILCRM_URL", url)
        .env("RETAILCRM_API_KEY", "k")
        .stderr(Stdio::null());
    export
}

// J3
#[cfg(unix)]
#[test]
fn j3_numbered_pages_of_rows_without_an_identity_are_in_the_file_once_after_a_kill() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            // The command that was killed takes no answer.
            let _ = stream.and_then(answer);
        }
    });
    for name in [
        "values-whole.jsonl",
        "values-killed.jsonl",
        "values-killed.jsonl.checkpoint",
    ] {
        let _ = std::fs::remove_file(scratch().join(name));
    }
    let read = |name: &str| std::fs::read_to_string(scratch().join(name)).unwrap_or_default();
    assert_eq!(
        run(&mut export(&url, "values-whole.jsonl", &[]), "").code,
        0
    );
    let whole = read("values-whole.jsonl");
    assert_eq!(whole.lines().count(), PAGES * 20);
    let mut child = export(&url, "values-killed.jsonl", &[])
        .spawn()
        .expect("it starts");
    while read("values-killed.jsonl.checkpoint").lines().count() < 3 {
        std::thread::yield_now();
    }
    child.kill().expect("SIGKILL");
    child.wait().expect("it ended");
    assert!(read("values-killed.jsonl").is_empty());
    let resumed = run(&mut export(&url, "values-killed.jsonl", &["--resume"]), "");
    assert_eq!(resumed.code, 0);
    assert!(
        read("values-killed.jsonl") == whole,
        "the file of a run without a kill"
    );
}
