//! The journal: list, filters, pages, one request, explanation, resend, forgetting.

use serde_json::json;

use super::support::Admin;

// S1, S2
#[tokio::test]
async fn s1_requests_are_listed_newest_first_filtered_and_paged() {
    let admin = Admin::start().await;
    for number in ["A-1", "A-2"] {
        admin.order(number).await;
    }
    admin
        .crm("GET", "/api/v5/orders?limit=20", "")
        .await
        .expect("an answer");
    admin
        .crm("GET", "/api/v5/orders?limit=21", "")
        .await
        .expect("an answer");
    super::support::send(
        super::support::port_of(&admin.sandbox.nicechat().url()),
        "GET",
        "/marketplaces/v1/products/",
        &[],
        "",
    )
    .await;
    let all = admin.done("GET", "/api/requests", "").await;
    assert_eq!((&all["total"], &all["next"]), (&json!(5), &json!(null)));
    let ids: Vec<_> = all["requests"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| one["id"].as_u64())
        .collect();
    assert_eq!(ids, [Some(5), Some(4), Some(3), Some(2), Some(1)]);
    for (query, expected) in [
        ("service=nicechat", vec![5]),
        ("service=retailcrm&status=4xx", vec![4]),
        ("status=401", vec![5]),
        ("status=200", vec![3]),
        ("status=2xx&method=post", vec![2, 1]),
        ("operation=orders.create", vec![2, 1]),
        // In the request, and in the answer of the list.
        ("text=A-2", vec![3, 2]),
        ("after=2&before=5", vec![4, 3]),
        ("limit=2", vec![5, 4]),
        ("before=4&limit=2", vec![3, 2]),
        ("status=none", vec![]),
    ] {
        let page = admin
            .done("GET", &format!("/api/requests?{query}"), "")
            .await;
        let ids: Vec<_> = page["requests"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|one| one["id"].as_u64().expect("an id"))
            .collect();
        assert_eq!(ids, expected, "{query}");
    }
    let page = admin.done("GET", "/api/requests?limit=2", "").await;
    assert_eq!((&page["total"], &page["next"]), (&json!(5), &json!(4)));

    let one = admin.done("GET", "/api/requests/4", "").await;
    assert_eq!(
        (&one["query"], &one["status"], &one["operation"]),
        (&json!("limit=21"), &json!(400), &json!("orders.list"))
    );
    assert!(
        one["request"]["headers"]
            .as_array()
            .expect("headers")
            .iter()
            .any(|header| header[0] == "x-api-key")
    );
    assert!(one["answer"]["body"]["text"].to_string().contains("limit"));
    let explained = admin.done("GET", "/api/requests/4/explain", "").await;
    assert_eq!(
        (&explained["id"], &explained["status"]),
        (&json!(4), &json!(400))
    );
    assert_eq!(explained["reasons"][0]["field"], "limit", "{explained}");

    assert!(admin.done("DELETE", "/api/requests", "").await.is_null());
    assert_eq!(admin.done("GET", "/api/requests", "").await["total"], 0);
    // Ids go on.
    admin.order("A-3").await;
    assert_eq!(
        admin.done("GET", "/api/requests", "").await["requests"][0]["id"],
        6
    );
}

// S1
#[tokio::test]
async fn s1_a_request_is_sent_again() {
    let admin = Admin::start().await;
    let first = admin.order("A-1").await;
    let again = admin.done("POST", "/api/requests/1/resend", "").await;
    assert_eq!(again, json!({"id": 2}));
    let one = admin.done("GET", "/api/requests/2", "").await;
    assert_eq!(
        (&one["status"], &one["path"]),
        (&json!(201), &json!("/api/v5/orders/create"))
    );
    let answer = one["answer"]["body"]["text"].as_str().expect("a text");
    assert!(
        !answer.contains(&format!("\"id\":{first},")),
        "a second order: {answer}"
    );
    // A fault may break the connection; the request has its id all the same.
    admin
        .done(
            "POST",
            "/api/faults",
            r#"{"service":"retailcrm","kind":"reset_before_commit"}"#,
        )
        .await;
    assert_eq!(
        admin.done("POST", "/api/requests/1/resend", "").await["id"],
        3
    );
    let one = admin.done("GET", "/api/requests/3", "").await;
    assert_eq!(
        (&one["status"], &one["processed"], &one["fault"]),
        (&json!(null), &json!(false), &json!("reset_before_commit"))
    );
    // What is not kept whole is not sent.
    let long = format!("order={}", "x".repeat(70_000));
    admin
        .crm("POST", "/api/v5/orders/create", &long)
        .await
        .expect("an answer");
    let told = admin
        .refused("POST", "/api/requests/4/resend", "", 409)
        .await;
    assert_eq!(
        told,
        "id: only 65536 of the 70006 bytes of the body are kept"
    );
}

// S1
#[tokio::test]
async fn s1_the_services_are_told_with_their_credentials() {
    let admin = Admin::start().await;
    let services = admin.done("GET", "/api/services", "").await;
    let printed: serde_json::Value = serde_json::from_str(&admin.sandbox.to_json()).expect("JSON");
    for service in services.as_array().expect("a list") {
        let name = service["service"].as_str().expect("a name");
        for (member, value) in printed[name].as_object().expect("an object") {
            assert_eq!(&service[member], value, "{name} {member}");
        }
    }
    assert_eq!(services.as_array().map(Vec::len), Some(3));
    assert_eq!(
        printed["admin"]["url"],
        format!("http://127.0.0.1:{}", admin.port)
    );
}

// S2: the commonest mistakes are a signature that is missing, and one whose parameter has another name.
#[tokio::test]
async fn s2_a_request_without_a_signature_is_explained() {
    let admin = Admin::start().await;
    let port = super::support::port_of(&admin.sandbox.nicechat().url());
    let key = admin.sandbox.nicechat().api_key().to_owned();
    let path = "/marketplaces/v1/products/";
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    let bodies = [
        String::new(),
        "id=1".to_owned(),
        format!("id=1&_key={key}"),
        format!("id=1&_key={key}&_sing=0123"),
    ];
    for (at, body) in bodies.iter().enumerate() {
        let answer = super::support::send(port, "POST", path, &form, body).await;
        assert_eq!(answer.status, 401, "{body}");
        let explained = format!("/api/requests/{}/explain", at + 1);
        let explained = admin.done("GET", &explained, "").await;
        let signature = &explained["signature"];
        assert_eq!(signature["received"], json!(null), "{body}");
        let why = signature["explanation"].as_str().unwrap_or_default();
        assert!(why.contains("no signature"), "{body}: {why}");
        let kind = match body.contains("_key") {
            true => "signature",
            false => "key",
        };
        assert_eq!(explained["reasons"][0]["kind"], kind, "{body}");
    }
    // A wrong key beside a signature that is none.
    let body = "id=1&_key=nope&_sign=abc";
    super::support::send(port, "POST", path, &form, body).await;
    let explained = admin.done("GET", "/api/requests/5/explain", "").await;
    let reasons = explained["reasons"].as_array().expect("a list").iter();
    let kinds: Vec<_> = reasons.map(|reason| reason["kind"].clone()).collect();
    assert_eq!(kinds, ["key", "signature"]);
}
