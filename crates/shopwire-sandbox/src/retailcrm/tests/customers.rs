//! Customers, called without a socket.

use serde_json::{Value, json};

use crate::retailcrm::tests::harness::{Crm, json_form};

fn created(crm: &Crm, customer: Value) -> Value {
    let (status, body) = crm.post(
        "/api/v5/customers/create",
        &json_form("customer", &customer),
    );
    assert_eq!(status, 201, "{body}");
    body["id"].clone()
}

#[test]
fn re12_tags_are_written_as_names_and_read_as_objects() {
    let crm = Crm::new();
    created(
        &crm,
        json!({"externalId": "c", "tags": ["a", "b"], "phones": [{"number": "+7"}]}),
    );
    let change = json!({"addTags": ["d"], "removeTags": ["a"]});
    let (_, body) = crm.post("/api/v5/customers/c/edit", &json_form("customer", &change));
    assert_eq!(
        body,
        json!({"success": true, "id": 1, "state": "processing"})
    );
    let customer = crm.get("/api/v5/customers/c").1["customer"].clone();
    let names: Vec<_> = customer["tags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| tag["name"].clone())
        .collect();
    assert_eq!(names, ["b", "d"]);
    assert_eq!(customer["phones"], json!([{"number": "+7"}]));
    assert_eq!(customer["customFields"], json!([]));
    let (_, body) = crm.get("/api/v5/customers?filter[tags][]=d&filter[vip]=0");
    assert_eq!(body["pagination"]["totalCount"], 1);
}

#[test]
fn re7_a_batch_of_customers_lands_in_part() {
    let crm = Crm::new();
    created(&crm, json!({"externalId": "taken"}));
    let customers = json!([{"externalId": "x"}, {"externalId": "taken"}, {"externalId": "y", "email": "nobody"}]);
    let (status, body) = crm.post(
        "/api/v5/customers/upload",
        &json_form("customers", &customers),
    );
    assert_eq!(status, 460);
    assert_eq!(
        body["uploadedCustomers"],
        json!([{"id": 2, "externalId": "x"}])
    );
    assert_eq!(
        body["failedCustomers"],
        json!([{"externalId": "taken"}, {"externalId": "y"}])
    );
    assert_eq!(
        body["errors"]["2"],
        "email: \"nobody\" is not a valid email."
    );
}

#[test]
fn re5_a_customer_combined_away_names_the_one_who_lives_on() {
    let crm = Crm::new();
    created(&crm, json!({"externalId": "a"}));
    created(&crm, json!({"externalId": "b"}));
    crm.post(
        "/api/v5/orders/create",
        &json_form("order", &json!({"customer": {"id": 1}})),
    );
    let form = format!(
        "{}&{}",
        json_form("resultCustomer", &json!({"id": 2})),
        json_form("customers", &json!([{"id": 1}]))
    );
    assert_eq!(crm.post("/api/v5/customers/combine", &form).0, 200);
    let (status, body) = crm.get("/api/v5/customers/1?by=id");
    assert_eq!(
        (status, &body["combinedTo"]["externalId"]),
        (404, &json!("b"))
    );
    assert_eq!(
        crm.get("/api/v5/orders/1?by=id").1["order"]["customer"]["id"],
        2
    );
    assert_eq!(
        crm.get("/api/v5/customers/b").1["customer"]["ordersCount"],
        1
    );
}

#[test]
fn re10_customer_history_and_notes() {
    let crm = Crm::new();
    created(&crm, json!({"externalId": "a", "firstName": "Ann"}));
    crm.post(
        "/api/v5/customers/a/edit",
        &json_form("customer", &json!({"firstName": "Anna", "vip": true})),
    );
    let (_, body) =
        crm.get("/api/v5/customers/history?filter[sinceId]=1&filter[customerExternalId]=a");
    let fields: Vec<_> = body["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["field"].clone())
        .collect();
    assert_eq!(fields, ["vip", "first_name"]);
    assert_eq!(body["history"][1]["oldValue"], "Ann");
    let note = json_form(
        "note",
        &json!({"text": "called", "customer": {"externalId": "a"}}),
    );
    assert_eq!(crm.post("/api/v5/customers/notes/create", &note).1["id"], 1);
    assert_eq!(
        crm.get("/api/v5/customers/notes?filter[customerIds][]=1").1["notes"][0]["text"],
        "called"
    );
    assert_eq!(crm.post("/api/v5/customers/notes/1/delete", "").0, 200);
    assert_eq!(crm.post("/api/v5/customers/notes/1/delete", "").0, 404);
}

#[test]
fn companies_have_addresses_legal_entities_and_contacts() {
    let crm = Crm::new();
    created(&crm, json!({"externalId": "person", "firstName": "Ann"}));
    let company = json!({"externalId": "acme", "nickName": "Acme", "addresses": [{"city": "X"}]});
    let (status, body) = crm.post(
        "/api/v5/customers-corporate/create",
        &json_form("customerCorporate", &company),
    );
    assert_eq!((status, &body["id"]), (201, &json!(1)), "{body}");
    let base = "/api/v5/customers-corporate/acme";
    let legal = json_form(
        "company",
        &json!({"name": "ООО", "externalId": "legal", "contragent": {"INN": "77"}}),
    );
    assert_eq!(crm.post(&format!("{base}/companies/create"), &legal).0, 201);
    let contact = json_form(
        "contact",
        &json!({"customer": {"externalId": "person"}, "isMain": true}),
    );
    assert_eq!(
        crm.post(&format!("{base}/contacts/create"), &contact).0,
        201
    );
    let renamed = json_form("company", &json!({"name": "АО"}));
    assert_eq!(
        crm.post(&format!("{base}/companies/legal/edit"), &renamed)
            .0,
        200
    );
    assert_eq!(
        crm.post(&format!("{base}/companies/other/edit"), &renamed)
            .0,
        404
    );
    let company = crm.get(base).1["customerCorporate"].clone();
    assert_eq!(company["companies"][0]["name"], "АО");
    assert_eq!(
        company["mainCompany"],
        json!({"id": 2, "externalId": "legal", "name": "АО"})
    );
    assert_eq!(
        company["mainCustomerContact"]["customer"]["externalId"],
        "person"
    );
    assert_eq!(
        crm.get(&format!("{base}/addresses")).1["addresses"][0]["city"],
        "X"
    );
    let order = json!({"customer": {"type": "customer_corporate", "externalId": "acme"}});
    let (_, body) = crm.post("/api/v5/orders/create", &json_form("order", &order));
    assert_eq!(body["order"]["customer"]["nickName"], "Acme");
}

#[test]
fn subscriptions_follow_the_last_word() {
    let crm = Crm::new();
    created(&crm, json!({"externalId": "a"}));
    for (active, expected) in [(true, true), (false, false)] {
        let form = json_form(
            "subscriptions",
            &json!([{"channel": "email", "subscription": "news", "active": active}]),
        );
        assert_eq!(crm.post("/api/v5/customers/a/subscriptions", &form).0, 200);
        let customer = crm.get("/api/v5/customers/a").1["customer"].clone();
        assert_eq!(
            customer["customerSubscriptions"].as_array().unwrap().len(),
            1
        );
        assert_eq!(customer["customerSubscriptions"][0]["subscribed"], expected);
    }
}
