//! The emulated RetailCRM, spoken to over HTTP by a client that knows nothing of it.

use bytes::Bytes;
use http::{HeaderMap, Request};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use shopwire_sandbox::{Fault, Options, RateLimit, ResetAt, Sandbox};

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {:?}", self.body))
    }
}

/// A sandbox and a plain HTTP client with its key.
struct Crm {
    sandbox: Sandbox,
    http: Client<HttpConnector, Full<Bytes>>,
}

impl Crm {
    async fn start(rate_limit: RateLimit) -> Self {
        Self::of(Options::default().retailcrm(|crm| crm.rate_limit(rate_limit))).await
    }

    async fn of(options: Options) -> Self {
        let sandbox = Sandbox::start(options).await.expect("a sandbox");
        Self {
            sandbox,
            http: Client::builder(TokioExecutor::new()).build_http(),
        }
    }

    fn key(&self) -> String {
        self.sandbox.retailcrm().api_key()
    }

    async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Answer, String> {
        let url = format!("{}{path}", self.sandbox.retailcrm().url());
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::from(body.to_vec())).expect("a request");
        let response = self
            .http
            .request(request)
            .await
            .map_err(|error| error.to_string())?;
        let (parts, body) = response.into_parts();
        let body = body
            .collect()
            .await
            .map_err(|error| error.to_string())?
            .to_bytes();
        Ok(Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
        })
    }

    async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[("X-API-KEY", &self.key())], b"")
            .await
            .expect("an answer")
    }

    async fn post(&self, path: &str, form: &str) -> Answer {
        self.send(
            "POST",
            path,
            &[("X-API-KEY", &self.key()), FORM],
            form.as_bytes(),
        )
        .await
        .expect("an answer")
    }
}

fn field(name: &str, value: &Value) -> String {
    format!(
        "{name}={}",
        utf8_percent_encode(&value.to_string(), NON_ALPHANUMERIC)
    )
}

#[tokio::test]
async fn r7_r8_r10_the_key_is_a_header_or_a_parameter() {
    let crm = Crm::start(RateLimit::Lifted).await;
    let order = field("order", &json!({"externalId": "a"}));
    let with_key = format!("apiKey={}&{order}", crm.key());
    let posted = crm
        .send(
            "POST",
            "/api/v5/orders/create",
            &[FORM],
            with_key.as_bytes(),
        )
        .await
        .expect("an answer");
    assert_eq!(posted.status, 201);
    let got = crm
        .send(
            "GET",
            &format!("/api/v5/orders/a?apiKey={}", crm.key()),
            &[],
            b"",
        )
        .await
        .expect("an answer");
    assert_eq!(got.json()["order"]["externalId"], "a");
    assert_eq!(crm.get("/api/v5/orders/a").await.status, 200);

    let missing = crm
        .send("GET", "/api/v5/orders", &[], b"")
        .await
        .expect("an answer");
    assert_eq!(missing.status, 403);
    assert_eq!(
        missing.json(),
        json!({"success": false, "errorMsg": "\"apiKey\" is missing."})
    );
    let wrong = crm
        .send("GET", "/api/v5/orders", &[("X-API-KEY", "other")], b"")
        .await
        .expect("an answer");
    assert_eq!(
        (wrong.status, &wrong.json()["errorMsg"]),
        (403, &json!("Wrong \"apiKey\" value."))
    );
    let shown = format!("{:?}", crm.sandbox);
    assert!(!shown.contains(&crm.key()), "the key stays out of Debug");
}

#[tokio::test]
async fn r12_r13_a_key_may_be_restricted_to_scopes() {
    let crm = Crm::start(RateLimit::Lifted).await;
    let all = crm.get("/api/credentials").await.json();
    assert!(
        all["scopes"]
            .as_array()
            .is_some_and(|scopes| scopes.contains(&json!("order_write")))
    );
    assert_eq!(all["sitesAvailable"], json!(["simple-site"]));
    crm.sandbox.retailcrm().restrict_scopes(&["order_read"]);
    assert_eq!(
        crm.get("/api/credentials").await.json()["scopes"],
        json!(["order_read"])
    );
    assert_eq!(crm.get("/api/v5/orders").await.status, 200);
    let refused = crm.post("/api/v5/orders/create", "order={}").await;
    assert_eq!(
        (refused.status, &refused.json()["errorMsg"]),
        (403, &json!("Access denied."))
    );
}

#[tokio::test]
async fn r12_r13_the_options_say_which_scopes_the_key_has() {
    let options = Options::default()
        .retailcrm(|crm| crm.rate_limit(RateLimit::Lifted).scopes(["order_write"]));
    let crm = Crm::of(options).await;
    assert_eq!(
        crm.get("/api/credentials").await.json()["scopes"],
        json!(["order_write"])
    );
    assert_eq!(crm.get("/api/v5/orders").await.status, 403);
    assert_eq!(
        crm.post("/api/v5/orders/create", "order={}").await.status,
        201
    );
}

#[tokio::test]
async fn r14_r16_r27_r28_the_samples_of_the_rules_page_work() {
    let crm = Crm::start(RateLimit::Lifted).await;
    let form =
        "site=simple-site&order=%7B%22externalId%22%3A%22a123%22%2C%22firstName%22%3A%22Tom%22%7D";
    let created = crm.post("/api/v5/orders/create", form).await;
    assert_eq!(
        (created.status, &created.json()["order"]["firstName"]),
        (201, &json!("Tom"))
    );
    assert_eq!(
        created.headers["content-type"], "application/json; charset=utf-8",
        "R4"
    );
    let change = field(
        "order",
        &json!({"number": "1235C", "customFields": {"nps": 7}}),
    );
    assert_eq!(
        crm.post("/api/v5/orders/a123/edit", &change).await.status,
        200
    );
    let query = "filter%5Bnumbers%5D%5B%5D=1235C&filter%5BcustomFields%5D%5Bnps%5D%5Bmin%5D=5";
    let listed = crm.get(&format!("/api/v5/orders?{query}")).await.json();
    assert_eq!(
        listed["pagination"],
        json!({"limit": 20, "totalCount": 1, "currentPage": 1, "totalPageCount": 1})
    );
    assert_eq!(listed["orders"][0]["externalId"], "a123");
}

#[tokio::test]
async fn r2_r10_re5_errors_come_in_the_envelope() {
    let crm = Crm::start(RateLimit::Lifted).await;
    let cases = [
        (
            crm.post("/api/v5/orders/create", "site=simple-site").await,
            400,
            "Parameter 'order' is missing",
        ),
        (
            crm.post("/api/v5/orders/create", "order=%7B%22a%22").await,
            400,
            "Errors in the entity format",
        ),
        (
            crm.post("/api/v5/orders/create", "order=[1]").await,
            400,
            "Errors in the entity format",
        ),
        (crm.get("/api/v5/orders/nobody").await, 404, "Not found"),
        (
            crm.get("/api/v5/orders?limit=30").await,
            400,
            "Errors in the input parameters",
        ),
        (
            crm.get("/api/v5/orders?filter[colour]=red").await,
            400,
            "Errors in the input parameters",
        ),
        (
            crm.get("/api/v5/nothing").await,
            404,
            "API method not found",
        ),
        (crm.get("/api/v4/orders").await, 404, "API method not found"),
        (crm.get("/api/v5/orders/create").await, 404, "Not found"),
        (
            crm.post("/api/v5/orders", "").await,
            405,
            "Method Not Allowed",
        ),
    ];
    for (answer, status, message) in cases {
        assert_eq!(
            (answer.status, &answer.json()["errorMsg"]),
            (status, &json!(message))
        );
        assert_eq!(answer.json()["success"], false);
    }
    let order = field("order", &json!({"externalId": "a"}));
    assert_eq!(crm.post("/api/v5/orders/create", &order).await.status, 201);
    let again = crm.post("/api/v5/orders/create", &order).await;
    assert_eq!(again.status, 400);
    assert_eq!(
        again.json()["errors"],
        json!({"externalId": "Order with externalId=a already exists."})
    );
}

#[tokio::test]
async fn r17_r18_r20_above_the_limit_comes_the_proxys_page() {
    let crm = Crm::start(RateLimit::Enforced).await;
    let mut statuses = Vec::new();
    for _ in 0..14 {
        statuses.push(crm.post("/api/v5/orders/create", "order={}").await.status);
    }
    // Fourteen loopback calls may take longer than the window on a busy machine; then some pass.
    assert_eq!(statuses[..10], [201; 10]);
    assert!(statuses.iter().all(|status| [201, 503].contains(status)));
    let landed = statuses.iter().filter(|status| **status == 201).count();
    for _ in 0..20 {
        let answer = crm.get("/api/v5/telephony/manager?phone=1").await;
        assert_eq!(answer.status, 200, "telephony has a bucket of its own");
    }
    let refused = crm.sandbox.retailcrm().requests().answered(503);
    assert_eq!(landed + refused, 14, "what was refused was not processed");
}

#[tokio::test]
async fn r20_the_page_is_html_and_nothing_was_processed() {
    let crm = Crm::start(RateLimit::Lifted).await;
    crm.sandbox.retailcrm().faults().push(Fault::unavailable());
    let answer = crm.post("/api/v5/orders/create", "order={}").await;
    assert_eq!(answer.status, 503);
    assert!(String::from_utf8_lossy(&answer.body).contains("503 Service Temporarily Unavailable"));
    assert!(
        answer.headers["content-type"]
            .to_str()
            .is_ok_and(|text| text.starts_with("text/html"))
    );
    assert_eq!(
        crm.get("/api/v5/orders").await.json()["pagination"]["totalCount"],
        0
    );
}

#[tokio::test]
async fn x8_a_reset_after_the_commit_leaves_the_order() {
    let crm = Crm::start(RateLimit::Lifted).await;
    crm.sandbox
        .retailcrm()
        .faults()
        .push(Fault::reset(ResetAt::AfterCommit));
    let order = field("order", &json!({"externalId": "a"}));
    let key = crm.key();
    let headers = [("X-API-KEY", key.as_str()), FORM];
    assert!(
        crm.send("POST", "/api/v5/orders/create", &headers, order.as_bytes())
            .await
            .is_err()
    );
    assert_eq!(crm.get("/api/v5/orders/a").await.status, 200);
}

#[tokio::test]
async fn r21_r24_re9_every_order_is_seen_once_page_by_page() {
    let crm = Crm::start(RateLimit::Lifted).await;
    for batch in 0..3 {
        let orders: Vec<Value> = (0..50)
            .map(|n| json!({"externalId": format!("e{}", batch * 50 + n)}))
            .collect();
        assert_eq!(
            crm.post("/api/v5/orders/upload", &field("orders", &orders.into()))
                .await
                .status,
            201
        );
    }
    let mut seen = Vec::new();
    for page in 1..=2 {
        let answer = crm
            .get(&format!("/api/v5/orders?limit=100&page={page}"))
            .await
            .json();
        assert_eq!(answer["pagination"]["totalPageCount"], 2);
        let ids = answer["orders"]
            .as_array()
            .expect("orders")
            .iter()
            .map(|order| order["id"].as_i64());
        seen.extend(ids.collect::<Option<Vec<_>>>().expect("ids"));
    }
    seen.sort_unstable();
    assert_eq!(seen, (1..=150).collect::<Vec<_>>());
}

#[tokio::test]
async fn re7_re10_a_batch_in_part_and_the_history_of_what_landed() {
    let crm = Crm::start(RateLimit::Lifted).await;
    let orders = json!([{"externalId": "good"}, {"externalId": "bad", "status": "no-such-status"}]);
    let uploaded = crm
        .post("/api/v5/orders/upload", &field("orders", &orders))
        .await;
    assert_eq!(uploaded.status, 460);
    let body = uploaded.json();
    assert_eq!(
        body["uploadedOrders"],
        json!([{"id": 1, "externalId": "good"}])
    );
    assert_eq!(body["failedOrders"], json!([{"externalId": "bad"}]));
    assert!(
        body["errors"]["1"]
            .as_str()
            .is_some_and(|text| text.contains("no-such-status"))
    );
    let first = crm.get("/api/v5/orders/history").await.json();
    assert_eq!(first["history"].as_array().map(Vec::len), Some(1));
    let since = first["history"][0]["id"].clone();
    assert_eq!(
        crm.post(
            "/api/v5/orders/good/edit",
            &field("order", &json!({"phone": "1"}))
        )
        .await
        .status,
        200
    );
    let next = crm
        .get(&format!("/api/v5/orders/history?filter[sinceId]={since}"))
        .await
        .json();
    assert_eq!(next["history"][0]["field"], "phone");
    assert_eq!(next["history"][0]["order"]["externalId"], "good");
}

#[tokio::test]
async fn re15_files_and_plates_are_raw_bytes() {
    let crm = Crm::start(RateLimit::Lifted).await;
    let content = [0x89, b'P', b'N', b'G', 0, 255, b'&', b'='];
    let key = crm.key();
    let headers = [
        ("X-API-KEY", key.as_str()),
        ("Content-Type", "application/octet-stream"),
    ];
    let uploaded = crm
        .send("POST", "/api/v5/files/upload", &headers, &content)
        .await
        .expect("an answer");
    assert_eq!(uploaded.json()["file"]["id"], 1);
    let renamed = field("file", &json!({"filename": "photo.png"}));
    assert_eq!(crm.post("/api/v5/files/1/edit", &renamed).await.status, 200);
    let file = crm.get("/api/v5/files/1/download").await;
    assert_eq!(file.body.as_ref(), content);
    assert_eq!(
        file.headers["content-disposition"],
        "attachment; filename=\"photo.png\""
    );
    crm.post("/api/v5/orders/create", "order={\"externalId\":\"a\"}")
        .await;
    let plate = crm.get("/api/v5/orders/a/plates/1/print").await;
    assert!(
        plate.body.starts_with(b"%PDF-1.4") && plate.headers.contains_key("content-disposition")
    );
}

#[tokio::test]
async fn re11_reference_books_come_keyed_and_as_lists() {
    let crm = Crm::start(RateLimit::Lifted).await;
    assert!(crm.get("/api/v5/reference/statuses").await.json()["statuses"]["new"].is_object());
    assert!(crm.get("/api/v5/reference/stores").await.json()["stores"].is_array());
    let status = field(
        "status",
        &json!({"name": "Ждём", "ordering": 5, "group": "new"}),
    );
    assert_eq!(
        crm.post("/api/v5/reference/statuses/waiting/edit", &status)
            .await
            .status,
        201
    );
    assert_eq!(
        crm.post("/api/v5/reference/statuses/waiting/edit", &status)
            .await
            .status,
        200
    );
    let order = field("order", &json!({"status": "waiting"}));
    assert_eq!(
        crm.post("/api/v5/orders/create", &order).await.json()["order"]["status"],
        "waiting"
    );
}

#[tokio::test]
async fn r11_several_sites_need_a_site() {
    let crm = Crm::start(RateLimit::Lifted).await;
    crm.sandbox.retailcrm().open_site("second");
    let without = crm.post("/api/v5/orders/create", "order={}").await;
    assert_eq!(without.json()["errorMsg"], "Parameter 'site' is missing");
    assert_eq!(
        crm.post("/api/v5/orders/create", "site=second&order={}")
            .await
            .json()["order"]["site"],
        "second"
    );
}
