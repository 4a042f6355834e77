//! Faults and scenarios: set over HTTP, and seen to happen.

use serde_json::{Value, json};

use super::support::Admin;

/// Sets one fault of RetailCRM that happens once; returns its id.
async fn set(admin: &Admin, kind: &str, more: Value) -> u64 {
    let mut fault = json!({"service": "retailcrm", "kind": kind, "method": "POST", "path": "/api/v5/orders/create"});
    for (name, value) in more.as_object().into_iter().flatten() {
        fault[name] = value.clone();
    }
    let set = admin.done("POST", "/api/faults", &fault.to_string()).await;
    set["faults"][0]["id"].as_u64().expect("an id")
}

async fn fault(admin: &Admin, id: u64) -> Value {
    let faults = admin.done("GET", "/api/faults", "").await;
    let mut faults = faults["faults"].as_array().expect("a list").iter();
    faults
        .find(|one| one["id"] == id)
        .cloned()
        .unwrap_or_default()
}

/// Creates an order; returns status and body, or none when the connection broke.
async fn create(admin: &Admin, number: &str) -> Option<(u16, String)> {
    let form = format!("order=%7B%22number%22%3A%22{number}%22%7D");
    let answer = admin
        .crm("POST", "/api/v5/orders/create", &form)
        .await
        .ok()?;
    Some((
        answer.status,
        String::from_utf8_lossy(&answer.body).into_owned(),
    ))
}

// S1
#[tokio::test]
async fn s1_every_kind_of_fault_is_set_and_seen_to_happen() {
    let admin = Admin::start().await;
    let kinds = admin.done("GET", "/api/faults/kinds", "").await;
    let kinds: Vec<&str> = kinds
        .as_array()
        .expect("a list")
        .iter()
        .map(|kind| kind["kind"].as_str().expect("a name"))
        .collect();
    let mut orders = 0;
    for kind in &kinds {
        if *kind == "lost_callback" {
            // Of webhooks: shown in `state.rs`.
            continue;
        }
        let more = match *kind {
            "latency" => json!({"latency": {"fixed_ms": 80}}),
            "status" => json!({"status": 418}),
            "stall" | "stall_in_body" => json!({}),
            _ => json!({"retry_after_s": null}),
        };
        let id = set(&admin, kind, more).await;
        let begun = tokio::time::Instant::now();
        let outcome = match kind.starts_with("stall") {
            // The answer never ends.
            true => {
                let limit = std::time::Duration::from_millis(300);
                assert!(
                    tokio::time::timeout(limit, create(&admin, kind))
                        .await
                        .is_err(),
                    "{kind}"
                );
                None
            }
            false => create(&admin, kind).await,
        };
        let elapsed = begun.elapsed();
        match (*kind, &outcome) {
            ("latency", Some((201, _))) => assert!(elapsed.as_millis() >= 80, "{elapsed:?}"),
            ("unavailable", Some((503, page))) => assert!(page.contains('<'), "{page}"),
            ("status", Some((418, _))) => {}
            ("reset_before_commit" | "reset_during_commit" | "reset_after_commit", None) => {}
            ("stall" | "stall_in_body", None) => {}
            ("truncated", Some((201, body))) => {
                assert!(serde_json::from_str::<Value>(body).is_err(), "{body}")
            }
            ("html", Some((200, body))) => assert!(body.contains('<'), "{body}"),
            ("flipped_shapes", Some((201, body))) => {
                assert!(!body.contains("\"success\":\"\""), "{body}")
            }
            ("trailing_commas", Some((201, body))) => assert!(body.contains(",}"), "{body}"),
            ("php_warning", Some((201, body))) => assert!(body.contains("Warning"), "{body}"),
            (kind, outcome) => panic!("{kind}: {outcome:?}"),
        }
        let happened = fault(&admin, id).await;
        assert_eq!(
            (&happened["happened"], &happened["pending"]),
            (&json!(1), &json!(false)),
            "{happened}"
        );
        // The effect, as the service has it.
        if !["unavailable", "status", "reset_before_commit"].contains(kind) {
            orders += 1;
        }
        if *kind == "reset_during_commit" {
            // It lands after the reset.
            let newest =
                admin.done("GET", "/api/requests?limit=1", "").await["requests"][0].clone();
            let path = format!("/api/requests/{}", newest["id"]);
            while admin.done("GET", &path, "").await["processed"] == false {}
        }
        let state = admin.done("GET", "/api/state", "").await;
        assert_eq!(state["retailcrm"]["orders"], orders, "{kind}: {state}");
        // The journal names the fault.
        let newest = admin.done("GET", "/api/requests?limit=1", "").await;
        assert_eq!(newest["requests"][0]["fault"], *kind);
    }
    assert_eq!(kinds.len(), 14);
}

// S1, S6
#[tokio::test]
async fn s1_faults_by_count_operation_rate_and_always() {
    let admin = Admin::start().await;
    let list = r#"[
        {"service":"retailcrm","kind":"unavailable","operation":"orders.create","times":2,"after":1,"retry_after_s":7},
        {"service":"retailcrm","kind":"status","status":500,"operation":"orders.list","times":null}
    ]"#;
    let set = admin.done("POST", "/api/faults", list).await;
    assert_eq!(set["faults"].as_array().map(Vec::len), Some(2));
    let mut statuses = Vec::new();
    for number in 1..=4 {
        statuses.push(
            create(&admin, &format!("A-{number}"))
                .await
                .expect("an answer")
                .0,
        );
    }
    assert_eq!(statuses, [201, 503, 503, 201]);
    for _ in 0..3 {
        assert_eq!(
            admin
                .crm("GET", "/api/v5/orders", "")
                .await
                .expect("an answer")
                .status,
            500
        );
    }
    let shown = admin.done("GET", "/api/faults", "").await;
    assert_eq!(shown["faults"][1]["happened"], 3);
    // What the list shows can be sent again.
    admin
        .done("POST", "/api/faults", &shown["faults"].to_string())
        .await;
    admin.done("DELETE", "/api/faults/2", "").await;
    assert_eq!(
        admin.done("GET", "/api/faults", "").await["faults"]
            .as_array()
            .map(Vec::len),
        Some(3)
    );
    admin
        .done("DELETE", "/api/faults?service=uvygoda", "")
        .await;
    admin
        .done("DELETE", "/api/faults?service=retailcrm", "")
        .await;
    assert_eq!(
        admin.done("GET", "/api/faults", "").await,
        json!({"faults": []})
    );
    // One wrong fault of a list: none is set.
    admin
        .refused(
            "POST",
            "/api/faults",
            r#"[{"service":"retailcrm","kind":"stall"},{"service":"retailcrm","kind":"stal"}]"#,
            400,
        )
        .await;
    assert_eq!(
        admin.done("GET", "/api/faults", "").await,
        json!({"faults": []})
    );
    // The same seed meets the same requests.
    let mut runs = Vec::new();
    for _ in 0..2 {
        admin
            .done(
                "POST",
                "/api/faults",
                r#"{"service":"retailcrm","kind":"unavailable","rate":0.5,"seed":7,"times":null}"#,
            )
            .await;
        let mut run = Vec::new();
        for _ in 0..20 {
            run.push(
                admin
                    .crm("GET", "/api/v5/orders", "")
                    .await
                    .expect("an answer")
                    .status,
            );
        }
        assert!(run.contains(&503) && run.contains(&200), "{run:?}");
        runs.push(run);
        admin.done("DELETE", "/api/faults", "").await;
    }
    assert_eq!(runs[0], runs[1]);
}

// S6
#[tokio::test]
async fn s6_a_scenario_sets_faults_by_the_clock() {
    let admin = Admin::start().await;
    let shipped = admin.done("GET", "/api/scenarios", "").await;
    let names: Vec<&str> = shipped
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| one["name"].as_str().expect("a name"))
        .collect();
    assert_eq!(names, ["a bad day", "a moved account", "a slow night"]);
    assert!(admin.done("GET", "/api/scenario", "").await.is_null());
    admin.done("PUT", "/api/clock", r#"{"frozen":true}"#).await;
    let steps = r#"{"steps":[
        {"at_s":60,"faults":[{"service":"retailcrm","kind":"unavailable","times":null}]},
        {"at_s":120,"clear":true}
    ]}"#;
    let running = admin.done("POST", "/api/scenario", steps).await;
    assert_eq!(running["done"], 0, "{running}");
    for (seconds, status) in [(0, 200), (59, 200), (1, 503), (59, 503), (1, 200)] {
        admin
            .done(
                "POST",
                "/api/clock/advance",
                &format!("{{\"seconds\":{seconds}}}"),
            )
            .await;
        let answer = admin
            .crm("GET", "/api/v5/orders", "")
            .await
            .expect("an answer");
        assert_eq!(answer.status, status);
    }
    assert_eq!(admin.done("GET", "/api/scenario", "").await["done"], 2);
    for name in names {
        admin
            .done(
                "POST",
                "/api/scenario",
                &json!({ "name": name }).to_string(),
            )
            .await;
        assert_eq!(admin.done("GET", "/api/scenario", "").await["name"], name);
    }
    admin.done("DELETE", "/api/scenario", "").await;
    assert!(admin.done("GET", "/api/scenario", "").await.is_null());
    assert_eq!(
        admin.done("GET", "/api/faults", "").await,
        json!({"faults": []})
    );
}
