//! Each kind of difference, made by changing a recording of the emulation itself.

use std::fs;

use common_model::Value as Json;

use crate::{
    compare::{compare, day, listed},
    play::line,
    support::text,
};

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

const DOCTORED: [Doctored; 15] = [
    (
        ("retailcrm.tasks.create", 1),
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
        ("retailcrm.users.list", 0),
        &[(r#"\"users\":[{"#, r#"\"users\":[{\"odd\":1,"#)],
        "retailcrm.users.list missing users[].odd|number|",
    ),
    (
        ("retailcrm.orders.list", 2),
        &[(r#"{\"id\":99"#, r#"{\"odd\":[],\"id\":99"#)],
        "retailcrm.orders.list undescribed orders[].odd|list|",
    ),
    (
        ("retailcrm.orders.list", 2),
        &[(r#"\"id\":99"#, r#"\"id\":\"99\""#)],
        "retailcrm.orders.list undescribed orders[].id|string|integer",
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
            r#"\"users\":[{\"patronymic\":\"x\",\"id\":812,"#,
        )],
        "retailcrm.users.list missing users[].patronymic|string|",
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
    let recorded = fs::read_to_string(&file).expect("a recording");
    let mut lines: Vec<String> = recorded.lines().map(|line| format!("{line}\n")).collect();
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
    let why: Vec<&str> = skipped.iter().map(|one| text(one, "why")).collect();
    assert_eq!(why, ["the account was busy", "it is of no known service"]);
    assert_eq!(json.get("compared"), Some(&Json::from(whole as i64)));

    let people = compare(&file, &[]);
    assert_eq!(people.code, 1);
    for part in [
        "Differences between the account and the sandbox:\n",
        "  retailcrm.orders.get\n    order.number: number at the account, string in the sandbox (line ",
        "needs state, not counted",
        "    users[].patronymic: only the account has it (string) (line ",
        "Not compared:\n",
    ] {
        assert!(people.stdout.contains(part), "{part}: {}", people.stdout);
    }
}
