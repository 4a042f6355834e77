//! What changed after a place in the history.

use std::process::Stdio;

use super::shop::{Shop, number, rows, summary};

// J3: the place is taken before the load, so that nothing is missed.
#[test]
fn j3_what_changed_since_the_last_export_is_exported() {
    let shop = Shop::new("since", 130);
    let first = shop.exported(&["retailcrm", "orders", "--output", "all.jsonl", "--json"]);
    let since = number(&summary(&first), "since").to_string();
    let nothing = shop.exported(&[
        "retailcrm",
        "orders",
        "--since",
        &since,
        "--output",
        "none.jsonl",
        "--json",
    ]);
    assert_eq!(number(&summary(&nothing), "rows"), 0);
    shop.load(131..=240);
    let id = rows(&shop.path("all.jsonl"))[3]
        .get("id")
        .and_then(|id| id.as_i64())
        .expect("an id");
    let edited = shop.sandbox.call(
        "retailcrm",
        "orders.edit",
        &format!(r#"{{"externalId":"{id}","by":"id","order":{{"firstName":"Ольга"}}}}"#),
    );
    assert_eq!(edited.code, 0, "{}", edited.stderr);
    let changed = shop.exported(&[
        "retailcrm",
        "orders",
        "--since",
        &since,
        "--output",
        "changed.jsonl",
        "--json",
    ]);
    let found = rows(&shop.path("changed.jsonl"));
    assert_eq!(
        (found.len(), number(&summary(&changed), "rows")),
        (111, 111)
    );
    let names: Vec<_> = found
        .iter()
        .filter(|row| row.get("firstName").and_then(|name| name.as_str()) == Some("Ольга"))
        .collect();
    assert_eq!(names.len(), 1);
    assert!(number(&summary(&changed), "since") > since.parse().expect("a number"));
    // A history itself begins at the same place.
    let history = shop.exported(&["retailcrm", "orders-history", "--since", &since, "--json"]);
    assert!(history.stdout.lines().count() >= 111, "{}", history.stderr);
}

// J3: rows that change are written until an interrupt.
#[cfg(unix)]
#[test]
fn j3_changes_are_followed() {
    let shop = Shop::new("follow", 5);
    let child = shop
        .sandbox
        .command(&[
            "export",
            "retailcrm",
            "orders",
            "--follow",
            "--interval",
            "1s",
            "--output",
            "a.jsonl",
            "--json",
        ])
        .current_dir(&shop.folder)
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let partial = shop.path("a.jsonl.partial");
    let lines = || std::fs::read_to_string(&partial).map_or(0, |text| text.lines().count());
    while lines() < 5 {
        std::thread::yield_now();
    }
    shop.load(6..=8);
    while lines() < 8 {
        std::thread::yield_now();
    }
    let killed = std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(killed.expect("kill runs").success());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let ids: std::collections::BTreeSet<_> = rows(&shop.path("a.jsonl"))
        .iter()
        .map(|row| row.get("id").and_then(|id| id.as_i64()).expect("an id"))
        .collect();
    assert_eq!(ids.len(), 8);
}
