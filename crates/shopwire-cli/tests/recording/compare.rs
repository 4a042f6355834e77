//! Comparing a recording with the emulation.

use std::{
    fs,
    path::{Path, PathBuf},
};

use common_model::Value as Json;

use crate::{
    account::{call, client, record, recording},
    support::{Run, SandboxProcess, command, run, text},
};

/// A day of all three services: what is created is read, changed and listed by its id, and some calls fail.
pub(crate) const DAY: [(&str, &str, &str); 31] = [
    (
        "nicechat",
        "categories.create",
        r#"{"id":"B 1","name":"Посуда"}"#,
    ),
    (
        "nicechat",
        "categories.create",
        r#"{"id":"B 1","name":"Посуда"}"#,
    ),
    (
        "nicechat",
        "products.create",
        r#"{"id":"ID-10","title":"Кавун","price":100,"currency":"usd","in_stock":true,"category":"B 1"}"#,
    ),
    ("nicechat", "products.list", "{}"),
    ("nicechat", "products.delete", r#"{"id":"ID-11"}"#),
    ("nicechat", "orders.list", "{}"),
    ("uvygoda", "getStages", "{}"),
    ("uvygoda", "getOrderProperties", "{}"),
    ("uvygoda", "getSections", r#"{"FILTER":"ALL"}"#),
    (
        "uvygoda",
        "getToken",
        r#"{"LOGIN":"nobody-1","PASS":"pass-w"}"#,
    ),
    (
        "retailcrm",
        "orders.create",
        r#"{"order":{"externalId":"a-1","firstName":"Ann","items":[{"productName":"x","quantity":2,"initialPrice":10}]}}"#,
    ),
    ("retailcrm", "orders.get", r#"{"externalId":"a-1"}"#),
    ("retailcrm", "orders.get", r#"{"externalId":"1","by":"id"}"#),
    (
        "retailcrm",
        "orders.edit",
        r#"{"externalId":"1","by":"id","order":{"lastName":"Bee"}}"#,
    ),
    (
        "retailcrm",
        "orders.edit",
        r#"{"externalId":"7","by":"id","order":{"lastName":"Bee"}}"#,
    ),
    ("retailcrm", "orders.list", r#"{"limit":50}"#),
    (
        "retailcrm",
        "orders.list",
        r#"{"limit":50,"filter":{"ids":[1]}}"#,
    ),
    (
        "retailcrm",
        "orders.list",
        r#"{"limit":50,"filter":{"ids":[99]}}"#,
    ),
    (
        "retailcrm",
        "orders.list_history",
        r#"{"filter":{"sinceId":0}}"#,
    ),
    (
        "retailcrm",
        "orders.create",
        r#"{"order":{"externalId":"a-1"}}"#,
    ),
    (
        "retailcrm",
        "orders.create",
        r#"{"order":{"status":"no-such"}}"#,
    ),
    (
        "retailcrm",
        "customers.create",
        r#"{"customer":{"externalId":"c-1","firstName":"Ann","phones":[{"number":"+380501112233"}]}}"#,
    ),
    ("retailcrm", "customers.get", r#"{"externalId":"c-1"}"#),
    ("retailcrm", "customers.list", "{}"),
    (
        "retailcrm",
        "orders.create_payment",
        r#"{"payment":{"order":{"id":1},"type":"cash","amount":5}}"#,
    ),
    (
        "retailcrm",
        "tasks.create",
        r#"{"task":{"text":"call","performerId":1}}"#,
    ),
    ("retailcrm", "tasks.list", "{}"),
    ("retailcrm", "references.list_statuses", "{}"),
    ("retailcrm", "references.list_countries", "{}"),
    ("retailcrm", "users.list", "{}"),
    (
        "retailcrm",
        "tasks.create",
        r#"{"task":{"text":"write","performerId":1}}"#,
    ),
];

/// Records the day in front of a sandbox.
pub(crate) fn day(name: &str) -> PathBuf {
    let account = SandboxProcess::start(&["--no-rate-limit"]);
    let file = recording(name);
    let recorder = record(&account, &file);
    for of in DAY {
        call(&recorder, &account, of);
    }
    let with = |(service, operation, params): (&str, &str, &str), name: &str, value: &str| {
        let args = ["call", service, operation, "--params", "-"];
        run(client(&recorder, &account, &args).env(name, value), params)
    };
    for encoding in [
        "form-with-headers",
        "form-with-parameters",
        "multipart-with-parameters",
    ] {
        let params = format!(r#"{{"id":"{encoding}","name":"x y"}}"#);
        for of in [("nicechat", "categories.create", &*params), DAY[3]] {
            let called = with(of, "NICECHAT_ENCODING", encoding);
            assert_eq!(called.code, 0, "{called:?}");
        }
    }
    assert_eq!(with(DAY[3], "NICECHAT_API_KEY", "wrong-key-1").code, 1);
    assert_eq!(with(DAY[15], "RETAILCRM_API_KEY", "wrong-key-1").code, 1);
    let token = format!(
        r#"{{"LOGIN":"{}","PASS":"{}"}}"#,
        account.setting("uvygoda", "login"),
        account.setting("uvygoda", "password")
    );
    call(&recorder, &account, ("uvygoda", "getToken", &token));
    file
}

pub(crate) fn compare(file: &Path, more: &[&str]) -> Run {
    let path = file.to_str().expect("UTF-8");
    run(
        &mut command(&[&["sandbox", "--compare", path], more].concat()),
        "",
    )
}

/// `kind at`, and what both sides answer.
pub(crate) fn listed(json: &Json, list: &str) -> Vec<String> {
    let all = json.get(list).and_then(Json::as_array).expect("a list");
    let one = |one: &Json| {
        let [operation, kind, at, recorded, sandbox] =
            ["operation", "kind", "at", "recorded", "sandbox"].map(|name| text(one, name));
        format!("{operation} {kind} {at}|{recorded}|{sandbox}")
    };
    all.iter().map(one).collect()
}

#[test]
fn s7_a_recording_of_the_emulation_itself_has_no_difference() {
    let file = day("self");
    let compared = compare(&file, &["--json"]);
    let json = compared.json();
    let lines = fs::read_to_string(&file)
        .expect("a recording")
        .lines()
        .count();
    assert_eq!(lines, DAY.len() + 9, "each call was made");
    assert_eq!(listed(&json, "differences"), [""; 0], "{compared:?}");
    assert_eq!(listed(&json, "needs_state"), [""; 0], "{compared:?}");
    assert_eq!(
        json.get("compared"),
        Some(&Json::from(lines as i64)),
        "{compared:?}"
    );
    assert_eq!((compared.code, &*compared.stderr), (0, ""));
    let people = compare(&file, &[]);
    assert_eq!(people.code, 0);
    assert!(people.stdout.ends_with("No difference.\n"), "{people:?}");
}

#[test]
fn s7_ids_that_the_recording_creates_are_the_emulations_own() {
    let file = day("ids");
    let mut text = fs::read_to_string(&file).expect("a recording");
    // An account with more orders had given another id.
    for (from, to) in [
        (
            r#"\"success\":true,\"id\":1,\"order\":{\"id\":1,"#,
            r#"\"success\":true,\"id\":812,\"order\":{\"id\":812,"#,
        ),
        (r#"\"order\":{\"id\":1,"#, r#"\"order\":{\"id\":812,"#),
        (r#"\"orders\":[{\"id\":1,"#, r#"\"orders\":[{\"id\":812,"#),
        ("/api/v5/orders/1?by=id", "/api/v5/orders/812?by=id"),
        ("/api/v5/orders/1/edit", "/api/v5/orders/812/edit"),
        ("ids]=1", "ids]=812"),
        ("ids][]=1", "ids][]=812"),
        ("ids%5D%5B%5D=1", "ids%5D%5B%5D=812"),
        ("ids%5D%5B0%5D=1", "ids%5D%5B0%5D=812"),
        (
            "%22order%22%3A%7B%22id%22%3A1%7D",
            "%22order%22%3A%7B%22id%22%3A812%7D",
        ),
    ] {
        text = text.replace(from, to);
    }
    assert!(text.matches("812").count() > 8, "{text}");
    fs::write(&file, text).expect("written");
    let compared = compare(&file, &["--json"]);
    let json = compared.json();
    assert_eq!(listed(&json, "differences"), [""; 0], "{compared:?}");
    assert_eq!(listed(&json, "needs_state"), [""; 0], "{compared:?}");
    assert_eq!(compared.code, 0);
}
