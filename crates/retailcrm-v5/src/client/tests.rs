//! The client over a scripted service; time is paused.

use std::{
    collections::VecDeque,
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use common_transport::ErrorKind;
use http::{Request, Response};
use tokio::time::Instant;

use super::*;
use crate::KeyPlace;
use crate::{By, RawOperation, files, orders, telephony};

mod histories;
mod walks;

type Asked = (Instant, Request<Bytes>);

/// Answers a request by its query.
type Answering = dyn FnMut(&str) -> String + Send;

/// Gives these answers one after the other, then those of a function, and keeps what it was asked.
#[derive(Clone, Default)]
struct Script {
    answers: Arc<Mutex<VecDeque<(u16, String)>>>,
    further: Arc<Mutex<Option<Box<Answering>>>>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Script {
    fn of(answers: &[(u16, &str)]) -> Self {
        let script = Self::default();
        let answers = answers
            .iter()
            .map(|(status, body)| (*status, (*body).to_owned()));
        script.answers.lock().unwrap().extend(answers);
        script
    }

    /// Answers by a function of the query.
    fn answering(answer: impl FnMut(&str) -> String + Send + 'static) -> Self {
        let script = Self::default();
        *script.further.lock().unwrap() = Some(Box::new(answer));
        script
    }

    fn builder(&self) -> ClientBuilder {
        self.at("https://demo.retailcrm.ru")
    }

    fn at(&self, url: &str) -> ClientBuilder {
        let script = self.clone();
        let service = tower::service_fn(move |request: Request<Bytes>| {
            let answer = script.answer(request);
            async move { Ok::<_, io::Error>(answer) }
        });
        Client::builder(url.parse().unwrap(), "secret-key")
            .transport(|builder| builder.service(service))
    }

    fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
        let query = request.uri().query().unwrap_or_default().to_owned();
        self.asked.lock().unwrap().push((Instant::now(), request));
        let next = self.answers.lock().unwrap().pop_front();
        let mut further = self.further.lock().unwrap();
        let next = next.or_else(|| Some((200, further.as_mut()?(&query))));
        let (status, body) = next.unwrap_or((200, r#"{"success":true}"#.to_owned()));
        Response::builder()
            .status(status)
            .body(Bytes::from(body))
            .unwrap()
    }

    /// Path and query, and the body, of each request.
    fn asked(&self) -> Vec<(String, String)> {
        let asked = self.asked.lock().unwrap();
        let text = |(_, request): &Asked| {
            let target = request.uri().path_and_query().unwrap().to_string();
            (target, String::from_utf8_lossy(request.body()).into_owned())
        };
        asked.iter().map(text).collect()
    }

    fn targets(&self) -> Vec<String> {
        self.asked().into_iter().map(|(target, _)| target).collect()
    }
}

#[tokio::test(start_paused = true)]
async fn r1_r4_any_address_of_an_account_is_taken_and_answers_are_utf_8() {
    for (address, host) in [
        ("https://demo.retailcrm.pro", "demo.retailcrm.pro"),
        ("https://demo.simla.com/api/v5/", "demo.simla.com"),
    ] {
        let script = Script::of(&[(200, r#"{"success":true,"order":{"firstName":"Фома"}}"#)]);
        let asked = script.asked.clone();
        let client = script.at(address).build().unwrap();
        let order = client.orders().get(By::id(5)).await.unwrap().order.unwrap();
        assert_eq!(order.first_name.as_deref(), Some("Фома"));
        let uri = asked.lock().unwrap()[0].1.uri().clone();
        assert_eq!((uri.host(), uri.path()), (Some(host), "/api/v5/orders/5"));
    }
}

#[tokio::test(start_paused = true)]
async fn r8_the_key_is_a_header_by_default() {
    let script = Script::default();
    script.client().orders().list().await.unwrap();
    let asked = script.asked.lock().unwrap();
    let (_, request) = &asked[0];
    assert_eq!(request.headers()["x-api-key"], "secret-key");
    assert!(request.headers()["x-api-key"].is_sensitive());
    assert_eq!(request.uri(), "https://demo.retailcrm.ru/api/v5/orders");
}

#[tokio::test(start_paused = true)]
async fn r7_the_key_may_be_a_parameter() {
    let script = Script::default();
    let client = script
        .builder()
        .key_in(KeyPlace::Parameter)
        .build()
        .unwrap();
    client
        .orders()
        .list()
        .with(|list| list.page(2))
        .await
        .unwrap();
    client.orders().create(orders::Order::new()).await.unwrap();
    client.orders().delete_payment(5).await.unwrap();
    client.files().upload(&b"x"[..]).await.unwrap();
    let expected = [
        ("/api/v5/orders?page=2&apiKey=secret-key", ""),
        ("/api/v5/orders/create", "order=%7B%7D&apiKey=secret-key"),
        ("/api/v5/orders/payments/5/delete", "apiKey=secret-key"),
        ("/api/v5/files/upload?apiKey=secret-key", "x"),
    ];
    let expected = expected.map(|(target, body)| (target.to_owned(), body.to_owned()));
    assert_eq!(script.asked(), expected);
    assert!(
        script.asked.lock().unwrap()[0]
            .1
            .headers()
            .get("x-api-key")
            .is_none()
    );
}

// R9, X7
#[tokio::test(start_paused = true)]
async fn r9_the_key_is_in_no_error_and_no_debug() {
    let script = Script::of(&[(
        403,
        r#"{"success":false,"errorMsg":"Wrong \"apiKey\" value."}"#,
    )]);
    let builder = script.builder().key_in(KeyPlace::Parameter);
    assert!(!format!("{builder:?}").contains("secret-key"));
    let client = builder.build().unwrap();
    let error = client.orders().list().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert!(!format!("{client:?} {error} {error:?}").contains("secret-key"));
    let refused = Client::builder("https://demo.retailcrm.ru".parse().unwrap(), "bad\nkey")
        .transport(|builder| {
            builder.service(tower::service_fn(async |_: Request<Bytes>| {
                Ok::<_, io::Error>(Response::new(Bytes::new()))
            }))
        })
        .build()
        .unwrap();
    let error = refused.orders().list().await.unwrap_err();
    assert!(
        error.is_invalid_input() && !format!("{error:?}").contains("bad"),
        "{error:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn r11_the_clients_site_stands_in_for_a_call_without_one() {
    let script = Script::default();
    let client = script.builder().site("main").build().unwrap();
    client.orders().get("a").await.unwrap();
    client
        .orders()
        .get(By::id("a"))
        .with(|get| get.site("other"))
        .await
        .unwrap();
    client.orders().create(orders::Order::new()).await.unwrap();
    client
        .orders()
        .create(orders::Order::new())
        .with(|create| create.site("b"))
        .await
        .unwrap();
    client.users().list().await.unwrap();
    let expected = [
        ("/api/v5/orders/a?site=main", ""),
        ("/api/v5/orders/a?by=id&site=other", ""),
        ("/api/v5/orders/create", "order=%7B%7D&site=main"),
        ("/api/v5/orders/create", "site=b&order=%7B%7D"),
        ("/api/v5/users", ""),
    ];
    let expected = expected.map(|(target, body)| (target.to_owned(), body.to_owned()));
    assert_eq!(script.asked(), expected);
}

// R17
#[tokio::test(start_paused = true)]
async fn r17_not_more_than_ten_requests_in_any_second() {
    let script = Script::default();
    let client = script.client();
    for _ in 0..25 {
        client.statistics().update().await.unwrap();
    }
    let asked = script.asked.lock().unwrap();
    for eleven in asked.windows(11) {
        assert!(eleven[10].0 - eleven[0].0 >= Duration::from_secs(1));
    }
}

// R18
#[tokio::test(start_paused = true)]
async fn r18_telephony_has_forty_of_its_own() {
    let script = Script::default();
    let client = script.client();
    let start = Instant::now();
    for _ in 0..30 {
        let manager = telephony::GetManager::new("+7");
        client.send(&manager).await.unwrap();
    }
    assert!(
        start.elapsed() < Duration::from_secs(1),
        "{:?}",
        start.elapsed()
    );
    client.statistics().update().await.unwrap();
    assert!(
        start.elapsed() < Duration::from_secs(1),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn r19_all_clients_of_a_process_share_one_limit() {
    let script = Script::default();
    let [first, second] = ["https://r19.retailcrm.ru", "https://R19.retailcrm.ru:443"]
        .map(|url| script.at(url).limits(default_limits()).build().unwrap());
    let start = Instant::now();
    for _ in 0..6 {
        first.statistics().update().await.unwrap();
        second.statistics().update().await.unwrap();
    }
    assert!(
        start.elapsed() >= Duration::from_secs(1),
        "{:?}",
        start.elapsed()
    );
}

// R20
#[tokio::test(start_paused = true)]
async fn r20_a_post_is_repeated_after_the_limiters_page_only() {
    let limited = (503, "<h1>503 Service Temporarily Unavailable</h1>");
    let script = Script::of(&[limited]);
    script
        .client()
        .orders()
        .create(orders::Order::new())
        .await
        .unwrap();
    assert_eq!(script.targets().len(), 2);

    let envelope = (503, r#"{"success":false,"errorMsg":"Rate limit exceeded"}"#);
    let script = Script::of(&[envelope]);
    let error = script
        .client()
        .orders()
        .create(orders::Order::new())
        .await
        .unwrap_err();
    assert!(
        error.is_throttled() && script.targets().len() == 1,
        "{error:?}"
    );

    let script = Script::of(&[envelope]);
    script.client().orders().list().await.unwrap();
    assert_eq!(script.targets().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn re19_a_custom_method_goes_the_same_way() {
    static FREEZE: Metadata = Metadata::new(
        "retailcrm",
        "orders.freeze",
        http::Method::POST,
        "/api/v5/orders/freeze",
        common_transport::Idempotency::NonIdempotent,
    );
    let script = Script::of(&[(200, r#"{"success":true,"frozen":[1]}"#)]);
    let call = RawOperation::new(&FREEZE).param("ids", vec![1_i64.into()]);
    let answer = script.client().call(call).await.unwrap();
    assert_eq!(
        answer
            .pointer("/frozen/0")
            .and_then(common_model::Value::as_i64),
        Some(1)
    );
    assert_eq!(script.asked()[0].1, "ids=%5B1%5D");
}

#[tokio::test(start_paused = true)]
async fn re15_a_file_is_downloaded_as_bytes() {
    let script = Script::of(&[(200, "%PDF")]);
    let file = script.client().call(files::Download::new(5)).await.unwrap();
    assert_eq!(file.bytes, "%PDF");
}

#[tokio::test(start_paused = true)]
async fn f23_clients_over_fakes_do_not_wait_for_each_other() {
    let (one, other) = (Script::default(), Script::default());
    let shared = default_limits();
    let clients = [
        one.client(),
        other.client(),
        one.builder().limits(shared.clone()).build().unwrap(),
        other.builder().limits(shared).build().unwrap(),
    ];
    let begin = Instant::now();
    for client in &clients[..2] {
        client.users().list().await.unwrap();
    }
    assert_eq!(
        begin.elapsed(),
        Duration::ZERO,
        "each has a limiter of its own"
    );
    // A clone is the same client.
    for client in [clients[0].clone(), clients[1].clone()] {
        client.users().list().await.unwrap();
    }
    assert_eq!(begin.elapsed(), Duration::from_millis(100));
    // What is asked for is what is used.
    tokio::time::advance(Duration::from_secs(9)).await;
    let begin = Instant::now();
    for client in &clients[2..] {
        client.users().list().await.unwrap();
    }
    assert_eq!(begin.elapsed(), Duration::from_millis(100));
}

// H13
#[tokio::test(start_paused = true)]
async fn h13_a_key_that_the_service_quotes_is_hidden_in_the_error() {
    let key = "key/ы-0123456789";
    for (status, body) in [
        (
            403,
            r#"{"success":false,"errorMsg":"Wrong key: key\/\u044b-0123456789"}"#,
        ),
        (
            400,
            r#"{"success":false,"errorMsg":"x","errors":{"KEY/ы-0123456789":["key/ы-0123456789"]}}"#,
        ),
        (
            404,
            r#"{"success":false,"errorMsg":"x","seen":{"url":"/?apiKey=key%2F%D1%8B-0123456789"}}"#,
        ),
        (502, "<html>key/ы-0123456789</html>"),
        (200, "key/ы-0123456789"),
    ] {
        let answer = tower::service_fn(move |_: Request<Bytes>| async move {
            let body = Bytes::from_static(body.as_bytes());
            Ok::<_, io::Error>(Response::builder().status(status).body(body).unwrap())
        });
        let client = Client::builder("https://demo.retailcrm.ru".parse().unwrap(), key)
            .transport(|builder| builder.service(answer))
            .build()
            .unwrap();
        let error = client.orders().get("a-1").await.unwrap_err();
        let body = error
            .body()
            .map(|body| String::from_utf8_lossy(body).into_owned());
        let fault = error.service_error();
        let shown = format!(
            "{error} {error:?} {body:?} {:?} {:?} {fault:?} {:?}",
            error.body_excerpt(),
            fault.others_json,
            fault.errors_json
        );
        assert!(
            !shown.to_lowercase().contains("0123456789"),
            "{status}: {shown}"
        );
        assert!(shown.contains("[hidden]"), "{status}: {shown}");
    }
}
