//! Rows that the service refuses.

use shopwire_sandbox::Fault;

use super::{
    shop::{Shop, ids, number, orders, summary},
    support::text,
};

// J5, RE7
#[test]
fn j5_a_batch_that_is_refused_in_part_is_told_row_by_row_and_mended_rows_are_imported() {
    let shop = Shop::new("parts");
    let bad = orders(11..=12).replace("\"firstName\"", "\"status\":\"no-such\",\"firstName\"");
    shop.write("orders.jsonl", &(orders(1..=10) + &bad + &orders(13..=60)));
    let run = shop.import(&["orders", "orders.jsonl", "--yes", "--json"]);
    assert_eq!((run.code, text(&run.error(), "kind")), (1, "partial"));
    let told = summary(&run);
    assert_eq!((number(&told, "landed"), number(&told, "refused")), (58, 2));
    assert_eq!(text(&told, "rejects"), "orders.jsonl.rejects.jsonl");
    let rejects = shop.read("orders.jsonl.rejects.jsonl");
    assert_eq!(rejects.lines().count(), 2);
    assert!(
        rejects.contains("\"_line\":11") && rejects.contains("no-such"),
        "{rejects}"
    );
    assert!(rejects.contains("does not exist"), "the reason: {rejects}");
    // Without mending, they are refused again.
    let again = shop.import(&["orders", "orders.jsonl.rejects.jsonl", "--yes"]);
    assert_eq!(again.code, 1);
    shop.write("mended.jsonl", &rejects.replace("no-such", "new"));
    let summary = shop.imported(&["orders", "mended.jsonl"]);
    assert_eq!(number(&summary, "landed"), 2);
    assert_eq!(shop.values("orders", "externalId"), ids(1..=60));
    assert!(!shop.path("mended.jsonl.rejects.jsonl").exists());
}

// J5
#[test]
fn j5_refused_rows_of_a_table_are_a_table() {
    let shop = Shop::new("table");
    shop.write(
        "prices.csv",
        "externalId;prices.priceType;prices.price\nktl-1;base;10.10\nnone;base;20.20\nnone;cost;5.00\nktl-2;base;30.30\n",
    );
    let run = shop.import(&["prices", "prices.csv", "--json"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let rejects = shop.read("prices.csv.rejects.csv");
    assert!(rejects.contains("none"), "{rejects}");
    // The row has two lines again, and the column the name that the method takes.
    assert_eq!(rejects.lines().count(), 3, "{rejects}");
    assert!(
        rejects.starts_with("externalId,prices.code,prices.price,_line,_reason,_unknown\n"),
        "{rejects}"
    );
    let mended = rejects
        .replace("none,cost", "ktl-1,base")
        .replace("none", "mug-1");
    shop.write("mended.csv", &mended);
    shop.imported(&["prices", "mended.csv"]);
}

// J5: products land all or not at all, so the wrong ones are searched for.
#[test]
fn j5_a_batch_that_is_refused_whole_is_sent_in_halves() {
    let shop = Shop::new("halves");
    let rows: String = (1..=50)
        .map(|at| {
            let group = if [7, 8, 41].contains(&at) { 999_999 } else { 2 };
            format!("{{\"externalId\":\"p-{at}\",\"name\":\"P {at}\",\"groups\":[{{\"id\":{group}}}]}}\n")
        })
        .collect();
    shop.write("products.jsonl", &rows);
    let run = shop.import(&["products", "products.jsonl", "--json"]);
    let told = summary(&run);
    assert_eq!(
        (number(&told, "landed"), number(&told, "refused")),
        (47, 3),
        "{told}"
    );
    let rejects = shop.read("products.jsonl.rejects.jsonl");
    for id in ["\"p-7\"", "\"p-8\"", "\"p-41\""] {
        assert!(rejects.contains(id), "{rejects}");
    }
    let own = shop.values("products", "externalId");
    assert_eq!(own.iter().filter(|id| id.starts_with("p-")).count(), 47);
    assert!(shop.writes().len() < 30, "{}", shop.writes().len());
}

// J5
#[test]
fn j5_rows_that_are_all_refused_for_one_reason_end_the_import() {
    let shop = Shop::new("alike");
    let rows: String = (1..=60)
        .map(|at| format!("{{\"externalId\":\"p-{at}\",\"managerComment\":\"x\"}}\n"))
        .collect();
    shop.write("orders.jsonl", &rows);
    let args = [
        "orders",
        "orders.jsonl",
        "--mode",
        "edit",
        "--yes",
        "--json",
    ];
    let run = shop.import(&args);
    assert_eq!(run.code, 1);
    assert!(
        text(&run.error(), "message").contains("one reason"),
        "{run:?}"
    );
    let error = run.error();
    for part in ["orders.jsonl.rejects.jsonl", "mend a copy", "--resume"] {
        assert!(text(&error, "message").contains(part), "{error}");
    }
    assert_eq!(shop.writes().len(), 50);
    let run = shop.import(&[&args[..], &["--resume"]].concat());
    assert_eq!(text(&run.error(), "kind"), "partial");
    assert_eq!(number(&summary(&run), "refused"), 60);
    assert_eq!(shop.read("orders.jsonl.rejects.jsonl").lines().count(), 60);
}

// J5: a page in place of the service is no refusal of rows.
#[test]
fn j5_a_wrong_address_refuses_no_row() {
    let shop = Shop::new("address");
    shop.write(
        "changes.jsonl",
        "{\"externalId\":\"o-1\",\"managerComment\":\"x\"}\n",
    );
    let fault = Fault::status(http::StatusCode::NOT_FOUND);
    shop.fault(fault.on_operation("orders.edit"));
    let run = shop.import(&[
        "orders",
        "changes.jsonl",
        "--mode",
        "edit",
        "--yes",
        "--json",
    ]);
    assert_eq!(
        (run.code, text(&run.error(), "kind")),
        (1, "not_found"),
        "{run:?}"
    );
    assert_eq!(shop.read("changes.jsonl.rejects.jsonl"), "");
}

// J5
#[test]
fn j5_a_refused_key_ends_the_import_and_no_row_is_refused() {
    let shop = Shop::new("scope");
    shop.sandbox.retailcrm().restrict_scopes(&["order_read"]);
    shop.write("orders.jsonl", &orders(1..=60));
    let run = shop.import(&["orders", "orders.jsonl", "--yes", "--json"]);
    assert_eq!((run.code, text(&run.error(), "kind")), (1, "access_denied"));
    let said = run.error();
    for part in ["order_write", "--resume"] {
        assert!(text(&said, "message").contains(part), "{run:?}");
    }
    assert_eq!(shop.writes().len(), 1);
    assert_eq!(shop.read("orders.jsonl.rejects.jsonl"), "");
    shop.sandbox
        .retailcrm()
        .restrict_scopes(&["order_read", "order_write"]);
    let summary = shop.imported(&["orders", "orders.jsonl", "--resume", "--wait", "0s"]);
    assert_eq!(number(&summary, "landed"), 60);
}
