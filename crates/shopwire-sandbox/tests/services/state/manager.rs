//! Changes by a manager, and the look at rows and histories.

use serde_json::{Value, json};
use shopwire_sandbox::{Options, RateLimit, RowQuery, Sandbox, SeedPlan};

use crate::support::Clients;

async fn sandbox() -> Sandbox {
    let options = Options::default().seed(7);
    let options = options.retailcrm(|crm| crm.rate_limit(RateLimit::Lifted));
    let sandbox = Sandbox::start(options).await.expect("a sandbox");
    sandbox.seed(&SeedPlan::new(7).orders(3).customers(2)).await;
    sandbox
}

#[tokio::test]
async fn s1_a_change_by_a_manager_is_in_the_history_as_a_users() {
    let sandbox = sandbox().await;
    let clients = Clients::new(&sandbox);
    let company = json!({"nickName": "Acme", "externalId": "acme"});
    clients
        .crm_post(
            "/customers-corporate/create",
            &[("customerCorporate", &company)],
        )
        .await;
    for (change, fields) in [
        (
            json!({"entity": "order", "id": 2, "changes": {"status": "no-call", "managerComment": "x"}}),
            vec!["status", "manager_comment"],
        ),
        (
            json!({"entity": "customer", "externalId": "customer-1", "changes": {"vip": true, "firstName": "Ґалина"}, "user": 1}),
            vec![],
        ),
        (
            json!({"entity": "corporate_customer", "externalId": "acme", "changes": {"nickName": "Acme & Co"}}),
            vec!["nick_name"],
        ),
    ] {
        let told = sandbox.change(&change).expect("a change");
        assert!(!told.is_empty());
        let user = change.get("user").cloned().unwrap_or(json!(2));
        for entry in &told {
            assert_eq!(
                (&entry["source"], &entry["user"]["id"]),
                (&json!("user"), &user)
            );
            assert_eq!(entry.get("apiKey"), None);
            let names: Vec<&String> = entry
                .as_object()
                .expect("an entry")
                .keys()
                .take(4)
                .collect();
            assert_eq!(names, ["id", "createdAt", "source", "user"]);
        }
        for field in fields {
            assert!(
                told.iter().any(|entry| entry["field"] == field),
                "{field}: {told:?}"
            );
        }
    }
    // Clients read it as any other history; their own changes stay the API's.
    clients
        .crm_post(
            "/orders/2/edit",
            &[
                ("by", &json!("id")),
                ("order", &json!({"call": true, "status": "new"})),
            ],
        )
        .await;
    let page = clients
        .crm("/orders/history?filter[sinceId]=3")
        .await
        .json();
    let sources: Vec<&str> = page["history"]
        .as_array()
        .expect("entries")
        .iter()
        .filter_map(|entry| entry["source"].as_str())
        .collect();
    assert_eq!(sources.first(), Some(&"user"));
    assert_eq!(sources.last(), Some(&"api"));
    let seen = sandbox
        .history("retailcrm", "orders", "2")
        .expect("a history");
    assert_eq!(
        &seen[1..],
        page["history"].as_array().expect("entries").as_slice()
    );
    assert_eq!(
        seen[0]["apiKey"],
        json!({"current": false}),
        "another key made the order"
    );
}

#[tokio::test]
async fn s1_a_wrong_change_names_its_field_and_changes_nothing() {
    let sandbox = sandbox().await;
    let before = sandbox.snapshot();
    for (change, field) in [
        (json!([]), ""),
        (json!({}), "entity"),
        (json!({"entity": "task", "id": 1, "changes": {}}), "entity"),
        (json!({"entity": "order", "changes": {}}), "id"),
        (json!({"entity": "order", "id": 9, "changes": {}}), "id"),
        (
            json!({"entity": "order", "externalId": "none", "changes": {}}),
            "externalId",
        ),
        (json!({"entity": "order", "id": 1}), "changes"),
        (
            json!({"entity": "order", "id": 1, "changes": {}, "user": 99}),
            "user",
        ),
        (
            json!({"entity": "order", "id": 1, "changes": {}, "site": "a"}),
            "site",
        ),
        (
            json!({"entity": "order", "id": 1, "changes": {"colour": 1}}),
            "changes.colour",
        ),
        (
            json!({"entity": "order", "id": 1, "changes": {"delivery": {"adress": {}}}}),
            "changes.delivery.adress",
        ),
        (
            json!({"entity": "order", "id": 1, "changes": {"items": [{"quantity": "many"}]}}),
            "changes.items[0].quantity",
        ),
        (
            json!({"entity": "order", "id": 1, "changes": {"status": "no-such"}}),
            "changes.status",
        ),
        (
            json!({"entity": "customer", "id": 1, "changes": {"email": "x"}}),
            "changes.email",
        ),
        (
            json!({"entity": "customer", "id": 1, "changes": {"vip": "perhaps"}}),
            "changes.vip",
        ),
    ] {
        let refused = sandbox.change(&change).expect_err(field);
        assert_eq!(refused.field(), field, "{change}: {refused}");
        assert_eq!(sandbox.snapshot(), before, "{change}");
    }
}

#[tokio::test]
async fn s1_rows_are_seen_by_page_by_text_and_by_id() {
    let sandbox = sandbox().await;
    let query = RowQuery::default().limit(2);
    let page = sandbox
        .rows("retailcrm", "orders", &query.clone().page(2))
        .expect("orders");
    assert_eq!(
        (page.total, page.rows.len(), &page.rows[0]["id"]),
        (3, 1, &json!(3))
    );
    let found = sandbox
        .rows("retailcrm", "orders", &query.text("ORDER-2"))
        .expect("orders");
    assert_eq!(
        (found.total, &found.rows[0]["externalId"]),
        (1, &json!("order-2"))
    );
    assert_eq!(
        sandbox.row("retailcrm", "orders", "2"),
        Some(found.rows[0].clone())
    );
    let status = sandbox
        .row("retailcrm", "reference_statuses", "no-call")
        .expect("a status");
    assert_eq!(status["group"], "cancel");
    assert_eq!(
        sandbox.row("nicechat", "orders", "30").expect("an order")["id"],
        30
    );

    // Every entity that is counted can be seen.
    let counts = sandbox.counts();
    for (service, entities) in counts.as_object().expect("services") {
        for (entity, count) in entities.as_object().expect("entities") {
            let rows = sandbox
                .rows(service, entity, &RowQuery::default())
                .expect("rows");
            assert_eq!(json!(rows.total), *count, "{service} {entity}");
            assert!(
                !entity.contains(['-', '/', ' ']) && *entity == entity.to_lowercase(),
                "{entity}"
            );
        }
    }
    for (service, entity, field) in [("x", "orders", "service"), ("uvygoda", "orders", "entity")] {
        let refused = sandbox
            .rows(service, entity, &RowQuery::default())
            .expect_err(field);
        assert_eq!(refused.field(), field);
        assert_eq!(sandbox.row(service, entity, "1"), None);
    }
    let refused = sandbox.rows("uvygoda", "cards", &RowQuery::default().limit(0));
    assert_eq!(refused.expect_err("a limit").field(), "limit");
    assert_eq!(sandbox.history("retailcrm", "products", "1"), None);
    assert_eq!(
        sandbox.history("retailcrm", "orders", "99"),
        None::<Vec<Value>>
    );
}
