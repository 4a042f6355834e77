//! Interrupts.

use std::process::{Child, Command, Stdio};

use shopwire_sandbox::{Fault, ResetAt};

use super::{
    shop::{Shop, ids, number, orders},
    support::text,
};

fn start(shop: &Shop, args: &[&str]) -> Child {
    let mut command = shop.command(&["import", "retailcrm"]);
    command
        .args(args)
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command.spawn().expect("it starts")
}

fn interrupt(child: &Child) {
    let id = child.id().to_string();
    let killed = Command::new("kill").args(["-INT", &id]).status();
    assert!(killed.expect("kill runs").success());
}

/// Waits until this many requests that write have come.
fn wait_for_writes(shop: &Shop, wanted: usize) {
    while shop.writes().len() < wanted {
        std::thread::yield_now();
    }
}

// J5, J8
#[test]
fn j8_an_interrupt_ends_an_import_after_the_request_in_flight_and_resuming_goes_on() {
    let shop = Shop::new("interrupt");
    shop.write("orders.jsonl", &orders(1..=500));
    let slow = std::time::Duration::from_millis(300);
    shop.fault(Fault::latency(slow).on_operation("orders.upload").always());
    let child = start(&shop, &["orders", "orders.jsonl", "--yes", "--json"]);
    wait_for_writes(&shop, 2);
    interrupt(&child);
    let ended = child.wait_with_output().expect("it ends");
    let errors = String::from_utf8(ended.stderr).expect("text");
    assert_eq!(ended.status.code(), Some(130), "{errors}");
    assert!(
        errors.contains("\"interrupted\"") && errors.contains("--resume"),
        "{errors}"
    );
    let journal = shop.read("orders.jsonl.rejects.jsonl.checkpoint");
    let last = journal.lines().last().expect("a line");
    assert!(
        last.contains("decided") || last.contains("taken"),
        "a safe point: {last}"
    );
    let sent = shop.writes().len();
    assert!(sent < 10, "{sent}");
    shop.sandbox.retailcrm().faults().clear();
    // No request is in doubt, so nothing is waited for.
    let summary = shop.imported(&["orders", "orders.jsonl", "--resume", "--wait", "1h"]);
    assert_eq!(number(&summary, "landed"), 500);
    assert_eq!(shop.values("orders", "externalId"), ids(1..=500));
    assert_eq!(shop.writes().len(), 10);
}

// J5, J8: while it looks for rows, an hour long, two signals end it at once.
#[test]
fn j8_a_second_interrupt_ends_an_import_at_once_and_resuming_still_works() {
    let shop = Shop::new("twice");
    shop.write("orders.jsonl", &orders(1..=60));
    shop.fault(Fault::stall().on_operation("orders.upload"));
    let child = start(&shop, &["orders", "orders.jsonl", "--yes"]);
    wait_for_writes(&shop, 1);
    interrupt(&child);
    // Signals that follow each other at once count as one.
    let begun = tokio::time::Instant::now();
    while begun.elapsed() < std::time::Duration::from_millis(300) {
        std::thread::yield_now();
    }
    interrupt(&child);
    let ended = child.wait_with_output().expect("it ends");
    assert_eq!(ended.status.code(), Some(130));
    let summary = shop.imported(&["orders", "orders.jsonl", "--resume", "--wait", "1s"]);
    assert_eq!(number(&summary, "landed"), 60);
    assert_eq!(shop.values("orders", "externalId"), ids(1..=60));
}

// J5
#[test]
fn j5_an_interrupt_ends_the_search_for_rows_and_it_goes_on_later() {
    let shop = Shop::new("search");
    shop.write("orders.jsonl", &orders(1..=60));
    shop.fault(Fault::reset(ResetAt::BeforeCommit).on_operation("orders.upload"));
    let child = start(
        &shop,
        &["orders", "orders.jsonl", "--yes", "--wait", "1h", "--json"],
    );
    // A look before the request, and two after it.
    while shop
        .sandbox
        .retailcrm()
        .requests()
        .count(&http::Method::GET, "/api/v5/orders")
        < 3
    {
        std::thread::yield_now();
    }
    interrupt(&child);
    let ended = child.wait_with_output().expect("it ends");
    assert_eq!(ended.status.code(), Some(130));
    let again = shop.import(&["orders", "orders.jsonl", "--yes", "--json"]);
    assert_eq!((again.code, text(&again.error(), "kind")), (2, "usage"));
    shop.imported(&["orders", "orders.jsonl", "--resume", "--wait", "1s"]);
    assert_eq!(shop.values("orders", "externalId"), ids(1..=60));
}
