//! Objects that are changed.

use super::{
    shop::{Shop, number, orders, summary},
    support::text,
};

// J5
#[test]
fn j5_a_table_of_changes_changes_what_is_there_and_refuses_the_rest() {
    let shop = Shop::new("edits");
    shop.write("orders.jsonl", &orders(1..=2));
    shop.imported(&["orders", "orders.jsonl"]);
    shop.write(
        "changes.csv",
        "externalId,managerComment\no-1,call first\nnone,x\no-2,call last\n",
    );
    let run = shop.import(&["orders", "changes.csv", "--mode", "edit", "--yes", "--json"]);
    let told = summary(&run);
    assert_eq!(
        (number(&told, "landed"), number(&told, "refused")),
        (2, 1),
        "{}",
        run.stderr
    );
    assert_eq!(text(&told, "mode"), "edit");
    assert_eq!(
        shop.values("orders", "managerComment"),
        ["call first", "call last"]
    );
    assert!(shop.read("changes.csv.rejects.csv").contains("none"));
    shop.write(
        "products.jsonl",
        "{\"externalId\":\"ktl\",\"name\":\"Kettle\"}\n{\"id\":999999,\"name\":\"x\"}\n",
    );
    let run = shop.import(&["products", "products.jsonl", "--mode", "edit", "--json"]);
    let told = summary(&run);
    assert_eq!(
        (number(&told, "landed"), number(&told, "refused")),
        (1, 1),
        "{}",
        run.stderr
    );
    assert!(
        shop.values("products", "name")
            .contains(&"Kettle".to_owned())
    );
}
