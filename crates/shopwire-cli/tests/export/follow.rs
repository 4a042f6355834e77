//! Changes that are followed, and kills in the midst of them.

use std::{
    collections::BTreeMap,
    process::{Child, Stdio},
};

use super::{
    shop::{Shop, interrupt, number, rows, summary_of},
    support::text,
};

fn follow(shop: &Shop, list: &str, more: &[&str]) -> Child {
    let args = [list, "--follow", "--interval", "1s", "--output", "a.jsonl"];
    shop.begin(&[&args[..], more].concat())
}

/// The rows of the last checkpoint.
fn marked(shop: &Shop) -> i64 {
    let text = std::fs::read_to_string(shop.path("a.jsonl.checkpoint")).unwrap_or_default();
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    let mark = whole.lines().skip(1).last();
    let mark = mark.and_then(|mark| common_model::from_json::<common_model::Value>(mark).ok());
    mark.map_or(0, |mark| number(&mark, "rows"))
}

/// Number of requests for orders.
fn asked(shop: &Shop) -> i64 {
    let listed = shop
        .sandbox
        .admin("GET", "/api/requests?operation=orders.list&limit=1", "");
    let listed: common_model::Value = common_model::from_json(&listed).expect("JSON");
    number(&listed, "total")
}

fn wait_until(mut is_true: impl FnMut() -> bool) {
    while !is_true() {
        std::thread::park_timeout(std::time::Duration::from_millis(5));
    }
}

/// Ends the export by SIGINT. Returns its summary.
fn end(child: Child) -> common_model::Value {
    interrupt(&child);
    let output = child.wait_with_output().expect("it ends");
    let errors = String::from_utf8(output.stderr).expect("text");
    assert_eq!(output.status.code(), Some(0), "{errors}");
    summary_of(&errors)
}

fn kill(mut child: Child) {
    child.kill().expect("SIGKILL");
    child.wait().expect("it ended");
}

/// How often each number of an order stands in the file.
fn numbers(shop: &Shop) -> BTreeMap<String, usize> {
    let mut numbers = BTreeMap::new();
    for row in rows(&shop.path("a.jsonl")) {
        *numbers.entry(text(&row, "number").to_owned()).or_default() += 1;
    }
    numbers
}

// J3: rows that change are written until an interrupt.
#[test]
fn j3_changes_are_followed() {
    let shop = Shop::new("follow", 5);
    let child = follow(&shop, "orders", &[]);
    wait_until(|| marked(&shop) >= 5);
    shop.load(6..=8);
    wait_until(|| marked(&shop) >= 8);
    end(child);
    assert_eq!(numbers(&shop).len(), 8);
}

// J3: 600 orders change at once; they are read by six requests.
#[test]
fn j3_a_portion_of_changes_that_was_killed_is_in_the_file_once() {
    let shop = Shop::new("portion", 5);
    let child = follow(&shop, "orders", &[]);
    wait_until(|| marked(&shop) >= 5);
    kill(child);
    shop.load(6..=605);
    for _ in 0..3 {
        let before = asked(&shop);
        let child = follow(&shop, "orders", &["--resume"]);
        wait_until(|| asked(&shop) >= before + 4);
        kill(child);
    }
    let child = follow(&shop, "orders", &["--resume"]);
    wait_until(|| marked(&shop) >= 605);
    end(child);
    let numbers = numbers(&shop);
    assert_eq!(numbers.len(), 605);
    let twice = numbers.iter().find(|(_, count)| **count > 1);
    assert_eq!(twice, None);
}

// J3: what a portion wrote before an interrupt is taken back, so that the next export has it, and only it.
#[test]
fn j3_an_interrupt_within_a_portion_leaves_whole_portions() {
    let shop = Shop::new("within", 5);
    let child = follow(&shop, "orders", &[]);
    wait_until(|| marked(&shop) >= 5);
    kill(child);
    shop.load(6..=605);
    let before = asked(&shop);
    let child = follow(&shop, "orders", &["--resume"]);
    wait_until(|| asked(&shop) >= before + 4);
    let summary = end(child);
    let first = rows(&shop.path("a.jsonl")).len();
    assert_eq!(number(&summary, "rows"), first as i64);
    let since = number(&summary, "since").to_string();
    shop.exported(&[
        "retailcrm",
        "orders",
        "--since",
        &since,
        "--output",
        "rest.jsonl",
    ]);
    assert_eq!(
        first + rows(&shop.path("rest.jsonl")).len(),
        605,
        "{summary}"
    );
}

// J3
#[test]
fn j3_a_followed_history_goes_on_after_a_kill() {
    let shop = Shop::new("followed-history", 5);
    let child = follow(&shop, "orders-history", &[]);
    wait_until(|| marked(&shop) >= 5);
    let first = marked(&shop);
    kill(child);
    shop.load(6..=8);
    let child = follow(&shop, "orders-history", &["--resume"]);
    wait_until(|| marked(&shop) > first);
    wait_until(|| {
        std::fs::read_to_string(shop.path("a.jsonl.partial"))
            .is_ok_and(|text| text.contains("ext-8"))
    });
    end(child);
    let found = rows(&shop.path("a.jsonl"));
    let ids: std::collections::BTreeSet<i64> = found.iter().map(|row| number(row, "id")).collect();
    assert_eq!(ids.len(), found.len(), "a change stands twice");
}

// J3: what went to standard output is there; the next export has all that is missing, and maybe more.
#[test]
fn j3_on_standard_output_a_change_comes_at_least_once() {
    let shop = Shop::new("at-least-once", 5);
    let out = shop.path("out.jsonl");
    let child = shop
        .sandbox
        .command(&[
            "export",
            "retailcrm",
            "orders",
            "--follow",
            "--interval",
            "1s",
            "--json",
        ])
        .stdout(std::fs::File::create(&out).expect("a file"))
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let lines = || std::fs::read_to_string(&out).map_or(0, |text| text.lines().count());
    wait_until(|| lines() >= 5);
    shop.load(6..=605);
    let before = lines();
    wait_until(|| lines() > before);
    let since = number(&end(child), "since").to_string();
    let rest = [
        "retailcrm",
        "orders",
        "--since",
        &since,
        "--output",
        "rest.jsonl",
    ];
    shop.exported(&rest);
    let mut ids: Vec<i64> = rows(&out).iter().map(|row| number(row, "id")).collect();
    ids.extend(
        rows(&shop.path("rest.jsonl"))
            .iter()
            .map(|row| number(row, "id")),
    );
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 605);
}
