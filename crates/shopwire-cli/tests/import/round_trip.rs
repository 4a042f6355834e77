//! What was exported is imported: into another account, and back after an edit.

use super::{
    shop::{Shop, number, orders},
    support::text,
};

/// Members that are the same in both accounts.
const SAME: [&str; 6] = [
    "externalId",
    "number",
    "firstName",
    "createdAt",
    "totalSumm",
    "summ",
];

// J5, J2
#[test]
fn j5_an_exported_table_is_imported_into_another_account() {
    let (from, to) = (Shop::new("from"), Shop::new("to"));
    from.write(
        "customers.jsonl",
        "{\"externalId\":\"c-1\",\"firstName\":\"Анна \\\"A\\\"\",\"email\":\"a@shop.example\"}\n",
    );
    from.imported(&["customers", "customers.jsonl"]);
    let rows = orders(1..=60).replace(
        "\"firstName\"",
        "\"customer\":{\"externalId\":\"c-1\"},\"firstName\"",
    );
    from.write("orders.jsonl", &rows);
    from.imported(&["orders", "orders.jsonl"]);
    for format in ["csv", "jsonl"] {
        let account = if format == "csv" {
            &to
        } else {
            &Shop::new("to-jsonl")
        };
        for kind in ["customers", "orders"] {
            let name = format!("{kind}.{format}");
            let exported = from.path(&format!("exported-{name}"));
            from.export(&[kind, "--output", &exported.to_string_lossy()]);
            std::fs::copy(&exported, account.path(&name)).expect("copied");
            let summary = account.imported(&[kind, &name]);
            assert_eq!(
                number(&summary, "landed"),
                number(&summary, "rows"),
                "{name}"
            );
        }
        for entity in ["orders", "customers"] {
            let values = |shop: &Shop| {
                let mut rows: Vec<String> = shop
                    .rows(entity)
                    .iter()
                    .map(|row| SAME.map(|name| row.get(name).map(ToString::to_string)))
                    .map(|values| format!("{values:?}"))
                    .collect();
                rows.sort();
                rows
            };
            assert_eq!(values(account), values(&from), "{format} {entity}");
        }
    }
}

// J5, J2
#[test]
fn j5_an_exported_price_list_is_edited_and_imported_back() {
    let shop = Shop::new("price-list");
    shop.export(&[
        "offers",
        "--flatten",
        "prices",
        "--columns",
        "externalId,prices.priceType,prices.price",
        "--output",
        "prices.csv",
    ]);
    let list = shop.read("prices.csv");
    assert!(list.contains("ktl-1,base,2490\n"), "{list}");
    shop.write(
        "prices.csv",
        &list.replace("ktl-1,base,2490\n", "ktl-1,base,2499.90\n"),
    );
    shop.imported(&["prices", "prices.csv"]);
    let offers = shop.rows("offers");
    let offer = offers
        .iter()
        .find(|offer| text(offer, "externalId") == "ktl-1")
        .expect("the offer");
    let price = offer.pointer("/prices/0/price").map(ToString::to_string);
    assert!(
        price.is_some_and(|price| price.starts_with("2499.9")),
        "{offer}"
    );
    // Stock by stores, as the list of inventories shows it in detail.
    shop.export(&[
        "inventories",
        "--param",
        "filter[details]=1",
        "--output",
        "stock.jsonl",
    ]);
    let stock = shop.read("stock.jsonl").replace(
        "\"store\":\"main\",\"quantity\":12",
        "\"store\":\"main\",\"quantity\":9",
    );
    shop.write("stock.jsonl", &stock);
    shop.imported(&["inventories", "stock.jsonl"]);
    let offers = shop.rows("offers");
    let offer = offers
        .iter()
        .find(|offer| text(offer, "externalId") == "ktl-1")
        .expect("the offer");
    assert_eq!(
        offer.get("quantity").map(ToString::to_string).as_deref(),
        Some("12"),
        "9 and 3: {offer}"
    );
}

// J5: lines of one row are joined as `export --flatten` wrote them.
#[test]
fn j5_lines_of_a_flattened_list_are_one_row() {
    let (from, to) = (Shop::new("lines-from"), Shop::new("lines-to"));
    let items = "\"items\":[{\"productName\":\"Kettle\",\"quantity\":2,\"initialPrice\":10.50},{\"productName\":\"Cup\",\"quantity\":1,\"initialPrice\":3.00}]";
    let rows: String = (1..=3)
        .map(|at| format!("{{\"externalId\":\"o-{at}\",{items}}}\n"))
        .collect();
    from.write("orders.jsonl", &rows);
    from.imported(&["orders", "orders.jsonl"]);
    from.export(&[
        "orders",
        "--flatten",
        "items",
        "--columns",
        "externalId,items.productName,items.quantity,items.initialPrice",
        "--output",
        "lines.csv",
    ]);
    let lines = from.read("lines.csv");
    assert_eq!(lines.lines().count(), 7, "{lines}");
    to.write("lines.csv", &lines);
    let summary = to.imported(&["orders", "lines.csv"]);
    assert_eq!(number(&summary, "rows"), 3);
    for order in to.rows("orders") {
        assert_eq!(
            order
                .get("items")
                .and_then(|items| items.as_array())
                .map(<[_]>::len),
            Some(2)
        );
    }
}

// J5, J2: members without a column of their own.
#[test]
fn j5_members_of_the_last_column_are_sent_under_their_names() {
    let shop = Shop::new("other");
    shop.write(
        "orders.csv",
        "externalId,_other\no-1,\"{\"\"firstName\"\":\"\"Анна\"\",\"\"delivery.address.city\"\":\"\"Kyiv\"\"}\"\n",
    );
    shop.imported(&["orders", "orders.csv"]);
    let order = &shop.rows("orders")[0];
    assert_eq!(text(order, "firstName"), "Анна");
    let city = order.pointer("/delivery/address/city");
    assert_eq!(city.and_then(common_model::Value::as_str), Some("Kyiv"));
    shop.write(
        "bad.csv",
        "externalId,_other\no-2,\"{\"\"fristName\"\":1}\"\n",
    );
    assert_eq!(shop.import(&["orders", "bad.csv", "--yes"]).code, 1);
}
