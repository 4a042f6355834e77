//! Faults are read, shown, described, and refused by their fields.

use super::*;

/// A value of a field that is not its default.
fn example(field: &str) -> Value {
    match field {
        "operation" => json!("getStages"),
        "method" => json!("POST"),
        "path" => json!("/local/api/api.php"),
        "event" => json!("new_order"),
        "times" => Value::Null,
        "after" => json!(3),
        "rate" => json!(0.25),
        "seed" => json!(9_007_199_254_740_991_u64),
        "delay_ms" => json!(0.5),
        "latency" => json!({"p50_ms": 80, "p99_ms": 900.5}),
        "retry_after_s" => json!(1.5),
        "status" => json!(302),
        "location" => json!("https://moved.example/"),
        other => panic!("no example of {other}"),
    }
}

fn error(value: Value) -> String {
    read(&value).expect_err(&value.to_string()).to_string()
}

#[test]
fn s1_every_kind_with_every_field_is_read_shown_and_read_again() {
    for row in &KINDS {
        let mut given = json!({"service": "uvygoda", "kind": row.name});
        let mut wanted = given.clone();
        for field in &FIELDS {
            if (field.is_of)(row.kind) {
                given[field.name] = example(field.name);
                wanted[field.name] = example(field.name);
            } else {
                wanted[field.name] = match field.name {
                    "delay_ms" => json!(0),
                    _ => Value::Null,
                };
            }
        }
        let (service, fault) = read(&given).expect(row.name);
        let listed = QueuedFault {
            id: 7,
            service,
            fault: fault.clone(),
            happened: 2,
            pending: true,
        };
        let shown = listed.to_json();
        for (name, value) in wanted.as_object().expect("an object") {
            assert_eq!(&shown[name], value, "{} of {}", name, row.name);
        }
        assert_eq!((&shown["id"], &shown["happened"]), (&json!(7), &json!(2)));
        assert_eq!(read(&shown), Ok((service, fault)), "{shown}");
    }
}

#[test]
fn s1_the_kinds_are_described_by_the_fields_that_they_take() {
    let described = Fault::kinds();
    let described = described.as_array().expect("a list");
    assert_eq!(described.len(), KINDS.len());
    for kind in described {
        let name = kind["kind"].as_str().expect("a name");
        let is_text = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
        assert!(
            is_text(&kind["title"]) && is_text(&kind["description"]),
            "{kind}"
        );
        for field in kind["fields"].as_array().expect("a list") {
            assert!(
                is_text(&field["type"]) && is_text(&field["description"]),
                "{field}"
            );
            let field_name = field["name"].as_str().expect("a name");
            let mut fault = json!({"service": "uvygoda", "kind": name});
            if name == "latency" && field_name != "latency" {
                fault["latency"] = json!({"fixed_ms": 1});
            }
            let without = read(&fault);
            fault[field_name] = example(field_name);
            assert!(read(&fault).is_ok(), "{fault}");
            fault[field_name] = field["default"].clone();
            assert_eq!(read(&fault), without, "{fault}");
        }
    }
}

#[test]
fn s1_what_makes_no_sense_is_refused_and_the_field_is_named() {
    let of = |name: &str, value: Value| {
        let mut fault = json!({"service": "retailcrm", "kind": "unavailable"});
        fault[name] = value;
        fault
    };
    let huge = || json!(1e300);
    let cases = [
        (json!(5), "must be an object"),
        (json!({"kind": "stall"}), "service: is missing"),
        (json!({"service": "retailcrm"}), "kind: is missing"),
        (
            json!({"service": 1, "kind": "stall"}),
            "service: must be a text",
        ),
        (
            of("kind", json!("unavailible")),
            "kind: unknown \"unavailible\"; did you mean \"unavailable\"?",
        ),
        (
            of("service", json!("bitrix")),
            "service: unknown \"bitrix\"; known: nicechat, uvygoda, retailcrm",
        ),
        (
            of("retry_after", json!(1)),
            "retry_after: is no field of a fault: unknown \"retry_after\"; did you mean \"retry_after_s\"?",
        ),
        (
            of("status", json!(502)),
            "status: has no meaning for the kind unavailable",
        ),
        (
            of("event", json!("new_order")),
            "event: has no meaning for the kind unavailable",
        ),
        (
            of("operation", json!("orders.lst")),
            "operation: unknown \"orders.lst\"; did you mean \"orders.list\"?",
        ),
        (
            of("operation", json!(["orders.list"])),
            "operation: must be a text",
        ),
        (of("method", json!("FETCH")), "method: unknown \"FETCH\""),
        (of("path", json!("api/v5")), "path: must start with /"),
        (of("path", json!("")), "path: must have 1 to 2048 bytes"),
        (
            of("path", json!(format!("/{}", "x".repeat(2048)))),
            "path: must have 1 to 2048 bytes",
        ),
        (
            of("times", json!(0)),
            "times: must be a whole number from 1 to 4294967295",
        ),
        (of("times", json!(4_294_967_296_u64)), "times: must be"),
        (of("times", json!(1.5)), "times: must be"),
        (
            of("after", json!(-1)),
            "after: must be a whole number from 0",
        ),
        (
            of("rate", json!(1.01)),
            "rate: must be a number from 0 to 1",
        ),
        (of("rate", json!(-0.01)), "rate: must be"),
        (of("rate", json!("0.5")), "rate: must be"),
        (of("seed", json!(-7)), "seed: must be"),
        (
            of("seed", json!(9_007_199_254_740_992_u64)),
            "seed: must be a whole number from 0 to 9007199254740991",
        ),
        (
            of("delay_ms", json!(-1)),
            "delay_ms: must be a number from 0 to 3600000",
        ),
        (of("delay_ms", huge()), "delay_ms: must be"),
        (of("retry_after_s", json!(-1)), "retry_after_s: must be"),
        (of("retry_after_s", huge()), "retry_after_s: must be"),
        (of("latency", json!(80)), "latency: must be an object"),
        (of("latency", json!({})), "latency: needs fixed_ms alone"),
        (
            of("latency", json!({"p50_ms": 80})),
            "latency: needs fixed_ms alone",
        ),
        (
            of("latency", json!({"fixed_ms": 1, "p50_ms": 1, "p99_ms": 2})),
            "latency: needs fixed_ms alone",
        ),
        (
            of("latency", json!({"fixed_ms": -1})),
            "latency.fixed_ms: must be",
        ),
        (
            of("latency", json!({"p50_ms": 0, "p99_ms": 1})),
            "latency.p50_ms: must be",
        ),
        (
            of("latency", json!({"p50_ms": 9, "p99_ms": 1})),
            "latency.p99_ms: must not be below p50_ms",
        ),
        (
            of("latency", json!({"p95_ms": 9})),
            "latency: unknown \"p95_ms\"",
        ),
        (
            json!({"service": "retailcrm", "kind": "latency"}),
            "latency: is missing",
        ),
        (
            json!({"service": "retailcrm", "kind": "status", "status": 99}),
            "status: must be a whole number from 200 to 599",
        ),
        (
            json!({"service": "retailcrm", "kind": "status", "location": "a\nb"}),
            "location: has characters",
        ),
        (
            json!({"service": "uvygoda", "kind": "lost_callback", "event": "new_ordr"}),
            "did you mean \"new_order\"?",
        ),
        (
            json!({"service": "uvygoda", "kind": "lost_callback", "delay_ms": 5}),
            "delay_ms: has no meaning",
        ),
    ];
    for (value, wanted) in cases {
        let error = error(value);
        assert!(error.contains(wanted), "{error} has no {wanted}");
    }
    let list = json!([of("rate", json!(1)), of("rate", json!(2))]);
    let error = read_all(&list).expect_err("the second");
    assert_eq!(error.field(), "faults[1].rate");
}

#[test]
fn s5_no_value_of_any_field_panics() {
    let odd = [
        json!(null),
        json!(true),
        json!(-1),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1e308),
        json!(5e-324),
        json!(""),
        json!("\u{0}"),
        json!("я".repeat(5000)),
        json!([]),
        json!({}),
        json!([[[]]]),
    ];
    for row in &KINDS {
        for field in FIELDS
            .iter()
            .map(|field| field.name)
            .chain(["service", "kind", "x"])
        {
            for value in &odd {
                let mut fault = json!({"service": "uvygoda", "kind": row.name, "delay_ms": 1});
                fault[field] = value.clone();
                if let Err(error) = read(&fault) {
                    assert!(error.to_string().len() < 1000, "{error}");
                }
            }
        }
    }
}
