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

// J5: the service replaces a list by that of the row.
#[test]
fn j5_lists_that_take_the_place_of_whole_lists_are_warned_of_and_asked_about() {
    let shop = Shop::new("edit-lists");
    let items = r#"[{"productName":"A","quantity":1},{"productName":"B","quantity":1},{"productName":"C","quantity":1}]"#;
    shop.write(
        "orders.jsonl",
        &format!("{{\"externalId\":\"o-1\",\"items\":{items}}}\n"),
    );
    shop.imported(&["orders", "orders.jsonl"]);
    shop.write(
        "changes.csv",
        "externalId,items.productName,items.quantity\no-1,A,2\n",
    );
    shop.write(
        "changes.jsonl",
        "{\"externalId\":\"c-1\",\"phones\":[{\"number\":\"+380501112233\"}]}\n",
    );
    let warning = "the list of each row takes the place of the whole list";
    let edit = ["orders", "changes.csv", "--mode", "edit"];
    let dry = shop.import(&[&edit[..], &["--dry-run"]].concat());
    assert_eq!(dry.code, 0, "{}", dry.stderr);
    assert!(
        dry.stderr.contains(&format!("items: {warning}")),
        "{}",
        dry.stderr
    );
    let asked = shop.import(&edit);
    assert_eq!(asked.code, 2, "{}", asked.stderr);
    for part in [warning, "the lists are whole", "--yes"] {
        assert!(asked.stderr.contains(part), "{part}: {}", asked.stderr);
    }
    let run = shop.import(&[&edit[..], &["--yes"]].concat());
    assert!(
        run.code == 0 && run.stderr.contains(warning),
        "{}",
        run.stderr
    );
    let order = shop.rows("orders").remove(0);
    assert_eq!(
        order
            .get("items")
            .and_then(|items| items.as_array())
            .map(|items| items.len()),
        Some(1)
    );
    let phones = shop.import(&["customers", "changes.jsonl", "--mode", "edit", "--dry-run"]);
    assert!(
        phones.stderr.contains(&format!("phones: {warning}")),
        "{}",
        phones.stderr
    );
    shop.write(
        "products.jsonl",
        "{\"externalId\":\"ktl\",\"groups\":[{\"id\":2}]}\n",
    );
    let products = ["products", "products.jsonl", "--mode", "edit"];
    let asked = shop.import(&products);
    assert_eq!(asked.code, 2, "{}", asked.stderr);
    assert!(
        asked.stderr.contains("groups: ") && !asked.stderr.contains("triggers"),
        "{}",
        asked.stderr
    );
    // A new object has no list that could be lost, nor has one whose lists are not sent.
    shop.write("new.jsonl", &orders(5..=5));
    shop.write("plain.csv", "externalId,firstName\no-1,Ann\n");
    // Neither have an empty map, which PHP writes as a list, and tags that are added.
    shop.write(
        "tags.jsonl",
        "{\"externalId\":\"c-1\",\"customFields\":[],\"addTags\":[\"a\"],\"removeTags\":[\"b\"]}\n",
    );
    for args in [
        &["customers", "tags.jsonl", "--mode", "edit", "--dry-run"][..],
        &["orders", "new.jsonl", "--dry-run"],
        &["orders", "plain.csv", "--mode", "edit", "--dry-run"],
    ] {
        let run = shop.import(args);
        assert!(!run.stderr.contains(warning), "{}", run.stderr);
    }
}

// J5
#[test]
fn j5_an_object_is_changed_by_the_id_of_the_service_alone() {
    let shop = Shop::new("edit-by-id");
    shop.write("orders.jsonl", &orders(1..=2));
    shop.imported(&["orders", "orders.jsonl"]);
    shop.write("customers.csv", "externalId,firstName\nc-1,Ann\nc-2,Ben\n");
    shop.imported(&["customers", "customers.csv"]);
    for (kind, member) in [("orders", "managerComment"), ("customers", "lastName")] {
        let ids: Vec<String> = shop
            .rows(kind)
            .iter()
            .filter(|row| {
                let own = row.get("externalId").and_then(|id| id.as_str());
                own.is_some_and(|own| own.starts_with("o-") || own.starts_with("c-"))
            })
            .map(|row| row.get("id").expect("an id").to_string())
            .collect();
        assert_eq!(ids.len(), 2);
        shop.write(
            "table.csv",
            &format!("id,{member}\n{},by table\n9999999,x\n", ids[0]),
        );
        shop.write(
            "lines.jsonl",
            &format!("{{\"id\":{},\"{member}\":\"by lines\"}}\n", ids[1]),
        );
        let edit = [kind, "table.csv", "--mode", "edit", "--restart"];
        let dry = shop.import(&[kind, "table.csv", "--mode", "edit", "--dry-run"]);
        assert_eq!(dry.code, 1, "{}", dry.stderr);
        let told = "table.csv: line 3, id 9999999: the service has no such object";
        assert!(dry.stderr.contains(told), "{}", dry.stderr);
        assert!(
            dry.stderr.contains("1 row would be refused"),
            "{}",
            dry.stderr
        );
        let run = shop.import(&[&edit[..], &["--yes", "--json"]].concat());
        let told = summary(&run);
        assert_eq!(
            (number(&told, "landed"), number(&told, "refused")),
            (1, 1),
            "{}",
            run.stderr
        );
        let rejects = shop.read("table.csv.rejects.csv");
        assert!(rejects.contains("\n9999999,x,3,"), "{rejects}");
        let edit = [kind, "lines.jsonl", "--mode", "edit", "--restart"];
        shop.imported(&edit);
        let changed = shop.values(kind, member);
        for text in ["by lines", "by table"] {
            assert!(changed.contains(&text.to_owned()), "{changed:?}");
        }
        let (_, body) = shop.writes().pop().expect("a request");
        assert!(
            body.contains("by=id") && !body.contains("%22id%22"),
            "{body}"
        );
        shop.write("wrong.csv", &format!("id,{member}\nA-1,x\n"));
        let run = shop.import(&[kind, "wrong.csv", "--mode", "edit", "--yes"]);
        let told = "line 2, id: it must be of type integer";
        assert!(run.code == 1 && run.stderr.contains(told), "{}", run.stderr);
    }
}

// J5
#[test]
fn j5_a_dry_run_tells_objects_that_are_not_there_to_be_changed() {
    let shop = Shop::new("edit-missing");
    shop.write("orders.jsonl", &orders(1..=60));
    shop.imported(&["orders", "orders.jsonl"]);
    let rows: String = (31..=90).map(|at| format!("o-{at},x\n")).collect();
    shop.write("changes.csv", &format!("externalId,managerComment\n{rows}"));
    let edit = ["orders", "changes.csv", "--mode", "edit"];
    let looks = |shop: &Shop| {
        let requests = shop.sandbox.retailcrm().requests();
        requests.count(&http::Method::GET, "/api/v5/orders")
    };
    let before = looks(&shop);
    let dry = shop.import(&[&edit[..], &["--dry-run"]].concat());
    assert_eq!(dry.code, 1, "{}", dry.stderr);
    assert!(looks(&shop) - before <= 4, "{}", looks(&shop) - before);
    let told = "changes.csv: line 32, externalId o-61: the service has no such object";
    for part in [told, "… and 10 more", "30 rows would be refused"] {
        assert!(dry.stderr.contains(part), "{part}: {}", dry.stderr);
    }
    assert_eq!(dry.stderr.matches("no such object").count(), 20);
    shop.write(
        "products.jsonl",
        "{\"externalId\":\"ktl\",\"name\":\"K\"}\n{\"id\":999999,\"name\":\"x\"}\n",
    );
    let dry = shop.import(&["products", "products.jsonl", "--mode", "edit", "--dry-run"]);
    assert!(
        dry.code == 1 && dry.stderr.contains("line 2, id 999999"),
        "{}",
        dry.stderr
    );
    assert!(
        dry.stderr.contains("1 row would be refused"),
        "{}",
        dry.stderr
    );
}
