//! The test clock moves everything that waits or expires.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use shopwire_sandbox::{Options, RateLimit, Sandbox};

use crate::support::{Clients, Inbox};

const CSV: &str = "id\ttitle\tprice\tavailability\n1\tOne\t10.50 USD\tin stock\n";

const SECOND: Duration = Duration::from_secs(1);

async fn frozen() -> Sandbox {
    let options = Options::default().seed(7).pace(SECOND * 3600);
    let options = options.retailcrm(|crm| crm.rate_limit(RateLimit::Lifted));
    Sandbox::start(options).await.expect("a sandbox")
}

async fn import(clients: &Clients<'_>, token: &str) -> Value {
    let target = format!("/import-products-result/{token}/");
    let answer = clients.nicechat("GET", &target, &Value::Null).await;
    answer.json()["result"].clone()
}

#[tokio::test]
async fn s3_an_import_goes_through_its_states_by_the_clock() {
    let sandbox = frozen().await;
    let clients = Clients::new(&sandbox);
    let mut inbox = Inbox::start(CSV, StatusCode::OK).await;
    let push =
        json!({"url": inbox.url("/feed"), "format": "google-csv", "callback": inbox.url("/done")});
    let pushed = clients
        .nicechat("POST", "/import-products/", &push)
        .await
        .json();
    let token = pushed["result"]["token"].as_str().expect("a token");
    assert_eq!(import(&clients, token).await["state"], "enqueued");
    sandbox.clock().advance(SECOND * 3600).await;
    let started = import(&clients, token).await;
    assert_eq!(started["state"], "started");
    assert_eq!(started["updated"], "2026-01-01T01:00:00.000000+00:00");
    sandbox.clock().advance(SECOND * 3599).await;
    assert_eq!(import(&clients, token).await["state"], "started");
    sandbox.clock().advance(SECOND).await;
    let ended = import(&clients, token).await;
    assert_eq!(
        (&ended["state"], &ended["imported elements count"]),
        (&json!("success"), &json!(1))
    );
    assert_eq!(ended["updated"], "2026-01-01T02:00:00.000000+00:00");
    let posted = inbox.next().await;
    assert_eq!(
        posted.body,
        "updated=2026-01-01T02%3A00%3A00.000000&imported_elements_count=1"
    );

    // Two imports and a moderation in one long advance: each step has its own time.
    let mut tokens = Vec::new();
    for wait in [10, 20] {
        sandbox.clock().advance(SECOND * wait).await;
        let pushed = clients
            .nicechat("POST", "/import-products/", &push)
            .await
            .json();
        tokens.push(
            pushed["result"]["token"]
                .as_str()
                .expect("a token")
                .to_owned(),
        );
    }
    sandbox.clock().advance(SECOND * 86_400).await;
    for (token, updated) in tokens.iter().zip(["04:00:10", "04:00:30"]) {
        let ended = import(&clients, token).await;
        assert_eq!(
            ended["updated"],
            format!("2026-01-01T{updated}.000000+00:00")
        );
    }
}

#[tokio::test]
async fn s3_a_card_leaves_moderation_by_the_clock() {
    let sandbox = frozen().await;
    let clients = Clients::new(&sandbox);
    let card = json!({"SECTION_ID": 111, "NAME": "Футболка", "PRICE": 177, "STOCK": 5, "DESCRIPTION": "<p>x</p>",
        "PROPERTIES": {"501": "Acme", "503": 12, "504": 12}, "PICTURES": [], "PREVIEV_PICTURE": "http://shop.example/0.png"});
    let added = clients.uvygoda("addProduct", &card).await.json();
    let id = added["PRODUCT_ID"].as_u64().expect("an id");
    let stage = || {
        let card: Value =
            serde_json::from_str(&sandbox.uvygoda().card(id).expect("a card")).expect("JSON");
        card["STAGE"].as_str().expect("a stage").to_owned()
    };
    clients
        .uvygoda("sendProductPublish", &json!({"ID": id}))
        .await;
    assert_eq!(stage(), "MODERATION");
    sandbox.clock().advance(SECOND * 3599).await;
    assert_eq!(stage(), "MODERATION");
    sandbox.clock().advance(SECOND).await;
    assert_eq!(stage(), "PUBLIC");

    // A card that is sent again is not moderated by the first sending's timer.
    assert!(sandbox.uvygoda().moderate(id, "END"));
    clients
        .uvygoda("sendProductPublish", &json!({"ID": id}))
        .await;
    sandbox.clock().advance(SECOND * 1800).await;
    assert!(sandbox.uvygoda().moderate(id, "END"));
    clients
        .uvygoda("sendProductPublish", &json!({"ID": id}))
        .await;
    sandbox.clock().advance(SECOND * 1800).await;
    assert_eq!(stage(), "MODERATION");
    sandbox.clock().advance(SECOND * 1800).await;
    assert_eq!(stage(), "PUBLIC");
}

#[tokio::test]
async fn s3_codes_statistics_and_histories_go_by_the_clock() {
    let sandbox = frozen().await;
    let clients = Clients::new(&sandbox);
    sandbox.retailcrm().confirm_by_sms(true);
    let customer = json!({"externalId": "a"});
    clients
        .crm_post("/customers/create", &[("customer", &customer)])
        .await;
    let account = json!({"phoneNumber": "+380441112233", "customer": {"id": 1}});
    clients
        .crm_post("/loyalty/account/create", &[("loyaltyAccount", &account)])
        .await;
    let sent = clients
        .crm_post("/loyalty/account/1/activate", &[])
        .await
        .json();
    let check = sent["verification"]["checkId"]
        .as_str()
        .expect("a check")
        .to_owned();
    assert_eq!(sent["verification"]["expiredAt"], "2026-01-01 00:10:00");
    let confirm = async || {
        let verification = json!({"checkId": check, "code": "1234"});
        clients
            .crm_post(
                "/verification/sms/confirm",
                &[("verification", &verification)],
            )
            .await
            .status
    };
    let statistics = async || clients.crm("/statistic/update").await.status;
    assert_eq!((statistics().await, statistics().await), (200, 400));
    sandbox.clock().advance(SECOND * 59).await;
    assert_eq!(statistics().await, 400);
    sandbox.clock().advance(SECOND).await;
    assert_eq!(statistics().await, 200);
    sandbox.clock().advance(SECOND * 540).await;
    assert_eq!(confirm().await, 400, "the code has expired");

    clients
        .crm_post(
            "/customers/1/edit",
            &[("by", &json!("id")), ("customer", &json!({"vip": true}))],
        )
        .await;
    let history = sandbox
        .history("retailcrm", "customers", "1")
        .expect("a history");
    let times: Vec<&Value> = history.iter().map(|entry| &entry["createdAt"]).collect();
    assert_eq!(times, ["2026-01-01 00:00:00", "2026-01-01 00:10:00"]);
    let page = clients.crm("/customers/history").await.json();
    assert_eq!(page["generatedAt"], "2026-01-01 00:10:00");
}

#[tokio::test]
async fn s3_who_is_online_goes_by_the_clock() {
    let sandbox = frozen().await;
    let clients = Clients::new(&sandbox);
    clients
        .crm_post(
            "/customers/create",
            &[("customer", &json!({"externalId": "a"}))],
        )
        .await;
    let visits = json!([{"createdAt": "2026-01-01 00:00:00", "site": "simple-site", "visitLength": 60, "pageViews": 1,
        "customer": {"id": 1}}]);
    let visited = clients
        .crm_post("/web-analytics/visits/upload", &[("visits", &visits)])
        .await;
    assert_eq!(visited.status, 200, "{}", visited.body);
    let online = async || {
        clients.crm("/customers?filter[online]=1").await.json()["pagination"]["totalCount"].clone()
    };
    assert_eq!(online().await, 1);
    sandbox.clock().advance(SECOND * 16 * 60).await;
    assert_eq!(online().await, 1);
    sandbox.clock().advance(SECOND).await;
    assert_eq!(online().await, 0);
}
