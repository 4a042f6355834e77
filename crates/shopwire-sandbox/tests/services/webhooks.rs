//! The log of webhooks: attempts, resend, by hand.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use shopwire_sandbox::{
    Event, Fault, NewWebhook, Options, Sandbox, ServiceName, Webhook, WebhookState,
};

use crate::support::{Http, Inbox, Signed};

async fn sandbox() -> Sandbox {
    let options = Options::default().pace(Duration::from_millis(1));
    Sandbox::start(options).await.expect("a sandbox")
}

async fn set_hook(sandbox: &Sandbox, url: &str) {
    let endpoint = format!("{}/local/api/api.php", sandbox.uvygoda().url());
    let token = sandbox.uvygoda().token();
    let headers = [
        ("content-type", "application/json"),
        ("token", token.as_str()),
        ("method", "setWebHook"),
    ];
    let body = json!({"URL": url}).to_string();
    let answer = Http::new().send("POST", &endpoint, &headers, &body).await;
    assert_eq!(answer.json()["RESULT"], true, "{}", answer.body);
}

async fn settled(sandbox: &Sandbox, id: u64) -> Webhook {
    let waited = tokio::time::timeout(Duration::from_secs(20), sandbox.webhooks().settled(id));
    waited.await.expect("it ends").expect("it is in the log")
}

#[tokio::test]
async fn s1_a_webhook_is_logged_with_its_attempts_and_sent_again_byte_by_byte() {
    let sandbox = sandbox().await;
    let mut inbox = Inbox::start("", StatusCode::INTERNAL_SERVER_ERROR).await;
    set_hook(&sandbox, &inbox.url("/hook")).await;
    sandbox.uvygoda().emit(Event::raw("{\"A\": \"\u{44f}\"}"));
    let webhook = settled(&sandbox, 1).await;
    assert_eq!(
        (webhook.event.as_str(), webhook.state),
        ("raw", WebhookState::Failed)
    );
    assert_eq!(
        (webhook.attempts[0].status, &webhook.attempts[0].error),
        (Some(500), &None)
    );
    assert_eq!(webhook.url, inbox.url("/hook"));

    let again = sandbox.webhooks().resend(1).expect("it is in the log");
    assert_eq!(again.state, WebhookState::Pending);
    let webhook = settled(&sandbox, 1).await;
    assert_eq!(webhook.attempts.len(), 2);
    let (first, second) = (inbox.next().await, inbox.next().await);
    assert_eq!(first, second);
    assert_eq!(first.body, "{\"A\": \"\u{44f}\"}");
    assert_eq!(sandbox.uvygoda().callbacks().failed_count(), 2);
    assert!(inbox.is_empty(), "nothing is repeated by itself");

    let shown = webhook.to_json();
    assert_eq!(
        (&shown["id"], &shown["service"], &shown["state"]),
        (&json!(1), &json!("uvygoda"), &json!("failed"))
    );
    assert_eq!(
        shown["body"],
        json!({"size": 11, "kept": 11, "text": "{\"A\": \"\u{44f}\"}"})
    );
    assert_eq!(shown["attempts"][1]["status"], 500);
    let at = shown["at"].as_str().expect("a time");
    assert!(at.len() == 24 && at.ends_with('Z'), "{at}");

    let error = sandbox.webhooks().resend(2).expect_err("there is none");
    assert_eq!(error.to_string(), "id: there is no webhook 2");
    sandbox.webhooks().clear();
    assert_eq!(sandbox.webhooks().list(None), []);
    assert_eq!(sandbox.uvygoda().callbacks().failed_count(), 0);
}

#[tokio::test]
async fn s1_an_attempt_without_an_answer_says_why() {
    let sandbox = sandbox().await;
    set_hook(&sandbox, "http://127.0.0.1:1/hook").await;
    sandbox.uvygoda().emit(Event::chat_message(1, "a"));
    let webhook = settled(&sandbox, 1).await;
    assert_eq!(
        (webhook.state, webhook.attempts[0].status),
        (WebhookState::Failed, None)
    );
    let why = webhook.attempts[0].error.as_deref().expect("a reason");
    assert!(why.contains("refused"), "{why}");
}

#[tokio::test]
async fn s1_one_event_is_lost_and_the_log_has_it_for_a_resend() {
    let sandbox = sandbox().await;
    let mut inbox = Inbox::start("", StatusCode::OK).await;
    set_hook(&sandbox, &inbox.url("/hook")).await;
    let service = sandbox.uvygoda();
    let fault = json!({"service": "uvygoda", "kind": "lost_callback", "event": "order_status", "times": null});
    sandbox.add_faults(&fault).expect("a fault");
    service.emit(Event::new_order(501, [(1001, 1)]));
    service.emit(Event::order_status(501, 124));
    service.emit(Event::incoming_message(7, "a"));
    for id in 1..=3 {
        settled(&sandbox, id).await;
    }
    let states: Vec<_> = sandbox.webhooks().list(Some(ServiceName::Uvygoda));
    let states: Vec<_> = states
        .iter()
        .map(|it| (it.event.as_str(), it.state, it.attempts.len()))
        .collect();
    let wanted = [
        ("new_order", WebhookState::Delivered, 1),
        ("order_status", WebhookState::Lost, 0),
        ("incoming_message", WebhookState::Delivered, 1),
    ];
    assert_eq!(states, wanted);
    assert!(inbox.next().await.body.contains("NEW_ORDER"));
    assert!(inbox.next().await.body.contains("INCOMING_MESSAGE"));
    // The fault is still there, and a resend is not lost.
    sandbox.webhooks().resend(2).expect("it is in the log");
    assert_eq!(settled(&sandbox, 2).await.state, WebhookState::Delivered);
    assert!(inbox.next().await.body.contains("ORDER_STATUS"));
    let callbacks = service.callbacks();
    assert_eq!(
        (
            callbacks.delivered_count(),
            callbacks.lost_count(),
            callbacks.failed_count()
        ),
        (3, 1, 0)
    );
}

#[tokio::test]
async fn s1_the_callback_of_an_import_is_logged_and_sent_by_hand() {
    let sandbox = sandbox().await;
    let feed = "id\ttitle\tprice\n1\tOne\t10.50 USD\n";
    let mut inbox = Inbox::start(feed, StatusCode::OK).await;
    let client = Signed::new(sandbox.nicechat());
    let push =
        json!({"url": inbox.url("/feed"), "format": "google-csv", "callback": inbox.url("/done")});
    let pushed = client
        .call("POST", "/import-products/", &push.to_string())
        .await;
    let token = pushed.json()["result"]["token"]
        .as_str()
        .expect("a token")
        .to_owned();
    let posted = inbox.next().await;
    assert_eq!(posted.path, "/done");
    let webhook = settled(&sandbox, 1).await;
    assert_eq!(
        (webhook.event.as_str(), webhook.state),
        ("import", WebhookState::Delivered)
    );
    assert_eq!(
        (&*webhook.body, webhook.content_type.as_str()),
        (&*posted.body, "application/x-www-form-urlencoded")
    );

    // The same again, by the import or without a word about it.
    let order = NewWebhook::new(ServiceName::NiceChat, "import");
    for order in [order.clone(), order.clone().import(token)] {
        sandbox.send_webhook(order).expect("an address");
        assert_eq!(inbox.next().await, posted);
    }
    // Other fields, to another address.
    let own = order
        .clone()
        .url(inbox.url("/own"))
        .body(json!({"imported_elements_count": 7, "a b": "c&d"}));
    let id = sandbox.send_webhook(own).expect("an address").id;
    let posted = inbox.next().await;
    assert_eq!(
        (posted.path.as_str(), posted.body.as_str()),
        ("/own", "imported_elements_count=7&a%20b=c%26d")
    );
    let error = sandbox
        .send_webhook(order.import("x"))
        .expect_err("no import");
    assert_eq!(
        error.to_string(),
        "import: there is no import with this token"
    );
    settled(&sandbox, id).await;
    let ids: Vec<u64> = sandbox
        .webhooks()
        .list(None)
        .iter()
        .map(|one| one.id)
        .collect();
    assert_eq!(ids, [1, 2, 3, 4]);
    for id in ids {
        assert_eq!(settled(&sandbox, id).await.state, WebhookState::Delivered);
    }
    assert_eq!(sandbox.nicechat().callbacks().delivered_count(), 4);
    assert_eq!(sandbox.uvygoda().callbacks().delivered_count(), 0);
}

#[tokio::test]
async fn s1_events_and_callbacks_of_modules_are_sent_by_hand() {
    let sandbox = sandbox().await;
    let mut inbox = Inbox::start("", StatusCode::OK).await;
    let order = |event: &str| NewWebhook::new(ServiceName::Uvygoda, event);
    let error = sandbox
        .send_webhook(order("new_order"))
        .expect_err("no webhook is set");
    assert_eq!(error.field(), "url");
    set_hook(&sandbox, &inbox.url("/hook")).await;
    for (event, name) in [
        ("product_status", "PRODUCT_STATUS"),
        ("new_order", "NEW_ORDER"),
        ("order_status", "ORDER_STATUS"),
        ("chat_message", "CHAT_MESSAGE"),
        ("incoming_message", "INCOMING_MESSAGE"),
    ] {
        sandbox
            .send_webhook(order(event))
            .expect("a webhook is set");
        let posted = inbox.next().await;
        let body: Value = serde_json::from_str(&posted.body).expect("JSON");
        assert_eq!(
            (posted.path.as_str(), &body["EVENT"]),
            ("/hook", &json!(name))
        );
    }
    let error = sandbox.send_webhook(order("raw")).expect_err("no body");
    assert_eq!(error.field(), "body");
    sandbox
        .send_webhook(order("raw").body("<x>").content_type("text/xml"))
        .expect("a webhook is set");
    let posted = inbox.next().await;
    assert_eq!(
        (posted.content_type.as_str(), posted.body.as_str()),
        ("text/xml", "<x>")
    );

    let activity = NewWebhook::new(ServiceName::RetailCrm, "activity")
        .body(json!({"clientId": "c-1", "activity": {"active": true, "freeze": false}}));
    let error = sandbox
        .send_webhook(activity.clone())
        .expect_err("no address");
    assert_eq!(error.to_string(), "url: is missing");
    sandbox
        .send_webhook(activity.url(inbox.url("/activity")))
        .expect("an address");
    let posted = inbox.next().await;
    assert_eq!(
        (
            posted.path.as_str(),
            posted.content_type.as_str(),
            posted.body.as_str()
        ),
        (
            "/activity",
            "application/x-www-form-urlencoded",
            "clientId=c-1&activity=%7B%22active%22%3Atrue%2C%22freeze%22%3Afalse%7D"
        )
    );
    assert_eq!(
        sandbox.webhooks().list(Some(ServiceName::RetailCrm)).len(),
        1
    );
}

#[tokio::test]
async fn s5_by_hand_nothing_but_loopback_is_called() {
    let sandbox = sandbox().await;
    for service in ServiceName::ALL {
        let event = service.events().first().unwrap_or(&"activity");
        for url in [
            "http://example.com/hook",
            "http://10.0.0.1/",
            "https://127.0.0.1/",
            "http://a@127.0.0.1/",
            "x",
        ] {
            let order = NewWebhook::new(service, *event).url(url).body("x");
            let error = sandbox.send_webhook(order).expect_err(url);
            assert_eq!(error.field(), "url", "{url}");
        }
    }
    assert_eq!(sandbox.webhooks().list(None), []);
}

#[tokio::test]
async fn s1_who_subscribes_hears_of_a_webhook_and_of_its_end() {
    let sandbox = sandbox().await;
    let inbox = Inbox::start("", StatusCode::NO_CONTENT).await;
    let mut events = sandbox.webhooks().subscribe();
    sandbox.uvygoda().faults().push(Fault::lost_callback());
    set_hook(&sandbox, &inbox.url("/hook")).await;
    sandbox.uvygoda().emit(Event::raw("1"));
    sandbox.uvygoda().emit(Event::raw("2"));
    let mut told = Vec::new();
    while told.len() < 4 {
        let next = tokio::time::timeout(Duration::from_secs(20), events.next());
        let webhook = next.await.expect("an event").expect("a webhook");
        told.push((webhook.id, webhook.state));
    }
    told.sort_by_key(|(id, _)| *id);
    let wanted = [
        (1, WebhookState::Pending),
        (1, WebhookState::Lost),
        (2, WebhookState::Pending),
        (2, WebhookState::Delivered),
    ];
    assert_eq!(told, wanted);
}
