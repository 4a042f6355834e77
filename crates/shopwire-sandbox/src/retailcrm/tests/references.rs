//! The reference books over whole requests.

use serde_json::json;

use super::harness::{Crm, json_form};

// F17
#[test]
fn f17_subscription_categories_are_known_by_channel_and_code() {
    let crm = Crm::new();
    let edit = |channel: &str, category| {
        let path = format!("/api/v5/reference/subscriptions/{channel}/news/edit");
        crm.post(&path, &json_form("subscription", &category)).0
    };
    assert_eq!(
        edit("email", json!({"active": true})),
        400,
        "a new one needs a name"
    );
    assert_eq!(edit("email", json!({"name": "News", "id": 9})), 201);
    assert_eq!(edit("sms", json!({"name": "Short news"})), 201);
    assert_eq!(
        edit("email", json!({"active": false, "code": "other"})),
        200
    );
    let (_, body) = crm.get("/api/v5/reference/subscriptions");
    assert_eq!(
        body["subscriptions"],
        json!([
            {"id": 1, "active": false, "autoSubscribe": false, "name": "News", "channel": "email", "code": "news"},
            {"id": 2, "active": true, "autoSubscribe": false, "name": "Short news", "channel": "sms", "code": "news"},
        ])
    );
}
