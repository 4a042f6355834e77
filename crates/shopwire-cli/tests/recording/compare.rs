//! Comparing a recording with the emulation.

use std::{fs, path::PathBuf};

use common_model::Value as Json;

use crate::{
    account::{call, client, record, recording},
    play::line,
    support::{Run, SandboxProcess, command, run, text},
};

/// A day of all three services: what is created is read, changed and listed by its id, and some calls fail.
const DAY: [(&str, &str, &str); 30] = [
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
        r#"{"id":"ID-10","title":"Кавун","price":100,"currency":"usd","in_stock":1,"categories":["B 1"]}"#,
    ),
    ("nicechat", "products.list", "{}"),
    ("nicechat", "products.delete", r#"{"id":"ID-11"}"#),
    ("nicechat", "orders.list", "{}"),
    ("uvygoda", "getStages", "{}"),
    ("uvygoda", "getOrderProperties", "{}"),
    ("uvygoda", "getSections", r#"{"FILTER":{}}"#),
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
        "payments.create",
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
];

/// Records the day in front of a sandbox.
fn day(name: &str) -> PathBuf {
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

fn compare(file: &PathBuf, more: &[&str]) -> Run {
    let path = file.to_str().expect("UTF-8");
    run(
        &mut command(&[&["sandbox", "--compare", path], more].concat()),
        "",
    )
}

/// `kind at`, and what both sides answer.
fn listed(json: &Json, list: &str) -> Vec<String> {
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
    assert!(lines > 25, "{lines}");
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

/// Replaces texts in the nth exchange of an operation.
fn doctor(lines: &mut [String], (operation, nth): (&str, usize), changes: &[(&str, &str)]) {
    let named = format!("{{\"operation\":\"{operation}\"");
    let line = lines
        .iter_mut()
        .filter(|line| line.starts_with(&named))
        .nth(nth);
    let line = line.unwrap_or_else(|| panic!("{operation} {nth}"));
    for (from, to) in changes {
        assert!(line.contains(from), "{from}: {line}");
        *line = line.replacen(from, to, 1);
    }
}

/// An exchange, what is changed in it, and the difference that is listed for it.
type Doctored = (
    (&'static str, usize),
    &'static [(&'static str, &'static str)],
    &'static str,
);

const DOCTORED: [Doctored; 12] = [
    (
        ("retailcrm.tasks.create", 0),
        &[("%22performerId%22%3A1", "%22performerId%22%3A%22x%22")],
        "retailcrm.tasks.create outcome |success with 201|failure with 400: Errors in the entity format \
         (schema: task.performerId: must be integer)",
    ),
    (
        ("retailcrm.orders.create", 0),
        &[("\"status\":201", "\"status\":200")],
        "retailcrm.orders.create status |200|201",
    ),
    (
        ("nicechat.categories.create", 0),
        &[(
            "application/json; charset=utf-8",
            "text/html; Charset=UTF-8",
        )],
        "nicechat.categories.create content_type |text/html; charset=utf-8|application/json; charset=utf-8",
    ),
    (
        ("retailcrm.customers.get", 0),
        &[(r#"\"customer\":{"#, r#"\"customer\":{\"odd\":[1],"#)],
        "retailcrm.customers.get missing customer.odd|list|",
    ),
    (
        ("uvygoda.getStages", 0),
        &[(r#",\"ERROR\":false"#, "")],
        "uvygoda.getStages extra ERROR||boolean",
    ),
    (
        ("retailcrm.orders.get", 0),
        &[(r#"\"number\":\"1C\""#, r#"\"number\":1"#)],
        "retailcrm.orders.get type order.number|number|string",
    ),
    (
        ("retailcrm.orders.get", 1),
        &[(r#"\"call\":false"#, r#"\"call\":true"#)],
        "retailcrm.orders.get value order.call|true|false",
    ),
    (
        ("retailcrm.customers.get", 0),
        &[(
            r#"\"contragentType\":\"individual\""#,
            r#"\"contragentType\":\"legal-entity\""#,
        )],
        "retailcrm.customers.get value customer.contragent.contragentType|\"legal-entity\"|\"individual\"",
    ),
    (
        ("retailcrm.orders.edit", 1),
        &[("Not found", "No such order")],
        "retailcrm.orders.edit value errorMsg|\"No such order\"|\"Not found\"",
    ),
    (
        ("uvygoda.getOrderProperties", 0),
        &[(r#""body":"{\"RESULT\""#, r#""body":"<br>{\"RESULT\""#)],
        "uvygoda.getOrderProperties body |no JSON|JSON",
    ),
    (
        ("retailcrm.references.list_countries", 0),
        &[
            ("\"status\":200", "\"status\":400"),
            (
                r#"\"success\":true"#,
                r#"\"success\":false,\"errorMsg\":\"Odd\""#,
            ),
        ],
        "retailcrm.references.list_countries outcome |failure with 400: Odd|success with 200",
    ),
    (
        ("uvygoda.getToken", 1),
        &[(r#"\"TOKEN\":\"[hidden]\""#, r#"\"TOKEN\":[1]"#)],
        "uvygoda.getToken type TOKEN|list|string",
    ),
];

/// The same for what the data of an account may explain.
const OF_DATA: [Doctored; 3] = [
    (
        ("nicechat.categories.create", 1),
        &[
            ("\"status\":412", "\"status\":201"),
            (r#"\"status\":\"error\""#, r#"\"status\":\"ok\""#),
        ],
        "nicechat.categories.create outcome |success with 201|failure with 412: Object with this ID already exists \
         (refused: Object with this ID already exists)",
    ),
    (
        ("retailcrm.users.list", 0),
        &[(
            r#"\"users\":[{\"id\":1,"#,
            r#"\"users\":[{\"odd\":1,\"id\":812,"#,
        )],
        "retailcrm.users.list missing users[].odd|number|",
    ),
    (
        ("retailcrm.orders.list", 2),
        &[(r#"\"orders\":[]"#, r#"\"orders\":[{\"id\":99}]"#)],
        "retailcrm.orders.list missing orders[]|items|none",
    ),
];

#[test]
fn s7_exactly_the_doctored_differences_are_listed() {
    let file = day("doctored");
    let text = fs::read_to_string(&file).expect("a recording");
    let mut lines: Vec<String> = text.lines().map(|line| format!("{line}\n")).collect();
    let whole = lines.len();
    for (which, changes, _) in OF_DATA {
        doctor(&mut lines, which, changes);
    }
    lines.push(line("retailcrm.orders.list", "/api/v5/orders", 503, "busy"));
    lines.push(line("other.service", "/", 200, "{}"));
    fs::write(&file, lines.concat()).expect("written");
    let compared = compare(&file, &["--json"]);
    let json = compared.json();
    assert_eq!(listed(&json, "differences"), [""; 0], "{compared:?}");
    assert_eq!(compared.code, 0, "data alone are no difference");

    for (which, changes, _) in DOCTORED {
        doctor(&mut lines, which, changes);
    }
    fs::write(&file, lines.concat()).expect("written");
    let compared = compare(&file, &["--json"]);
    assert_eq!((compared.code, &*compared.stderr), (1, ""), "{compared:?}");
    let json = compared.json();
    for (list, doctored) in [("differences", &DOCTORED[..]), ("needs_state", &OF_DATA)] {
        let mut found = listed(&json, list);
        let mut expected: Vec<&str> = doctored
            .iter()
            .map(|(.., difference)| *difference)
            .collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{list}");
    }
    let skipped = json
        .get("not_compared")
        .and_then(Json::as_array)
        .expect("a list");
    let why: Vec<&str> = skipped.iter().map(|one| self::text(one, "why")).collect();
    assert_eq!(why, ["the account was busy", "it is of no known service"]);
    assert_eq!(json.get("compared"), Some(&Json::from(whole as i64)));

    let people = compare(&file, &[]);
    assert_eq!(people.code, 1);
    for part in [
        "Differences between the account and the sandbox:\n",
        "  retailcrm.orders.get\n    order.number: number at the account, string in the sandbox (line ",
        "needs state, not counted",
        "    users[].odd: only the account has it (number) (line ",
        "Not compared:\n",
    ] {
        assert!(people.stdout.contains(part), "{part}: {}", people.stdout);
    }
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
