//! Interrupts, closed pipes, reports.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    process::{Command, Stdio},
};

use super::{
    shop::{Shop, number, rows, summary},
    support::text,
};

// J8
#[test]
fn j8_output_that_is_closed_by_head_is_no_error() {
    let shop = Shop::new("head", 300);
    let mut child = shop
        .sandbox
        .command(&["export", "retailcrm", "orders", "--param", "limit=20"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut line = String::new();
    let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
    out.read_line(&mut line).expect("a line");
    drop(out);
    let mut errors = String::new();
    child
        .stderr
        .take()
        .expect("a pipe")
        .read_to_string(&mut errors)
        .expect("text");
    assert_eq!(
        (child.wait().expect("it ends").code(), errors.as_str()),
        (Some(0), "")
    );
}

// J3, J8: the first interrupt ends at a safe point and says how to go on.
#[cfg(unix)]
#[test]
fn j8_an_interrupt_ends_at_a_safe_point_and_resuming_gives_the_same_file() {
    let shop = Shop::with("interrupt", 200, &[]);
    shop.exported(&[
        "retailcrm",
        "orders",
        "--param",
        "limit=20",
        "--output",
        "whole.jsonl",
    ]);
    let args = [
        "retailcrm",
        "orders",
        "--param",
        "limit=20",
        "--output",
        "part.jsonl",
        "--json",
    ];
    let child = shop
        .sandbox
        .command(&["export"])
        .args(args)
        .current_dir(&shop.folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    // The handlers are set before the first request, and the limit of ten a second leaves time.
    while !shop.path("part.jsonl.checkpoint").exists() {
        std::thread::yield_now();
    }
    wait_for_rows(&shop.path("part.jsonl.checkpoint"));
    let killed = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(killed.expect("kill runs").success());
    let output = child.wait_with_output().expect("it ends");
    let errors = String::from_utf8(output.stderr).expect("text");
    assert_eq!(output.status.code(), Some(130), "{errors}");
    assert!(
        errors.contains("\"interrupted\"") && errors.contains("--resume"),
        "{errors}"
    );
    assert!(!shop.path("part.jsonl").exists());
    let again = shop.export(&args);
    assert_eq!((again.code, text(&again.error(), "kind")), (2, "usage"));
    let other = shop.export(&["retailcrm", "orders", "--output", "part.jsonl", "--resume"]);
    assert_eq!(other.code, 2, "{}", other.stderr);
    let resumed = shop.exported(&[&args[..], &["--resume"]].concat());
    assert!(
        number(&summary(&resumed), "resumed") > 0,
        "{}",
        resumed.stderr
    );
    let (part, whole) = (shop.path("part.jsonl"), shop.path("whole.jsonl"));
    assert_eq!(
        std::fs::read(part).expect("a file"),
        std::fs::read(whole).expect("a file")
    );
}

/// Waits until a checkpoint has rows.
#[cfg(unix)]
fn wait_for_rows(path: &std::path::Path) {
    while std::fs::read_to_string(path).map_or(0, |text| text.lines().count()) < 2 {
        std::thread::yield_now();
    }
}

// J4
#[test]
fn j4_the_summary_has_requests_and_waits_and_no_refusal_under_the_limit() {
    // Generated orders take no requests, which would count towards the limit of the export.
    let shop = Shop::with("limit", 0, &[]);
    let orders = r#"{"seed":1,"retailcrm":{"orders":500}}"#;
    shop.sandbox.admin("POST", "/api/seed", orders);
    let run = shop.exported(&[
        "retailcrm",
        "orders",
        "--param",
        "limit=20",
        "--output",
        "a.csv",
        "--json",
    ]);
    let summary = summary(&run);
    assert_eq!(
        (number(&summary, "rows"), number(&summary, "throttled")),
        (500, 0)
    );
    assert!(number(&summary, "requests") >= 25);
    let quiet = shop.exported(&["retailcrm", "orders", "--output", "b.csv", "--quiet"]);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
    let told = shop.exported(&["retailcrm", "orders", "--output", "c.jsonl"]);
    assert!(
        told.stderr.contains("orders: 500 rows in") && told.stderr.contains("--since"),
        "{}",
        told.stderr
    );
    assert_eq!(rows(&shop.path("c.jsonl")).len(), 500);
}
