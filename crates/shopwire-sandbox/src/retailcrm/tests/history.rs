//! The histories over the whole service: reading on, names, shapes, sources, merges.

use serde_json::{Value, json};

use crate::retailcrm::tests::harness::{Crm, json_form};

/// The entries of a history after one.
fn since(crm: &Crm, kind: &str, id: usize) -> Vec<Value> {
    let (status, body) = crm.get(&format!(
        "/api/v5/{kind}/history?filter[sinceId]={id}&limit=100"
    ));
    assert_eq!(status, 200, "{body}");
    body["history"].as_array().unwrap().clone()
}

/// Field, old value and new value of each entry.
fn told(entries: &[Value]) -> Vec<(String, Value, Value)> {
    let each = entries.iter().map(|entry| {
        let value = |name: &str| entry.get(name).cloned().unwrap_or_default();
        (
            entry["field"].as_str().unwrap().to_owned(),
            value("oldValue"),
            value("newValue"),
        )
    });
    each.collect()
}

fn row(field: &str, old: Value, new: Value) -> (String, Value, Value) {
    (field.to_owned(), old, new)
}

// RE10
#[test]
fn re10_every_history_refuses_a_page_beside_a_position() {
    let crm = Crm::new();
    let kinds = [
        "customers",
        "customers-corporate",
        "orders",
        "orders/packs",
        "tasks",
    ];
    for path in kinds.map(|kind| format!("/api/v5/{kind}/history?filter[sinceId]=5")) {
        assert_eq!(crm.get(&path).0, 200, "{path}");
        assert_eq!(crm.get(&format!("{path}&page=1")).0, 400, "{path}");
    }
}

// F14, RE10
#[test]
fn f14_a_customer_is_told_number_by_number_and_part_by_part() {
    let crm = Crm::new();
    let customer = json!({"externalId": "a", "phones": [{"number": "1"}, {"number": "2"}], "address": {"city": "X"}});
    crm.done("/api/v5/customers/create", "customer", &customer);
    let made = since(&crm, "customers", 0);
    assert_eq!(told(&made), [row("id", Value::Null, json!(1))]);
    assert_eq!(
        (
            &made[0]["created"],
            &made[0]["customer"]["phones"][1]["number"]
        ),
        (&json!(true), &json!("2"))
    );
    let change = json!({"phones": [{"number": "2"}, {"number": "3"}], "managerId": 2, "externalId": "b",
        "address": {"city": "Y", "street": "S"}, "contragent": {"INN": "77"}, "customFields": {"nps": 5}});
    crm.done("/api/v5/customers/a/edit", "customer", &change);
    let entries = since(&crm, "customers", 1);
    let mut told = told(&entries);
    told.sort_by(|one, other| one.0.cmp(&other.0));
    assert_eq!(
        told,
        [
            row("address.city", json!("X"), json!("Y")),
            row("address.street", Value::Null, json!("S")),
            row("contragent.i_n_n", Value::Null, json!("77")),
            row("custom_nps", Value::Null, json!(5)),
            row("external_id", json!("a"), json!("b")),
            row("manager", Value::Null, json!({"id": 2})),
            row("phones", json!("1"), Value::Null),
            row("phones", Value::Null, json!("3")),
        ]
    );
    for entry in &entries {
        assert_eq!(
            entry["customer"],
            json!({"id": 1, "externalId": "b", "site": "simple-site"})
        );
        assert_eq!(
            (&entry["source"], &entry["apiKey"]),
            (&json!("api"), &json!({"current": true}))
        );
        let is_address = entry["field"].as_str().unwrap().starts_with("address.");
        assert_eq!(is_address, entry.get("address").is_some(), "{entry}");
    }
}

// F14, RE10
#[test]
fn f14_the_parts_of_a_company_are_told_beside_it() {
    let crm = Crm::new();
    crm.done(
        "/api/v5/customers/create",
        "customer",
        &json!({"externalId": "ann"}),
    );
    crm.done(
        "/api/v5/customers-corporate/create",
        "customerCorporate",
        &json!({"externalId": "acme"}),
    );
    let base = "/api/v5/customers-corporate/acme";
    let address = json!({"externalId": "x", "name": "Office", "city": "X"});
    crm.done(&format!("{base}/addresses/create"), "address", &address);
    crm.done(
        &format!("{base}/addresses/x/edit"),
        "address",
        &json!({"city": "Y"}),
    );
    let company = json!({"externalId": "legal", "name": "LLC", "contragent": {"INN": "77"}});
    crm.done(&format!("{base}/companies/create"), "company", &company);
    crm.done(
        &format!("{base}/companies/legal/edit"),
        "company",
        &json!({"contragent": {"INN": "78"}}),
    );
    let contact = json!({"customer": {"externalId": "ann"}, "companies": [{"company": {"externalId": "legal"}}]});
    crm.done(&format!("{base}/contacts/create"), "contact", &contact);
    let entries = since(&crm, "customers-corporate", 1);
    assert_eq!(
        told(&entries),
        [
            row("address", Value::Null, json!({"id": 1, "name": "Office"})),
            row("address.city", json!("X"), json!("Y")),
            row("company", Value::Null, json!({"id": 2, "name": "LLC"})),
            row("main_company", Value::Null, json!({"id": 2, "name": "LLC"})),
            row("company.contragent.i_n_n", json!("77"), json!("78")),
            row("contact", Value::Null, json!({"id": 3})),
            row(
                "contact.contact_company",
                Value::Null,
                json!({"id": 2, "customer_contact": {"id": 3}})
            ),
            row("main_contact", Value::Null, json!({"id": 3})),
        ]
    );
    assert_eq!(entries[0]["address"]["city"], "X");
    assert_eq!(entries[2]["company"]["externalId"], "legal");
    assert_eq!(
        entries[5]["customerContact"]["customer"]["externalId"],
        "ann"
    );
    assert!(entries[3].get("company").is_none());
}

// F14, RE10
#[test]
fn f14_an_order_its_items_and_payments_are_told_in_the_service_s_shapes() {
    let crm = Crm::new();
    let order =
        json!({"externalId": "a", "items": [{"offer": {"externalId": "mug-1"}, "quantity": 1}]});
    crm.done("/api/v5/orders/create", "order", &order);
    assert_eq!(
        told(&since(&crm, "orders", 0)),
        [row("status", Value::Null, json!({"code": "new"}))]
    );
    let payment = json!({"order": {"id": 1}, "type": "cash", "amount": 390, "externalId": "p"});
    crm.done("/api/v5/orders/payments/create", "payment", &payment);
    crm.done(
        "/api/v5/orders/payments/p/edit",
        "payment",
        &json!({"status": "paid"}),
    );
    let paid = since(&crm, "orders", 1);
    let fields = told(&paid);
    assert_eq!(
        fields[0],
        row("payments", Value::Null, json!({"id": 1, "type": "cash"}))
    );
    assert_eq!(
        fields[1],
        row(
            "payments.status",
            json!({"code": "not-paid"}),
            json!({"code": "paid"})
        )
    );
    assert_eq!(fields[2], row("prepay_sum", json!(0), json!(390)));
    assert_eq!(
        (fields[3].0.as_str(), &paid[3]["source"]),
        ("full_paid_at", &json!("code"))
    );
    assert_eq!(
        (fields.len(), &paid[1]["payment"]["externalId"]),
        (4, &json!("p"))
    );
    let change = json!({"items": [{"id": 1, "quantity": 2, "status": "sold"}, {"productName": "B", "initialPrice": 5}],
        "delivery": {"code": "courier", "address": {"city": "X"}}, "managerId": 2});
    crm.done("/api/v5/orders/a/edit", "order", &change);
    let entries = since(&crm, "orders", 5);
    let fields = told(&entries);
    for expected in [
        row("manager", Value::Null, json!({"id": 2})),
        row("delivery_type", Value::Null, json!({"code": "courier"})),
        row("delivery_address.city", Value::Null, json!("X")),
        row("order_product.quantity", json!(1), json!(2)),
        row("order_product.summ", json!(390), json!(780)),
        row(
            "order_product.status",
            json!({"code": "new"}),
            json!({"code": "sold"}),
        ),
    ] {
        assert!(fields.contains(&expected), "{expected:?} in {fields:?}");
    }
    let came = entries
        .iter()
        .find(|entry| entry["field"] == "order_product")
        .unwrap();
    assert_eq!(
        (&came["newValue"]["id"], &came["item"]["productName"]),
        (&json!(2), &json!("B"))
    );
    let reference =
        json!({"id": 1, "externalId": "a", "managerId": 2, "site": "simple-site", "status": "new"});
    assert_eq!(entries[0]["order"], reference, "only a short reference");
    crm.done(
        "/api/v5/orders/a/edit",
        "order",
        &json!({"items": [{"id": 2}]}),
    );
    let gone = since(&crm, "orders", 0).pop().unwrap();
    let offer = json!({"id": 3, "externalId": "mug-1", "xmlId": "xml-mug-1"});
    assert_eq!(
        (&gone["oldValue"], &gone["newValue"]),
        (&json!({"id": 1, "offer": offer}), &Value::Null)
    );
}

// F14, RE10
#[test]
fn f14_a_pack_is_told_without_a_key_and_without_nulls() {
    let crm = Crm::new();
    crm.done(
        "/api/v5/orders/create",
        "order",
        &json!({"items": [{"offer": {"id": 3}, "quantity": 5}]}),
    );
    let pack = json!({"itemId": 1, "store": "main", "quantity": 1});
    crm.done("/api/v5/orders/packs/create", "pack", &pack);
    let change = json!({"store": "second", "quantity": 2, "shipmentDate": "2026-01-02", "invoiceNumber": "7"});
    crm.done("/api/v5/orders/packs/1/edit", "pack", &change);
    assert_eq!(crm.post("/api/v5/orders/packs/1/delete", "").0, 200);
    let entries = since(&crm, "orders/packs", 0);
    assert_eq!(
        told(&entries),
        [
            row("store", Value::Null, json!({"code": "main"})),
            row("store", json!({"code": "main"}), json!({"code": "second"})),
            row("quantity", json!(1), json!(2)),
            row("shipmentDate", Value::Null, json!("2026-01-02 00:00:00")),
            row("invoiceNumber", Value::Null, json!("7")),
            row("store", json!({"code": "second"}), Value::Null),
        ]
    );
    let (made, gone) = (&entries[0], &entries[5]);
    assert_eq!(
        (&made["created"], made.get("oldValue")),
        (&json!(true), None)
    );
    assert_eq!(
        (&gone["deleted"], gone.get("newValue")),
        (&json!(true), None)
    );
    assert!(entries.iter().all(|entry| entry.get("apiKey").is_none()));
    assert_eq!(made["pack"]["store"], json!({"code": "main"}));
}

// F14, RE10
#[test]
fn f14_a_merge_names_its_source_and_who_lives_on() {
    let crm = Crm::new();
    for external in ["a", "b"] {
        crm.done(
            "/api/v5/customers/create",
            "customer",
            &json!({"externalId": external}),
        );
        let order = json!({"externalId": external, "customer": {"externalId": external}, "items": [{"productName": external, "initialPrice": 5}]});
        crm.done("/api/v5/orders/create", "order", &order);
    }
    let (people, orders) = (
        since(&crm, "customers", 0).len(),
        since(&crm, "orders", 0).len(),
    );
    let form = format!(
        "{}&{}",
        json_form("resultCustomer", &json!({"externalId": "b"})),
        json_form("customers", &json!([{"externalId": "a"}]))
    );
    assert_eq!(crm.post("/api/v5/customers/combine", &form).0, 200);
    let survivor = json!({"id": 2, "externalId": "b", "site": "simple-site"});
    // The survivor has two orders now, and is in a segment by that.
    let entries = since(&crm, "customers", people);
    let gone = &entries[0];
    assert_eq!(told(&entries)[0], row("id", json!(1), Value::Null));
    assert_eq!(
        (&gone["deleted"], &gone["source"]),
        (&json!(true), &json!("combine"))
    );
    assert_eq!((&gone["combinedTo"], gone.get("apiKey")), (&survivor, None));
    let moved = since(&crm, "orders", orders);
    assert_eq!(
        (&moved[0]["field"], &moved[0]["source"]),
        (&json!("customer"), &json!("combine"))
    );
    assert_eq!(
        (&moved[0]["oldValue"]["id"], &moved[0]["newValue"]),
        (&json!(1), &survivor)
    );
    let form = format!(
        "technique=merge&{}&{}",
        json_form("order", &json!({"externalId": "a"})),
        json_form("resultOrder", &json!({"externalId": "b"}))
    );
    assert_eq!(crm.post("/api/v5/orders/combine", &form).0, 200);
    let entries = since(&crm, "orders", orders + moved.len());
    assert_eq!(told(&entries)[0], row("id", json!(1), Value::Null));
    assert_eq!(
        entries[0]["combinedTo"], survivor,
        "the order `b` has the same identifiers"
    );
    assert_eq!(
        (&entries[1]["field"], &entries[1]["order"]["id"]),
        (&json!("order_product"), &json!(2))
    );
    assert!(entries.iter().all(|entry| entry["source"] == "combine"));
    let ann = crm.get("/api/v5/customers/b").1["customer"].clone();
    assert_eq!(
        (&ann["ordersCount"], &ann["totalSumm"]),
        (&json!(1), &json!(10))
    );
}
