//! An account with data of its own: what the sandbox does not hold is no difference.

use std::fs;

use common_model::{Value as Json, from_json};

use crate::{
    account::{SERVICES, call, record, recording},
    compare::{compare, listed},
    http::{get, host, send},
    play::line,
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
    ("uvygoda", "getSections", r#"{"FILTER":"ALL"}"#),
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

// The account may have none, or the sandbox may show what the account does not.
#[test]
fn s7_items_that_only_the_sandbox_has_are_told() {
    let file = recording("filled");
    let answer = r#"{"success":true,"pagination":{"limit":20,"totalCount":0,"currentPage":1,"totalPageCount":0},
        "users":[]}"#;
    let answered = line("retailcrm.users.list", "/api/v5/users", 200, answer);
    let with_key = answered.replacen("[]", r#"[["x-api-key","[hidden]"]]"#, 1);
    let with_type = with_key.replace("application/json", "application/json; charset=utf-8");
    fs::write(&file, with_type).expect("written");
    let json = compare(&file, &["--json"]).json();
    assert_eq!(listed(&json, "differences"), [""; 0]);
    assert_eq!(
        listed(&json, "needs_state"),
        ["retailcrm.users.list extra users[]|none|items"]
    );
    let people = compare(&file, &[]);
    let told = "users[]: the sandbox has items here, the account none (line 1)";
    assert!(people.stdout.contains(told), "{}", people.stdout);
}

const CARD: &str = r#"{"SECTION_ID":111,"NAME":"Кавун","PRICE":177,"STOCK":3,"DESCRIPTION":"<p>x</p>",
    "PROPERTIES":{"501":"Acme","503":12,"504":12},"PICTURES":["http://shop.example/1.png"],
    "PREVIEV_PICTURE":"http://shop.example/0.png"}"#;

// Its ids are other than those of a fresh sandbox.
#[test]
fn s7_what_is_created_at_a_busy_account_is_found_in_the_sandbox_under_its_own_ids() {
    let account = SandboxProcess::start(&["--no-rate-limit"]);
    let file = recording("busy");
    let card = |at: &SandboxProcess| {
        let added = call(at, &account, ("uvygoda", "addProduct", CARD));
        number(&added, "/PRODUCT_ID")
    };
    let order = |at: &SandboxProcess, name: &str| {
        let params = format!(r#"{{"order":{{"externalId":"{name}","firstName":"Ann"}}}}"#);
        number(
            &call(at, &account, ("retailcrm", "orders.create", &params)),
            "/id",
        )
    };
    for number in 0..3 {
        order(&account, &format!("before-{number}"));
        card(&account);
    }
    let recorder = record(&account, &file);
    let (card, order) = (card(&recorder), order(&recorder, "new"));
    assert!(card > 1001 && order > 3, "{card} {order}");
    for (service, operation, params) in [
        ("uvygoda", "getProductInfo", format!(r#"{{"ID":{card}}}"#)),
        (
            "uvygoda",
            "sendProductPublish",
            format!(r#"{{"ID":{card}}}"#),
        ),
        (
            "uvygoda",
            "getProductList",
            r#"{"FILTER":"ALL"}"#.to_owned(),
        ),
        (
            "retailcrm",
            "orders.get",
            format!(r#"{{"externalId":"{order}","by":"id"}}"#),
        ),
        (
            "retailcrm",
            "orders.edit",
            format!(r#"{{"externalId":"{order}","by":"id","order":{{"lastName":"Bee"}}}}"#),
        ),
        (
            "retailcrm",
            "orders.create_payment",
            format!(r#"{{"payment":{{"order":{{"id":{order}}},"type":"cash","amount":5}}}}"#),
        ),
        (
            "retailcrm",
            "orders.list",
            format!(r#"{{"filter":{{"ids":[{order}]}}}}"#),
        ),
        ("retailcrm", "orders.list", "{}".to_owned()),
    ] {
        let called = call(&recorder, &account, (service, operation, &params));
        assert_eq!(called.code, 0, "{operation}: {called:?}");
    }
    drop(recorder);
    let compared = compare(&file, &["--json"]);
    let json = compared.json();
    assert_eq!(listed(&json, "differences"), [""; 0], "{compared:?}");
    assert_eq!(listed(&json, "needs_state"), [""; 0], "{compared:?}");
    assert_eq!(json.get("compared").and_then(Json::as_i64), Some(10));

    // A difference in what was created counts.
    let recorded = fs::read_to_string(&file).expect("a recording");
    let odd = recorded.replacen(
        r#"\"order\":{"#,
        r#"\"order\":{\"shipmentDate\":\"2026-01-31\","#,
        1,
    );
    assert!(odd.len() > recorded.len() + 20, "{recorded}");
    fs::write(&file, odd).expect("written");
    let compared = compare(&file, &["--json"]).json();
    assert_eq!(
        listed(&compared, "differences"),
        ["retailcrm.orders.create missing order.shipmentDate|string|"]
    );
}

fn number(called: &crate::support::Run, pointer: &str) -> i64 {
    let json = called.json();
    let number = json.pointer(pointer).and_then(Json::as_i64);
    number.unwrap_or_else(|| panic!("{called:?}"))
}
