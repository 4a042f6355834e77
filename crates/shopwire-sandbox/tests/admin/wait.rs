//! Waiting for a condition.

use std::time::Duration;

use serde_json::json;

use super::support::Admin;

// S1
#[tokio::test]
async fn s1_a_script_waits_for_a_request() {
    let admin = Admin::start().await;
    // What came before counts, in the order in which it came.
    admin.order("A-1").await;
    admin.order("A-2").await;
    let found = admin
        .done("GET", "/api/wait?for=request&operation=orders.create", "")
        .await;
    assert_eq!(
        (
            found["matched"].as_array().map(Vec::len),
            &found["matched"][0]["id"]
        ),
        (Some(1), &json!(1))
    );
    let found = admin
        .done(
            "GET",
            "/api/wait?for=request&path=/api/v5/orders&method=POST&count=2",
            "",
        )
        .await;
    assert_eq!(
        (&found["matched"][0]["id"], &found["matched"][1]["id"]),
        (&json!(1), &json!(2))
    );
    // What comes later ends the wait.
    let later = async {
        admin
            .crm("GET", "/api/v5/orders?limit=7", "")
            .await
            .expect("an answer");
        admin.order("A-3").await
    };
    let (found, _) = tokio::join!(
        admin.done("GET", "/api/wait?for=request&after=2&status=201", ""),
        later
    );
    assert_eq!(
        found["matched"],
        json!([{
            "id": 4, "service": "retailcrm", "at": found["matched"][0]["at"], "method": "POST",
            "path": "/api/v5/orders/create", "operation": "orders.create", "status": 201,
            "duration_ms": found["matched"][0]["duration_ms"], "fault": null, "processed": true, "reasons": 0,
        }])
    );
}

// S1
#[tokio::test(start_paused = true)]
async fn s1_a_wait_ends_when_its_time_is_over() {
    let admin = Admin::start().await;
    admin.order("A-1").await;
    for (query, waited, found) in [
        ("for=request&service=uvygoda", 10_000, 0),
        ("for=request&count=2&timeout_ms=600000", 600_000, 1),
        ("for=request&after=1&timeout_ms=0", 0, 0),
        ("for=webhook&timeout_ms=50", 50, 0),
    ] {
        let begun = tokio::time::Instant::now();
        let answer = tokio::time::timeout(
            Duration::from_secs(700),
            super::support::send_patiently(admin.port, &format!("/api/wait?{query}")),
        )
        .await;
        let answer = answer.expect("an answer");
        let elapsed = begun.elapsed();
        assert!(
            elapsed >= Duration::from_millis(waited)
                && elapsed < Duration::from_millis(waited + 5_000),
            "{query}: {elapsed:?}"
        );
        assert_eq!(answer.status, 408, "{query}");
        let answer = answer.json();
        assert_eq!(
            answer["matched"].as_array().map(Vec::len),
            Some(found),
            "{query}"
        );
        assert!(
            answer["error"].to_string().contains("timeout_ms: "),
            "{answer}"
        );
    }
}

// S1
#[tokio::test]
async fn s1_a_request_without_an_answer_is_waited_for_by_status_none() {
    let admin = Admin::start().await;
    admin
        .done(
            "POST",
            "/api/faults",
            r#"{"service":"retailcrm","kind":"reset_after_commit"}"#,
        )
        .await;
    let lost = admin.crm("GET", "/api/v5/orders", "");
    let (found, lost) = tokio::join!(
        admin.done("GET", "/api/wait?for=request&status=none", ""),
        lost
    );
    assert!(lost.is_err());
    let one = &found["matched"][0];
    assert_eq!(
        (&one["id"], &one["status"], &one["processed"]),
        (&json!(1), &json!(null), &json!(true))
    );
}
