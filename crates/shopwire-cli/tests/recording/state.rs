//! An account with data of its own: what the sandbox does not hold is no difference.

use std::fs;

use common_model::{Value as Json, from_json};

use crate::{
    account::{SERVICES, call, record, recording},
    compare::{compare, listed},
    http::{get, host, send},
    support::{SandboxProcess, command, run, text},
};

/// Objects that a seeded account has, and parameters of many lists.
const FURTHER: [(&str, &str, &str); 8] = [
    ("retailcrm", "orders.get", r#"{"externalId":"1","by":"id"}"#),
    (
        "retailcrm",
        "orders.list",
        r#"{"limit":100,"filter":{"minPrice":1}}"#,
    ),
    (
        "retailcrm",
        "orders.edit",
        r#"{"externalId":"2","by":"id","order":{"lastName":"Bee"}}"#,
    ),
    (
        "retailcrm",
        "customers.get",
        r#"{"externalId":"1","by":"id"}"#,
    ),
    ("retailcrm", "store.list_products", r#"{"limit":100}"#),
    ("uvygoda", "getSections", r#"{"FILTER":{}}"#),
    ("uvygoda", "getProductList", r#"{"FILTER":"ALL"}"#),
    ("nicechat", "products.list", r#"{"page":1}"#),
];

/// The operations that are only read and need no parameter.
fn reads(service: &str) -> Vec<String> {
    let list = run(&mut command(&["call", service, "--list", "--json"]), "").json();
    let all = list.as_array().expect("a list").iter();
    let reads = all.filter(|one| {
        let is_get = text(one, "method") == "GET" && !text(one, "path").contains('{');
        is_get || (service == "uvygoda" && text(one, "operation").starts_with("get"))
    });
    reads.map(|one| text(one, "operation").to_owned()).collect()
}

#[test]
fn s7_the_data_of_an_account_are_no_difference() {
    let account = SandboxProcess::start(&["--no-rate-limit"]);
    let admin = account.setting("admin", "url");
    let body =
        r#"{"seed":7,"retailcrm":{"orders":60},"nicechat":{"products":5},"uvygoda":{"cards":5}}"#;
    let seeded = send(
        admin,
        format!(
            "POST /api/seed HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nConnection: close\r\n\
             Content-Length: {}\r\n\r\n{body}",
            host(admin),
            body.len()
        ),
    );
    assert_eq!(seeded.status(), 200, "{}", seeded.text());
    let file = recording("state");
    let recorder = record(&account, &file);
    for (service, _) in SERVICES {
        for operation in reads(service) {
            call(&recorder, &account, (service, &operation, "{}"));
        }
    }
    for of in FURTHER {
        call(&recorder, &account, of);
    }
    drop(recorder);
    let lines = fs::read_to_string(&file)
        .expect("a recording")
        .lines()
        .count();
    assert!(lines > 60, "{lines}");

    let compared = compare(&file, &["--json"]);
    let json = compared.json();
    assert_eq!(listed(&json, "differences"), [""; 0], "{compared:?}");
    assert_eq!(compared.code, 0);
    let of_data = listed(&json, "needs_state");
    for expected in [
        "retailcrm.orders.list missing orders[]|items|none",
        "retailcrm.orders.get outcome |success with 200|failure with 404: Not found (",
    ] {
        let found = of_data.iter().any(|one| one.starts_with(expected));
        assert!(found, "{expected}: {of_data:#?}");
    }
    // The account itself still holds them.
    let state = get(admin, "/api/state/retailcrm/orders?limit=1");
    let state: Json = from_json(state.text()).expect("JSON");
    assert_eq!(
        state.get("total").and_then(Json::as_i64),
        Some(60),
        "{state:?}"
    );
}
