//! The tour, as a newcomer runs it.

mod support;

use common_model::Value as Json;
use support::{command, run};

// X2, X3, X8, X9, RE7, RE10, R24, U18, U38, N75, N76, N77, N81
#[test]
fn x9_demo_json_says_ok_with_more_than_60_requests() {
    let toured = run(&mut command(&["demo", "--json"]), "");
    assert_eq!(
        (toured.code, toured.stderr.as_str()),
        (0, ""),
        "{}",
        toured.stdout
    );
    assert_eq!(toured.stdout.lines().count(), 1, "one object on one line");
    let summary = toured.json();
    assert_eq!(
        summary.get("ok").and_then(Json::as_bool),
        Some(true),
        "{summary}"
    );
    let requests = summary
        .get("requests")
        .and_then(Json::as_i64)
        .expect("a number");
    assert!(requests > 60, "{summary}");
    let of = |service: &str, count: &str| {
        summary
            .pointer(&format!("/services/{service}/{count}"))
            .and_then(Json::as_i64)
    };
    for service in ["nicechat", "uvygoda", "retailcrm"] {
        assert!(
            of(service, "requests") > Some(0) && of(service, "checks") > Some(0),
            "{summary}"
        );
        assert_eq!(
            (of(service, "throttled"), of(service, "wrong")),
            (Some(0), Some(0)),
            "{summary}"
        );
    }
    let counted: Option<i64> = ["nicechat", "uvygoda", "retailcrm"]
        .into_iter()
        .map(|service| of(service, "requests"))
        .sum();
    assert_eq!(counted, Some(requests));
}

#[test]
fn the_transcript_tells_each_call_and_ends_with_the_table() {
    let toured = run(&mut command(&["demo"]), "");
    assert_eq!(toured.code, 0, "{toured:?}");
    for part in [
        "products.create",
        "addProduct",
        "orders.upload",
        " ms  ",
        "answered 503",
        "all of them hold",
    ] {
        assert!(toured.stdout.contains(part), "{part}\n{}", toured.stdout);
    }
    assert!(!toured.stdout.contains("WRONG"), "{}", toured.stdout);
}
