//! Requests that were cut off: no row is doubled, and none is missing.

use http::StatusCode;
use shopwire_sandbox::{Fault, ResetAt};

use super::{
    shop::{Shop, ids, number, orders, summary},
    support::text,
};

/// Faults after which it is not known whether the rows have landed, and one after which they have not.
fn faults() -> [Fault; 6] {
    [
        Fault::reset(ResetAt::BeforeCommit),
        Fault::reset(ResetAt::DuringCommit),
        Fault::reset(ResetAt::AfterCommit),
        Fault::truncated(),
        Fault::html(),
        Fault::status(StatusCode::BAD_GATEWAY),
    ]
}

// J5
#[test]
fn j5_orders_are_looked_for_before_any_is_sent_again() {
    for (at, fault) in faults().into_iter().enumerate() {
        let shop = Shop::new(&format!("unclear-{at}"));
        shop.fault(fault.on_operation("orders.upload").after(1));
        shop.write("orders.jsonl", &orders(1..=120));
        let summary = shop.imported(&["orders", "orders.jsonl", "--wait", "1s"]);
        assert_eq!(number(&summary, "landed"), 120, "{at}: {summary}");
        assert_eq!(shop.values("orders", "externalId"), ids(1..=120), "{at}");
    }
}

// J5, R20: a throttled request is repeated by the client, and other shapes are read, so no row is in doubt. After an
// answer that is no JSON, the rows are looked for, and the row that was refused is refused again.
#[test]
fn j5_throttling_and_odd_answers_change_nothing_for_any_row() {
    let odd = [
        (Fault::unavailable(), "1h"),
        (Fault::flipped_shapes(), "1h"),
        (Fault::trailing_commas(), "1s"),
        (Fault::php_warning(), "1s"),
    ];
    for (at, (fault, wait)) in odd.into_iter().enumerate() {
        let shop = Shop::new(&format!("odd-{at}"));
        shop.fault(fault.on_operation("orders.upload"));
        let bad = orders(7..=7).replace("\"firstName\"", "\"status\":\"no-such\",\"firstName\"");
        shop.write("orders.jsonl", &(orders(1..=6) + &bad + &orders(8..=20)));
        let run = shop.import(&["orders", "orders.jsonl", "--yes", "--json", "--wait", wait]);
        let told = summary(&run);
        assert_eq!(
            (number(&told, "landed"), number(&told, "refused")),
            (19, 1),
            "{at}"
        );
        let rejects = shop.read("orders.jsonl.rejects.jsonl");
        assert!(
            rejects.contains("\"o-7\"") && rejects.contains("does not exist"),
            "{at}: {rejects}"
        );
    }
}

// J5
#[test]
fn j5_products_are_looked_for_one_by_one() {
    let shop = Shop::new("unclear-products");
    shop.fault(Fault::reset(ResetAt::AfterCommit).on_operation("store.create_products_batch"));
    let rows: String = (1..=5)
        .map(|at| format!("{{\"externalId\":\"p-{at}\",\"name\":\"P {at}\"}}\n"))
        .collect();
    shop.write("products.jsonl", &rows);
    shop.imported(&["products", "products.jsonl", "--wait", "1s"]);
    let own = shop.values("products", "externalId");
    assert_eq!(own.iter().filter(|id| id.starts_with("p-")).count(), 5);
    assert_eq!(shop.writes().len(), 1);
}

// J5: a product of before is not taken for one that landed.
#[test]
fn j5_a_product_of_before_is_refused_although_its_batch_was_cut_off() {
    let shop = Shop::new("unclear-old-product");
    shop.fault(Fault::reset(ResetAt::AfterCommit).on_operation("store.create_products_batch"));
    let rows =
        ["p-1", "ktl", "p-2"].map(|id| format!("{{\"externalId\":\"{id}\",\"name\":\"New\"}}\n"));
    shop.write("products.jsonl", &rows.concat());
    let run = shop.import(&["products", "products.jsonl", "--json", "--wait", "1s"]);
    let told = summary(&run);
    assert_eq!((number(&told, "landed"), number(&told, "refused")), (2, 1));
    assert!(
        shop.read("products.jsonl.rejects.jsonl")
            .contains("\"ktl\"")
    );
}

// J5: costs have no id of the user's, so nothing is sent again.
#[test]
fn j5_costs_whose_request_was_cut_off_are_marked_and_never_sent_again() {
    for at in [ResetAt::BeforeCommit, ResetAt::AfterCommit] {
        let shop = Shop::new(&format!("unclear-costs-{at:?}"));
        shop.fault(Fault::reset(at).on_operation("costs.upload"));
        let rows: String = (1..=60)
            .map(|at| format!("2026-01-01,2026-01-31,{at}.50,advertising,c-{at}\n"))
            .collect();
        shop.write(
            "costs.csv",
            &format!("dateFrom,dateTo,summ,costItem,comment\n{rows}"),
        );
        let run = shop.import(&["costs", "costs.csv", "--json"]);
        let told = summary(&run);
        assert_eq!((run.code, text(&run.error(), "kind")), (1, "partial"));
        assert_eq!(
            (number(&told, "landed"), number(&told, "unknown")),
            (10, 50)
        );
        let landed = if at == ResetAt::AfterCommit { 60 } else { 10 };
        assert_eq!(shop.rows("costs").len(), landed);
        // They are not sent before a person has removed the mark.
        let again = shop.import(&["costs", "costs.csv.rejects.csv"]);
        assert_eq!(again.code, 1);
        assert!(again.stderr.contains("_unknown"), "{}", again.stderr);
        assert_eq!(shop.rows("costs").len(), landed);
        let rejects = shop.read("costs.csv.rejects.csv");
        shop.write("mended.csv", &rejects.replace(",true\n", ",\n"));
        shop.imported(&["costs", "mended.csv"]);
        assert_eq!(shop.rows("costs").len(), landed + 50);
    }
}

// J5: an order that the service had before is not taken for one that landed.
#[test]
fn j5_an_order_of_before_is_refused_although_its_batch_was_cut_off() {
    let shop = Shop::new("unclear-there");
    shop.write("first.jsonl", &orders(3..=3));
    shop.imported(&["orders", "first.jsonl"]);
    shop.fault(Fault::reset(ResetAt::AfterCommit).on_operation("orders.upload"));
    shop.write("orders.jsonl", &orders(1..=5));
    let run = shop.import(&["orders", "orders.jsonl", "--yes", "--json", "--wait", "1s"]);
    let told = summary(&run);
    assert_eq!((number(&told, "landed"), number(&told, "refused")), (4, 1));
    assert_eq!(shop.values("orders", "externalId"), ids(1..=5));
}
