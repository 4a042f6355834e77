//! The journal as an HTTP archive.

use serde_json::Value;

use super::support::Admin;

/// The members that HAR 1.2 requires, by object.
const REQUIRED: &[(&str, &[&str])] = &[
    ("/log", &["version", "creator", "entries"]),
    ("/log/creator", &["name", "version"]),
    (
        "/log/entries/0",
        &[
            "startedDateTime",
            "time",
            "request",
            "response",
            "cache",
            "timings",
        ],
    ),
    (
        "/log/entries/0/request",
        &[
            "method",
            "url",
            "httpVersion",
            "cookies",
            "headers",
            "queryString",
            "headersSize",
            "bodySize",
        ],
    ),
    (
        "/log/entries/0/response",
        &[
            "status",
            "statusText",
            "httpVersion",
            "cookies",
            "headers",
            "content",
            "redirectURL",
            "headersSize",
            "bodySize",
        ],
    ),
    ("/log/entries/0/response/content", &["size", "mimeType"]),
    ("/log/entries/0/timings", &["send", "wait", "receive"]),
    (
        "/log/entries/1/request/postData",
        &["mimeType", "params", "text"],
    ),
];

// S2
#[tokio::test]
async fn s2_the_journal_is_an_http_archive() {
    let admin = Admin::start().await;
    admin
        .crm("GET", "/api/v5/orders?filter[ids][]=7&limit=20", "")
        .await
        .expect("an answer");
    admin.order("Ä-1").await;
    admin
        .done(
            "POST",
            "/api/faults",
            r#"{"service":"retailcrm","kind":"reset_after_commit"}"#,
        )
        .await;
    assert!(admin.crm("GET", "/api/v5/orders", "").await.is_err());
    let har = admin.done("GET", "/api/har", "").await;
    assert_eq!(har["log"]["version"], "1.2");
    for (pointer, members) in REQUIRED {
        let object = har
            .pointer(pointer)
            .unwrap_or_else(|| panic!("{pointer}: {har}"));
        for member in *members {
            assert!(object.get(member).is_some(), "{pointer}/{member}");
        }
    }
    let entries = har["log"]["entries"].as_array().expect("a list");
    assert_eq!(entries.len(), 3);
    let url = format!(
        "{}/api/v5/orders?filter[ids][]=7&limit=20",
        admin.sandbox.retailcrm().url()
    );
    assert_eq!(entries[0]["request"]["url"], url);
    assert_eq!(
        entries[0]["request"]["queryString"][0],
        serde_json::json!({"name": "filter[ids][]", "value": "7"})
    );
    assert_eq!(entries[0]["comment"], "orders.list");
    assert!(
        entries[1]["request"]["postData"]["text"]
            .to_string()
            .contains("%22number%22")
    );
    assert_eq!(
        (
            &entries[1]["response"]["status"],
            &entries[1]["response"]["statusText"]
        ),
        (&Value::from(201), &Value::from("Created"))
    );
    assert_eq!(entries[2]["response"]["status"], 0);
    assert!(
        entries[2]["comment"]
            .to_string()
            .contains("fault reset_after_commit")
    );
    assert_eq!(
        admin.done("GET", "/api/har?after=2", "").await["log"]["entries"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
    assert_eq!(
        admin.done("GET", "/api/har?service=uvygoda", "").await["log"]["entries"]
            .as_array()
            .map(Vec::len),
        Some(0)
    );
}
