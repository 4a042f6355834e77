//! A misspelt field is not sent without a warning.

mod support;

use common_model::Value as Json;
use support::{SandboxProcess, command, run, text};

const KEYS: [(&str, &str); 7] = [
    ("NICECHAT_URL", "http://127.0.0.1:1"),
    ("NICECHAT_API_KEY", "k-1"),
    ("NICECHAT_API_SECRET", "s-1"),
    ("UVYGODA_URL", "http://127.0.0.1:1"),
    ("UVYGODA_TOKEN", "t-1"),
    ("RETAILCRM_URL", "http://127.0.0.1:1"),
    ("RETAILCRM_API_KEY", "k-1"),
];

/// The warnings of a call to an address without a server, as (path, nearest name).
fn warned(service: &str, operation: &str, params: &str) -> Vec<(String, String)> {
    let mut call = command(&["call", service, operation, "--params", "-"]);
    let called = run(call.envs(KEYS), params);
    assert_eq!(text(&called.error(), "kind"), "connect", "{called:?}");
    let warnings = called
        .stderr
        .lines()
        .filter_map(|line| line.strip_prefix("warning: "));
    let parts = warnings.map(|line| {
        let (path, rest) = line.split_once(": ").expect("a path");
        let nearest = rest.split('`').nth(1).unwrap_or_default();
        (path.to_owned(), nearest.to_owned())
    });
    parts.collect()
}

// F22
#[test]
fn f22_a_misspelt_nested_field_is_told_with_the_nearest_name() {
    for (service, operation, params, expected) in [
        (
            "retailcrm",
            "orders.create",
            r#"{"order":{"firstNme":"x"}}"#,
            &[("order.firstNme", "firstName")][..],
        ),
        (
            "retailcrm",
            "orders.create",
            r#"{"order":{"items":[{"quantity":1},{"quantty":2,"offer":{"xmlld":"a"}}],"delivery":{"address":{"cty":"x"}}}}"#,
            &[
                ("order.items[1].offer.xmlld", "xmlId"),
                ("order.items[1].quantty", "quantity"),
                ("order.delivery.address.cty", "city"),
            ],
        ),
        (
            "retailcrm",
            "orders.list",
            r#"{"filter":{"idss":[1],"ids":[2]}}"#,
            &[("filter.idss", "ids")],
        ),
        (
            "retailcrm",
            "customers.upload",
            r#"{"customers":[{"lastName":"a"},{"lastNmae":"b"}]}"#,
            &[("customers[1].lastNmae", "lastName")],
        ),
        (
            "retailcrm",
            "orders.edit",
            r#"{"externalId":"1","order":{"zzzzzzzzzzzz":1}}"#,
            &[("order.zzzzzzzzzzzz", "")],
        ),
    ] {
        let mut expected: Vec<(String, String)> = expected
            .iter()
            .map(|(path, nearest)| ((*path).to_owned(), (*nearest).to_owned()))
            .collect();
        let mut warned = warned(service, operation, params);
        warned.sort();
        expected.sort();
        assert_eq!(warned, expected, "{operation} {params}");
    }
}

// F22
#[test]
fn f22_free_maps_and_known_fields_are_not_warned_of() {
    for (service, operation, params) in [
        (
            "retailcrm",
            "orders.create",
            r#"{"order":{"externalId":"1","customFields":{"any":1,"thing":[{"x":2}]},"items":[{"properties":[{"code":"a","name":"b","value":"c"}]}]},"site":"s"}"#,
        ),
        (
            "retailcrm",
            "customers.edit",
            r#"{"externalId":"1","customer":{"customFields":{"colour":"red"},"address":{"city":"x"}}}"#,
        ),
        (
            "retailcrm",
            "orders.list",
            r#"{"filter":{"ids":["1"],"customFields":{"any":"x"}},"page":"1"}"#,
        ),
        ("nicechat", "products.delete", r#"{"id":"1"}"#),
        ("uvygoda", "getStages", "{}"),
    ] {
        assert_eq!(
            warned(service, operation, params),
            [],
            "{operation} {params}"
        );
    }
}

// F22
#[test]
fn f22_strict_refuses_and_sends_nothing_and_otherwise_it_is_sent() {
    let sandbox = SandboxProcess::start(&[]);
    let order = r#"{"order":{"externalId":"n-1","firstNme":"x","items":[{"quantty":1}]}}"#;
    let args = [
        "call",
        "retailcrm",
        "orders.create",
        "--strict",
        "--params",
        "-",
    ];
    let refused = run(&mut sandbox.command(&args), order);
    let error = refused.error();
    assert_eq!((refused.code, text(&error, "kind")), (1, "invalid_input"));
    let message = text(&error, "message");
    for part in [
        "order.firstNme",
        "firstName",
        "order.items[0].quantty",
        "quantity",
    ] {
        assert!(message.contains(part), "{part}: {message}");
    }
    assert_eq!(refused.stderr.lines().count(), 1, "{refused:?}");
    let missing = sandbox.call("retailcrm", "orders.get", r#"{"externalId":"n-1"}"#);
    assert_eq!(text(&missing.error(), "kind"), "not_found");

    // A known order is as good with `--strict`.
    let good = r#"{"order":{"externalId":"n-2","firstName":"x"}}"#;
    let taken = run(&mut sandbox.command(&args), good);
    assert_eq!((taken.code, taken.stderr.as_str()), (0, ""), "{taken:?}");
    let id = taken.json().get("id").and_then(Json::as_i64);
    assert!(id.is_some(), "{taken:?}");

    // A top-level one is refused without it.
    let refused = sandbox.call("retailcrm", "orders.create", r#"{"ordr":{}}"#);
    let error = refused.error();
    assert_eq!((refused.code, text(&error, "kind")), (1, "invalid_input"));
    assert!(text(&error, "message").contains("ordr"), "{refused:?}");
}

// F22: of a key that comes twice only the last is sent.
#[test]
fn f22_a_key_that_comes_twice_is_told_and_refused_when_strict() {
    for (service, operation, params, key) in [
        (
            "nicechat",
            "products.delete",
            r#"{"id":"a9","id":"a10"}"#,
            "id",
        ),
        (
            "retailcrm",
            "orders.get",
            r#"{"externalId":"a9","externalId":"a10"}"#,
            "externalId",
        ),
        (
            "retailcrm",
            "orders.create",
            r#"{"order":{"items":[{"quantity":1,"quantity":2}]}}"#,
            "order.items[0].quantity",
        ),
        ("uvygoda", "getProductInfo", r#"{"ID":1,"ID":2}"#, "ID"),
    ] {
        let mut call = command(&["call", service, operation, "--params", "-"]);
        let called = run(call.envs(KEYS), params);
        assert_eq!(text(&called.error(), "kind"), "connect", "{called:?}");
        let warning = format!("warning: {key}: the key comes twice");
        assert!(called.stderr.contains(&warning), "{called:?}");
        let mut call = command(&["call", service, operation, "--strict", "--params", "-"]);
        let refused = run(call.envs(KEYS), params);
        let error = refused.error();
        assert_eq!((refused.code, text(&error, "kind")), (1, "invalid_input"));
        let message = text(&error, "message");
        let said = format!("{key}: the key comes twice");
        assert!(message.contains(&said), "{said}: {refused:?}");
    }
}
