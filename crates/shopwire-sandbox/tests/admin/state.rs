//! State: reset, seed, snapshots, entities and their history, changes by a manager, the clock, webhooks.

use serde_json::{Value, json};
use shopwire_sandbox::Options;

use super::services::Inbox;
use super::support::{Admin, port_of, send};

/// Calls Uvygoda with its token.
async fn uvygoda(admin: &Admin, method: &str, body: Value) -> Value {
    let service = admin.sandbox.uvygoda();
    let token = service.token();
    let headers = [
        ("Token", token.as_str()),
        ("method", method),
        ("Content-Type", "application/json;charset=UTF-8"),
    ];
    send(
        port_of(&service.url()),
        "POST",
        "/local/api/api.php",
        &headers,
        &body.to_string(),
    )
    .await
    .json()
}

// S1, S3
#[tokio::test]
async fn s1_seed_snapshot_and_reset_there_and_back() {
    let admin = Admin::start().await;
    let empty = admin.done("GET", "/api/state", "").await;
    let plan = r#"{"seed":7,"retailcrm":{"orders":20,"customers":5},"nicechat":{"products":3},"uvygoda":{"cards":2}}"#;
    let counts = admin.done("POST", "/api/seed", plan).await;
    assert_eq!(
        (
            &counts["retailcrm"]["orders"],
            &counts["retailcrm"]["customers"]
        ),
        (&json!(20), &json!(5))
    );
    assert_eq!(
        (&counts["nicechat"]["products"], &counts["uvygoda"]["cards"]),
        (&json!(3), &json!(2))
    );
    assert_eq!(admin.done("GET", "/api/state", "").await, counts);
    let seeded = admin.done("GET", "/api/snapshot", "").await;
    // The same seed gives the same ids and times, here and in another sandbox.
    admin.order("late").await;
    assert_ne!(admin.done("GET", "/api/snapshot", "").await, seeded);
    admin.done("POST", "/api/seed", plan).await;
    assert_eq!(
        admin.done("GET", "/api/state/retailcrm/orders", "").await,
        {
            let other = Admin::start().await;
            other.done("POST", "/api/seed", plan).await;
            other.done("GET", "/api/state/retailcrm/orders", "").await
        }
    );
    // A snapshot that is loaded is saved again, and goes on alike.
    admin
        .done("PUT", "/api/snapshot", &seeded.to_string())
        .await;
    assert_eq!(admin.done("GET", "/api/snapshot", "").await, seeded);
    let id = admin.order("after").await;
    let (first, again) = (
        admin
            .done("GET", &format!("/api/state/retailcrm/orders/{id}"), "")
            .await,
        {
            admin
                .done("PUT", "/api/snapshot", &seeded.to_string())
                .await;
            assert_eq!(admin.order("after").await, id);
            admin
                .done("GET", &format!("/api/state/retailcrm/orders/{id}"), "")
                .await
        },
    );
    assert_eq!(first, again);
    // A snapshot that is no snapshot changes nothing.
    let mut broken = seeded.clone();
    broken["state"]["retailcrm"] = 7.into();
    let damaged = admin
        .refused("PUT", "/api/snapshot", &broken.to_string(), 400)
        .await;
    assert!(damaged.starts_with("digest"), "{damaged}");
    broken
        .as_object_mut()
        .expect("an object")
        .shift_remove("digest");
    let told = admin
        .refused("PUT", "/api/snapshot", &broken.to_string(), 400)
        .await;
    assert!(told.starts_with("state.retailcrm"), "{told}");
    assert_eq!(
        admin
            .done("GET", &format!("/api/state/retailcrm/orders/{id}"), "")
            .await,
        first
    );
    // A reset keeps what it is told to keep.
    admin
        .done(
            "POST",
            "/api/faults",
            r#"{"service":"retailcrm","kind":"stall","operation":"orders.get"}"#,
        )
        .await;
    admin
        .done("POST", "/api/reset", r#"{"keep":["requests","faults"]}"#)
        .await;
    assert_eq!(admin.done("GET", "/api/state", "").await, empty);
    assert_ne!(admin.done("GET", "/api/requests", "").await["total"], 0);
    assert_eq!(
        admin.done("GET", "/api/faults", "").await["faults"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
    admin.done("POST", "/api/reset", "").await;
    assert_eq!(admin.done("GET", "/api/requests", "").await["total"], 0);
    assert_eq!(
        admin.done("GET", "/api/faults", "").await,
        json!({"faults": []})
    );
    // The credentials stay.
    admin.order("A-1").await;
}

// S1
#[tokio::test]
async fn s1_entities_are_shown_with_their_history_and_changed_by_a_manager() {
    let admin = Admin::start().await;
    let id = admin.order("A-1").await;
    admin.order("B-2").await;
    let page = admin
        .done("GET", "/api/state/retailcrm/orders?limit=1&page=2", "")
        .await;
    assert_eq!(
        (&page["total"], &page["rows"][0]["number"]),
        (&json!(2), &json!("B-2"))
    );
    let found = admin
        .done("GET", "/api/state/retailcrm/orders?text=b-2", "")
        .await;
    assert_eq!(found["total"], 1);
    let row = admin
        .done("GET", &format!("/api/state/retailcrm/orders/{id}"), "")
        .await;
    assert_eq!(row["number"], "A-1");
    let before = admin
        .done(
            "GET",
            &format!("/api/state/retailcrm/orders/{id}/history"),
            "",
        )
        .await;
    let before = before["history"].as_array().expect("a list").len();

    let change = json!({"entity": "order", "id": id, "changes": {"managerComment": "call back"}});
    let entries = admin
        .done("POST", "/api/changes", &change.to_string())
        .await;
    let entries = entries["history"].as_array().expect("a list");
    assert!(
        entries.iter().all(|entry| entry["source"] == "user"),
        "{entries:?}"
    );
    assert!(
        entries
            .iter()
            .any(|entry| entry["field"] == "manager_comment"),
        "{entries:?}"
    );
    let after = admin
        .done(
            "GET",
            &format!("/api/state/retailcrm/orders/{id}/history"),
            "",
        )
        .await;
    assert_eq!(
        after["history"].as_array().map(Vec::len),
        Some(before + entries.len())
    );
    // The client sees it.
    let history = admin
        .crm("GET", "/api/v5/orders/history", "")
        .await
        .expect("an answer")
        .json();
    assert!(
        history["history"]
            .as_array()
            .expect("a list")
            .iter()
            .any(|entry| entry["source"] == "user"),
        "{history}"
    );
    for (change, error) in [
        (
            json!({"entity": "order", "id": 99, "changes": {"managerComment": "x"}}),
            "id: ",
        ),
        (
            json!({"entity": "order", "id": id, "changes": {"status": "no-such-status"}}),
            "changes.status: ",
        ),
        (
            json!({"entity": "order", "id": id, "changes": {"colour": "red"}}),
            "changes.colour: ",
        ),
        (
            json!({"entity": "orders", "id": id, "changes": {}}),
            "entity: ",
        ),
    ] {
        let answer = admin
            .send("POST", "/api/changes", &change.to_string())
            .await;
        assert!([400, 404].contains(&answer.status), "{change}");
        let told = answer.json()["error"].to_string();
        assert!(told.contains(error), "{change}: {told}");
    }
}

// S1, S3
#[tokio::test]
async fn s1_the_clock_is_frozen_and_moved() {
    let admin = Admin::with(Options::default().seed(7)).await;
    let clock = admin.done("GET", "/api/clock", "").await;
    assert_eq!(
        clock,
        json!({"now": "2026-01-01T00:00:00.000Z", "frozen": true})
    );
    let moved = admin
        .done("POST", "/api/clock/advance", r#"{"seconds":90.5}"#)
        .await;
    assert_eq!(moved["now"], "2026-01-01T00:01:30.500Z");
    let moved = admin
        .done(
            "POST",
            "/api/clock/advance",
            r#"{"to":"2026-03-01T01:00:00+01:00"}"#,
        )
        .await;
    assert_eq!(
        moved,
        json!({"now": "2026-03-01T00:00:00.000Z", "frozen": true})
    );
    // The services go by it.
    let id = admin.order("A-1").await;
    let row = admin
        .done("GET", &format!("/api/state/retailcrm/orders/{id}"), "")
        .await;
    assert!(row["createdAt"].to_string().contains("2026-03-01"), "{row}");
    assert_eq!(
        admin.done("PUT", "/api/clock", r#"{"frozen":false}"#).await["frozen"],
        false
    );
}

// S1
#[tokio::test]
async fn s1_webhooks_are_listed_sent_lost_and_sent_again() {
    let admin = Admin::start().await;
    let mut inbox = Inbox::start("", http::StatusCode::OK).await;
    let answer = uvygoda(&admin, "setWebHook", json!({"URL": inbox.url("/hook")})).await;
    assert_eq!(answer["RESULT"], true, "{answer}");
    let sent = admin
        .done(
            "POST",
            "/api/webhooks",
            r#"{"service":"uvygoda","event":"new_order","body":{"ORDER_ID":5}}"#,
        )
        .await;
    let id = sent["id"].as_u64().expect("an id");
    assert!(inbox.next().await.body.contains("ORDER_ID"));
    let found = admin
        .done(
            "GET",
            "/api/wait?for=webhook&service=uvygoda&event=new_order&status=200",
            "",
        )
        .await;
    assert_eq!(
        (&found["matched"][0]["state"], &found["matched"][0]["id"]),
        (&json!("delivered"), &json!(id))
    );
    admin
        .done("POST", &format!("/api/webhooks/{id}/resend"), "")
        .await;
    assert!(inbox.next().await.body.contains("ORDER_ID"));
    // A fault loses the next one; it can be sent again.
    admin
        .done(
            "POST",
            "/api/faults",
            r#"{"service":"uvygoda","kind":"lost_callback"}"#,
        )
        .await;
    let lost = admin
        .done(
            "POST",
            "/api/webhooks",
            r#"{"service":"uvygoda","event":"order_status"}"#,
        )
        .await;
    let lost = lost["id"].as_u64().expect("an id");
    let found = admin
        .done(
            "GET",
            &format!("/api/wait?for=webhook&after={id}&status=none"),
            "",
        )
        .await;
    assert_eq!(
        (&found["matched"][0]["id"], &found["matched"][0]["state"]),
        (&json!(lost), &json!("lost"))
    );
    let again = admin
        .done("POST", &format!("/api/webhooks/{lost}/resend"), "")
        .await;
    assert_eq!(again["state"], "pending");
    inbox.next().await;
    assert!(inbox.is_empty());
    let list = admin.done("GET", "/api/webhooks?service=uvygoda", "").await;
    let ids: Vec<_> = list["webhooks"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| one["id"].as_u64())
        .collect();
    assert_eq!(ids, [Some(lost), Some(id)], "newest first");
    assert_eq!(
        admin
            .done("GET", "/api/webhooks?service=nicechat", "")
            .await,
        json!({"webhooks": []})
    );
    let told = admin
        .refused(
            "POST",
            "/api/webhooks",
            r#"{"service":"uvygoda","event":"new_oder"}"#,
            400,
        )
        .await;
    assert!(told.contains("did you mean"), "{told}");
}
