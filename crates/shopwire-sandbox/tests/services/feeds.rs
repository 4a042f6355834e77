//! Feed imports: the feed is really fetched, the callback really posted.

use std::time::Duration;

use crate::support::{Inbox, Signed};
use http::StatusCode;
use serde_json::{Value, json};
use shopwire_sandbox::{CallbackForm, Fault, Options, Sandbox};

const CSV: &str = "id\ttitle\tprice\tavailability\timage_link\n1\tOne\t10.50 USD\tin stock\thttp://shop.example/1.png\n2\tTwo\t5 USD\tout of stock\t\n";

const YML: &str = "<yml_catalog date=\"2026-11-22 10:00\"><shop><categories><category id=\"7\">Tea</category></categories><offers>\
<offer id=\"a\" available=\"true\"><name>Green</name><price>3.20</price><currencyId>UAH</currencyId><categoryId>7</categoryId></offer>\
</offers></shop></yml_catalog>";

async fn push(client: &Signed<'_>, url: &str, format: &str, callback: Option<&str>) -> String {
    let mut body = json!({"url": url, "format": format});
    if let Some(callback) = callback {
        body["callback"] = callback.into();
    }
    let pushed = client
        .call("POST", "/import-products/", &body.to_string())
        .await;
    assert_eq!(pushed.status, 201, "{}", pushed.body);
    pushed.json()["result"]["token"]
        .as_str()
        .expect("a token")
        .to_owned()
}

/// Asks until the task has ended; every state that was seen, in order, and the last answer.
async fn followed(client: &Signed<'_>, token: &str) -> (Vec<String>, Value) {
    let mut states: Vec<String> = Vec::new();
    for _ in 0..100_000 {
        let result = client
            .call("GET", &format!("/import-products-result/{token}/"), "")
            .await
            .json()["result"]
            .clone();
        let state = result["state"].as_str().expect("a state").to_owned();
        if states.last() != Some(&state) {
            states.push(state);
        }
        if matches!(
            states.last().map(String::as_str),
            Some("success" | "failed")
        ) {
            return (states, result);
        }
    }
    panic!("the task does not end: {states:?}");
}

#[tokio::test]
async fn n72_n73_n75_n76_n77_n78_n79_n81_n82_a_feed_becomes_products() {
    let sandbox = Sandbox::start(Options::default()).await.expect("a sandbox");
    let mut inbox = Inbox::start(CSV, StatusCode::OK).await;
    let client = Signed::new(sandbox.nicechat());
    let token = push(
        &client,
        &inbox.url("/feed"),
        "google-csv",
        Some(&inbox.url("/hook/s3cret")),
    )
    .await;

    let (states, result) = followed(&client, &token).await;
    assert_eq!(states, ["enqueued", "started", "success"]);
    assert_eq!(result["imported elements count"], 2);
    for moment in ["pushed", "updated"] {
        let text = result[moment].as_str().expect("a moment");
        assert!(text.contains('T') && text.ends_with("+00:00"), "{text}");
    }
    let products = client.call("GET", "/products/", "").await.json()["result"]["results"].clone();
    assert_eq!(
        (
            &products[0]["title"],
            &products[0]["price"],
            &products[0]["currency"]
        ),
        (&json!("One"), &json!(10.5), &json!("usd"))
    );
    assert_eq!(
        (&products[0]["in_stock"], &products[1]["in_stock"]),
        (&json!(true), &json!(false))
    );
    assert!(
        products[0]["image_url"]
            .as_str()
            .is_some_and(|url| url.starts_with("https://cdn.nice.chat/"))
    );

    let posted = inbox.next().await;
    assert_eq!(
        (posted.path.as_str(), posted.content_type.as_str()),
        ("/hook/s3cret", "application/x-www-form-urlencoded")
    );
    let (updated, count) = posted.body.split_once('&').expect("two fields");
    assert!(
        updated.starts_with("updated=20") && !updated.contains("%2B"),
        "no zone: {updated}"
    );
    assert_eq!(count, "imported_elements_count=2");
    assert!(inbox.is_empty(), "once");
}

#[tokio::test]
async fn n73_yml_brings_its_categories() {
    let sandbox = Sandbox::start(Options::default().pace(Duration::from_millis(1)))
        .await
        .expect("a sandbox");
    let inbox = Inbox::start(YML, StatusCode::OK).await;
    let client = Signed::new(sandbox.nicechat());
    let token = push(&client, &inbox.url("/feed"), "yml", None).await;
    let (_, result) = followed(&client, &token).await;
    assert_eq!(
        (&result["state"], &result["imported elements count"]),
        (&json!("success"), &json!(1))
    );
    let categories = client.call("GET", "/categories/", "").await.json();
    assert_eq!(
        categories["result"]["results"],
        json!([{"id": "7", "name": "Tea", "is_enabled": true}])
    );
    assert!(
        sandbox
            .nicechat()
            .product("a")
            .is_some_and(|product| product.contains("\"category\":\"7\""))
    );
}

#[tokio::test]
async fn n77_a_feed_that_cannot_be_had_fails() {
    let sandbox = Sandbox::start(Options::default().pace(Duration::from_millis(1)))
        .await
        .expect("a sandbox");
    let mut inbox = Inbox::start("title\nno id\n", StatusCode::OK).await;
    let client = Signed::new(sandbox.nicechat());
    for (url, format, why) in [
        (inbox.url("/feed"), "google-csv", "no column `id`"),
        (inbox.url("/feed"), "yml", "root element"),
        (inbox.url("/missing"), "yml", "404"),
        ("http://example.com/feed".into(), "yml", "loopback"),
        ("https://127.0.0.1/feed".into(), "yml", "http only"),
    ] {
        let token = push(&client, &url, format, Some(&inbox.url("/hook"))).await;
        let (_, result) = followed(&client, &token).await;
        assert_eq!(result["state"], "failed", "{url}");
        assert!(
            result["error"]
                .as_str()
                .is_some_and(|error| error.contains(why)),
            "{result}"
        );
        assert!(
            !inbox.next().await.body.contains("imported_elements_count"),
            "told without a count"
        );
    }
    assert_eq!(sandbox.nicechat().product_count(), 0);
}

#[tokio::test]
async fn n83_a_callback_is_never_repeated() {
    let sandbox = Sandbox::start(Options::default().pace(Duration::from_millis(1)))
        .await
        .expect("a sandbox");
    let mut inbox = Inbox::start(CSV, StatusCode::INTERNAL_SERVER_ERROR).await;
    let client = Signed::new(sandbox.nicechat());
    sandbox
        .nicechat()
        .faults()
        .push(Fault::lost_callback().after(1));
    for path in ["/refused", "/lost", "/refused-too"] {
        let token = push(
            &client,
            &inbox.url("/feed"),
            "google-csv",
            Some(&inbox.url(path)),
        )
        .await;
        assert_eq!(followed(&client, &token).await.1["state"], "success");
        if path != "/lost" {
            assert_eq!(inbox.next().await.path, path);
        }
    }
    // The counters move when the answer has been read, which may be a moment later.
    while sandbox.nicechat().callbacks().failed_count() < 2 {
        tokio::task::yield_now().await;
    }
    let callbacks = sandbox.nicechat().callbacks();
    assert_eq!(
        (callbacks.delivered_count(), callbacks.lost_count()),
        (0, 1)
    );
    assert!(inbox.is_empty());
}

#[tokio::test]
async fn n85_a_callback_may_come_as_multipart() {
    let options = Options::default()
        .pace(Duration::from_millis(1))
        .nicechat(|it| it.callback_form(CallbackForm::Multipart));
    let sandbox = Sandbox::start(options).await.expect("a sandbox");
    let mut inbox = Inbox::start(CSV, StatusCode::OK).await;
    let client = Signed::new(sandbox.nicechat());
    push(
        &client,
        &inbox.url("/feed"),
        "google-csv",
        Some(&inbox.url("/hook")),
    )
    .await;
    let posted = inbox.next().await;
    assert!(
        posted
            .content_type
            .starts_with("multipart/form-data; boundary=")
    );
    assert!(
        posted
            .body
            .contains("name=\"imported_elements_count\"\r\n\r\n2\r\n"),
        "{}",
        posted.body
    );
}
