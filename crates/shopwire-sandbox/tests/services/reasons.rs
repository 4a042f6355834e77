//! The journal: all reasons for a refusal.

use serde_json::json;
use shopwire_sandbox::{Fault, Options, ReasonKind, ResetAt, Sandbox};

use super::journal::{JSON, crm, kinds, last, started};
use crate::support::Http;

#[tokio::test]
async fn s2_all_that_is_wrong_is_named_at_once() {
    let sandbox = started().await;
    let key = sandbox.retailcrm().api_key().to_owned();
    // Key, two fields of the entity, and an ignored parameter and member.
    let order =
        r#"order={"items":[{"quantity":"many","made_up":1}],"createdAt":"yesterday"}&colour=red"#;
    let status = crm(&sandbox, "POST", "/api/v5/orders/create", "wrong", order).await;
    let one = last(&sandbox);
    assert_eq!((status, one.reason_count), (403, 5));
    let schema = ReasonKind::Schema;
    let mut found = kinds(&one.reasons);
    found.sort_by_key(|(kind, field)| (kind.as_str(), *field));
    assert_eq!(
        found,
        [
            (ReasonKind::Key, "X-API-KEY"),
            (schema, "colour"),
            (schema, "order.createdAt"),
            (schema, "order.items[0].made_up"),
            (schema, "order.items[0].quantity"),
        ]
    );
    // Two unknown fields of a filter; the answer names the first.
    let target = "/api/v5/orders?filter[a]=1&filter[b]=2&page=0";
    assert_eq!(crm(&sandbox, "GET", target, &key, "").await, 400);
    let one = last(&sandbox);
    assert_eq!(
        kinds(&one.reasons),
        [(schema, "filter[a]"), (schema, "filter[b]")]
    );
    let answer = one.answer.expect("an answer");
    assert!(
        answer
            .body
            .text()
            .is_some_and(|text| !text.contains("filter[b]"))
    );
    // A missing scope beside a wrong field.
    sandbox.retailcrm().restrict_scopes(&["order_read"]);
    let status = crm(
        &sandbox,
        "POST",
        "/api/v5/orders/create",
        &key,
        r#"order={"items":5}"#,
    )
    .await;
    let one = last(&sandbox);
    assert_eq!(
        (status, kinds(&one.reasons)),
        (403, vec![(ReasonKind::Scope, ""), (schema, "order.items")])
    );
    assert!(
        one.reasons[0].message.contains("order_write"),
        "{:?}",
        one.reasons[0]
    );
}

// The service answers with the first kind of fault alone: the form, then codes, then references.
#[tokio::test]
async fn s2_faults_that_the_answer_leaves_out_are_named_too() {
    let sandbox = started().await;
    let key = sandbox.retailcrm().api_key().to_owned();
    let taken = r#"order={"externalId":"e-1"}"#;
    let status = crm(&sandbox, "POST", "/api/v5/orders/create", &key, taken).await;
    assert_eq!(status, 201);
    for (target, order, told, others) in [
        (
            "create",
            r#"{"status":"zz","items":[{"quantity":-1}],"orderType":"q"}"#,
            "items[0]",
            &["orderType", "status"][..],
        ),
        (
            "create",
            r#"{"status":"zz","customer":{"id":99},"orderType":"q"}"#,
            "orderType",
            &["customer", "status"],
        ),
        (
            "create",
            r#"{"externalId":"e-1","contact":{"id":98},"customer":{"externalId":"no"}}"#,
            "externalId",
            &["contact", "customer"],
        ),
        (
            "1/edit?by=id",
            r#"{"email":"none","status":"zz","contact":{"id":98}}"#,
            "email",
            &["contact", "status"],
        ),
    ] {
        let target = format!("/api/v5/orders/{target}");
        let form = format!("order={order}");
        assert_eq!(crm(&sandbox, "POST", &target, &key, &form).await, 400);
        let one = last(&sandbox);
        let fields: Vec<&str> = kinds(&one.reasons)
            .into_iter()
            .map(|(_, field)| field)
            .collect();
        for field in others.iter().chain([&told]) {
            let field = format!("order.{field}");
            let is_named = |named: &&str| named.starts_with(&field);
            assert!(fields.iter().any(is_named), "{field} in {fields:?}");
        }
        let answer = one.answer.as_ref().expect("an answer");
        let text = answer.body.text().expect("JSON").to_owned();
        assert!(text.contains(told), "{text}");
    }
}

#[tokio::test]
async fn s2_what_the_service_itself_refuses_and_what_it_ignores_is_told() {
    let sandbox = started().await;
    let key = sandbox.retailcrm().api_key().to_owned();
    let order = r#"order={"externalId":"a"}"#;
    assert_eq!(
        crm(&sandbox, "POST", "/api/v5/orders/create", &key, order).await,
        201
    );
    assert_eq!(last(&sandbox).reasons, []);
    assert_eq!(
        crm(&sandbox, "POST", "/api/v5/orders/create", &key, order).await,
        400
    );
    let one = last(&sandbox);
    assert_eq!(
        kinds(&one.reasons),
        [(ReasonKind::Refused, "order.externalId")]
    );
    // Half of a batch lands.
    let batch = r#"orders=[{"externalId":"b"},{"externalId":"a"},{"externalId":"c","items":1}]"#;
    assert_eq!(
        crm(&sandbox, "POST", "/api/v5/orders/upload", &key, batch).await,
        460
    );
    let one = last(&sandbox);
    assert_eq!(
        kinds(&one.reasons),
        [
            (ReasonKind::Schema, "orders[2].items"),
            (ReasonKind::Refused, "orders[1]")
        ]
    );
    // Accepted, but odd.
    assert_eq!(
        crm(&sandbox, "GET", "/api/v5/orders?limits=20", &key, "").await,
        200
    );
    let one = last(&sandbox);
    assert_eq!(kinds(&one.reasons), [(ReasonKind::Schema, "limits")]);
    let url = format!("{}/api/v5/orders/create", sandbox.retailcrm().url());
    let headers = [JSON, ("x-api-key", key.as_str())];
    let answer = Http::new().send("POST", &url, &headers, "{}").await;
    let one = last(&sandbox);
    assert_eq!(
        (answer.status, kinds(&one.reasons)),
        (
            400,
            vec![
                (ReasonKind::Schema, "Content-Type"),
                (ReasonKind::Schema, "order")
            ]
        )
    );
}

#[tokio::test]
async fn s2_an_unknown_path_or_method_names_the_nearest() {
    let sandbox = started().await;
    let http = Http::new();
    let key = sandbox.retailcrm().api_key().to_owned();
    for (method, target, status, said) in [
        (
            "GET",
            "/api/v5/order",
            404,
            "the nearest is GET /api/v5/orders",
        ),
        ("DELETE", "/api/v5/orders", 405, "takes GET, not DELETE"),
    ] {
        assert_eq!(crm(&sandbox, method, target, &key, "").await, status);
        let one = last(&sandbox);
        assert_eq!(kinds(&one.reasons), [(ReasonKind::Route, "")], "{target}");
        assert!(one.reasons[0].message.ends_with(said), "{:?}", one.reasons);
        assert_eq!(one.operation, None);
    }
    let url = format!("{}/local/api/api.php", sandbox.uvygoda().url());
    let token = sandbox.uvygoda().token();
    http.send(
        "POST",
        &url,
        &[JSON, ("method", "getSection"), ("token", &token)],
        "{}",
    )
    .await;
    let one = last(&sandbox);
    assert_eq!(kinds(&one.reasons), [(ReasonKind::Route, "method")]);
    assert!(
        one.reasons[0]
            .message
            .ends_with("the nearest is getSections")
    );
    http.send(
        "POST",
        &url,
        &[JSON, ("method", "addProduct"), ("token", "x")],
        "{\"PRICE\":\"a\"}",
    )
    .await;
    let one = last(&sandbox);
    let found = kinds(&one.reasons);
    assert!(found.len() >= 8, "{found:?}");
    assert_eq!(found[0], (ReasonKind::Key, "Token"));
    assert!(
        found.contains(&(ReasonKind::Schema, "SECTION_ID")),
        "{found:?}"
    );
    assert!(found.contains(&(ReasonKind::Schema, "PRICE")), "{found:?}");
    // NiceChat: a path without its last slash.
    let url = format!("{}/marketplaces/v1/products", sandbox.nicechat().url());
    http.send("GET", &url, &[], "").await;
    let one = last(&sandbox);
    assert_eq!(one.reasons[0].kind, ReasonKind::Route);
    assert!(
        one.reasons[0]
            .message
            .ends_with("the nearest is GET /marketplaces/v1/products/")
    );
}

#[tokio::test]
async fn s2_the_limiter_names_the_requests_in_its_window() {
    let sandbox = Sandbox::start(Options::default()).await.expect("a sandbox");
    let key = sandbox.retailcrm().api_key().to_owned();
    let mut statuses = Vec::new();
    for _ in 0..11 {
        statuses.push(crm(&sandbox, "GET", "/api/v5/orders", &key, "").await);
    }
    if statuses.ends_with(&[503]) {
        let one = last(&sandbox);
        assert_eq!(kinds(&one.reasons), [(ReasonKind::Limit, "")]);
        let detail = one.reasons[0].detail.clone().expect("a detail");
        assert_eq!(
            (&detail["window_ms"], &detail["allowed"]),
            (&json!(975), &json!(10))
        );
        assert_eq!(detail["requests"], json!((1..=10).collect::<Vec<_>>()));
    } else {
        // The machine took longer than a second for them: none may have been refused.
        assert!(!statuses.contains(&503));
    }
}

#[tokio::test]
async fn s2_a_fault_is_a_reason_and_an_end_without_an_answer_is_told() {
    let sandbox = started().await;
    let key = sandbox.retailcrm().api_key().to_owned();
    let mut ended = sandbox.journal().subscribe();
    sandbox
        .retailcrm()
        .faults()
        .push(Fault::reset(ResetAt::AfterCommit));
    let url = format!("{}/api/v5/orders", sandbox.retailcrm().url());
    let headers = [("x-api-key", key.as_str())];
    assert!(
        Http::new()
            .try_send("GET", &url, &headers, "")
            .await
            .is_err()
    );
    let one = ended.next().await.expect("a sandbox").expect("no lag");
    assert_eq!((one.status, one.processed), (None, true));
    assert_eq!(
        (one.fault, one.duration),
        (Some("reset_after_commit"), None)
    );
    assert_eq!(kinds(&one.reasons), [(ReasonKind::Fault, "")]);

    sandbox.retailcrm().faults().push(Fault::stall());
    let stalled = tokio::spawn(async move {
        let headers = [("x-api-key", key.as_str())];
        Http::new().try_send("GET", &url, &headers, "").await
    });
    let one = ended.next().await.expect("a sandbox").expect("no lag");
    assert_eq!(
        (one.status, one.processed, one.fault),
        (None, true, Some("stall"))
    );
    stalled.abort();

    sandbox.retailcrm().faults().push(Fault::truncated());
    let url = format!("{}/api/v5/credentials", sandbox.retailcrm().url());
    assert!(Http::new().try_send("GET", &url, &[], "").await.is_err());
    let one = ended.next().await.expect("a sandbox").expect("no lag");
    let body = one.answer.expect("an answer").body;
    assert_eq!(body.kept().len() as u64, body.size() / 2);
    // The subscription ends with the sandbox.
    sandbox.shutdown().await;
    assert!(ended.next().await.is_none());
}
