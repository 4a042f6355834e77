//! What changed after a place in the history.

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
