use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU32, Ordering::SeqCst},
};

use common_transport::BoxError;

use super::*;
use crate::{SectionFilter, Strictness};

const OK: &str = r#"{"RESULT":true,"ERROR":false}"#;

/// A client over a service that answers with `status` and `body`, and the number of requests it
/// got.
fn client(status: u16, body: &'static str) -> (Client, Arc<AtomicU32>) {
    let requests = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&requests);
    let service = tower::service_fn(move |_: Request<Bytes>| {
        counted.fetch_add(1, SeqCst);
        let response = Response::builder()
            .status(status)
            .body(Bytes::from_static(body.as_bytes()));
        async move { response.map_err(BoxError::from) }
    });
    let client = Client::builder()
        .token("token-1")
        .transport(move |transport| transport.service(service))
        .build()
        .unwrap();
    (client, requests)
}

#[tokio::test(start_paused = true)]
async fn u14_u53_only_what_may_be_repeated_is() {
    for status in [429, 500, 502, 503] {
        let page = "503 Service Temporarily Unavailable";
        let (client, requests) = client(status, page);
        client.access().token("a", "b").await.unwrap_err();
        assert_eq!(requests.swap(0, SeqCst), 1, "getToken, {status}");
        let error = client.products().publish(1).await.unwrap_err();
        assert_eq!(requests.swap(0, SeqCst), 1, "sendProductPublish, {status}");
        assert!(error.may_have_landed(), "{status}");
        client.products().update(1).await.unwrap_err();
        assert!(requests.swap(0, SeqCst) > 1, "updateProduct, {status}");
        client
            .catalog()
            .sections(SectionFilter::All)
            .await
            .unwrap_err();
        assert!(requests.swap(0, SeqCst) > 1, "getSections, {status}");
    }
}

// U14: whatever a refusal says, a new token is a decision of the user.
#[tokio::test(start_paused = true)]
async fn u14_a_refused_token_asks_for_no_other() {
    let refused = r#"{"RESULT":false,"ERROR":"Неверный токен"}"#;
    for (status, body) in [(401, refused), (401, ""), (403, refused), (200, refused)] {
        let seen: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = Arc::clone(&seen);
        let service = tower::service_fn(move |request: Request<Bytes>| {
            let method = request.headers()["method"].to_str().unwrap().to_owned();
            kept.lock().unwrap().push(method);
            let response = Response::builder().status(status).body(Bytes::from(body));
            async move { response.map_err(BoxError::from) }
        });
        let client = Client::builder()
            .token("token-1")
            .transport(move |transport| transport.service(service))
            .build()
            .unwrap();
        for _ in 0..3 {
            let error = client.orders().stages().await.unwrap_err();
            assert!(!error.is_retryable(), "{error}");
        }
        assert_eq!(*seen.lock().unwrap(), ["getStages"; 3], "{status} {body}");
    }
}

// U33
#[tokio::test]
async fn u33_a_refusal_hands_out_nothing_and_noise_is_recovered_by_option() {
    let list = crate::catalog::Sections::new(SectionFilter::All);
    let mut seen = 0;
    let (refusing, _) = client(
        200,
        r#"{"RESULT":false,"SECTIONS":{"1":{"ID":1}},"ERROR":"x"}"#,
    );
    let walk = refusing.for_each_item(&list, "SECTIONS", |_: crate::catalog::Section| seen += 1);
    let error = walk.await.unwrap_err();
    assert!(error.is_service(), "{error:?}");
    assert_eq!((seen, error.operation()), (0, Some("getSections")));

    let (noisy, _) = client(
        200,
        "<b>Notice</b>: x\n{\"RESULT\":true,\"SECTIONS\":[{\"ID\":7}],\"ERROR\":false,}",
    );
    let strict = noisy.for_each_item(&list, "SECTIONS", |_: crate::catalog::Section| seen += 1);
    assert!(strict.await.unwrap_err().is_decode());
    let mut lenient = noisy.clone();
    lenient.reading = lenient.reading.strictness(Strictness::Lenient);
    let walk = lenient.for_each_item(&list, "SECTIONS", |_: crate::catalog::Section| seen += 1);
    assert_eq!((walk.await.unwrap().len(), seen), (0, 1));
}

#[tokio::test]
async fn u3_u4_u13_the_token_is_sent_once_and_trimmed() {
    let seen: Arc<Mutex<Vec<(String, String)>>> = Arc::default();
    let kept = Arc::clone(&seen);
    let service = tower::service_fn(move |request: Request<Bytes>| {
        let header = |name: &str| request.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(request.headers().get_all("token").iter().count(), 1);
        assert!(request.headers()["token"].is_sensitive() || header("method") == "getToken");
        kept.lock()
            .unwrap()
            .push((header("method"), header("token")));
        async { Ok::<_, BoxError>(Response::new(Bytes::from_static(OK.as_bytes()))) }
    });
    let client = Client::builder()
        .token("  token-1 ")
        .transport(move |transport| transport.service(service))
        .build()
        .unwrap();
    client.access().token("a", "b").await.unwrap();
    client.orders().stages().await.unwrap();
    let seen = seen.lock().unwrap().clone();
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(
        seen,
        [pair("getToken", "NO_AUTH"), pair("getStages", "token-1")]
    );
}

#[tokio::test]
async fn u13_without_a_token_nothing_but_get_token_is_sent() {
    let requests = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&requests);
    let service = tower::service_fn(move |_: Request<Bytes>| {
        counted.fetch_add(1, SeqCst);
        async { Ok::<_, BoxError>(Response::new(Bytes::from_static(OK.as_bytes()))) }
    });
    let client = Client::builder()
        .transport(move |transport| transport.service(service))
        .build()
        .unwrap();
    let error = client.orders().stages().await.unwrap_err();
    assert!(
        error.is_invalid_input() && error.to_string().contains("token"),
        "{error}"
    );
    assert_eq!(requests.load(SeqCst), 0);
    client.access().token("a", "b").await.unwrap();
    assert_eq!(requests.load(SeqCst), 1);
}

#[tokio::test]
async fn u51_noise_is_recovered_by_option_alone() {
    let noisy = "<br /><b>Notice</b>: x\n{\"RESULT\":true,\"STAGES\":[],\"ERROR\":false,}";
    let (strict, _) = client(200, noisy);
    let error = strict.orders().stages().await.unwrap_err();
    assert!(error.is_decode());
    assert_eq!(error.body_excerpt(), Some(noisy));
    let mut lenient = strict.clone();
    lenient.reading = lenient.reading.strictness(Strictness::Lenient);
    lenient.orders().stages().await.unwrap();
}

#[tokio::test]
async fn u40_descriptions_are_checked_before_they_are_sent() {
    let (client, requests) = client(200, r#"{"RESULT":true,"UPDATE":"SUCCESS","ERROR":false}"#);
    let update = |html: &'static str| {
        let update = client.products().update(1);
        update.with(|update| update.description(html))
    };
    assert_eq!(
        update("<div>x</div>").await.unwrap_err().field(),
        Some("DESCRIPTION")
    );
    assert_eq!(requests.load(SeqCst), 0);
    update("<p>x</p>").await.unwrap();
    assert_eq!(requests.load(SeqCst), 1);
}

#[tokio::test]
async fn u5_any_method_can_be_called_by_name() {
    let (client, _) = client(200, r#"{"RESULT":true,"THINGS":[1],"ERROR":false}"#);
    let answer = client
        .call(crate::RawOperation::new("getThings", "{}"))
        .await
        .unwrap();
    assert_eq!(
        answer.to_string(),
        r#"{"RESULT":true,"THINGS":[1],"ERROR":false}"#
    );
}

#[test]
fn u52_x7_the_token_shows_nowhere() {
    let builder = Client::builder().token("token-1");
    assert!(!format!("{builder:?}").contains("token-1"));
    assert!(!format!("{:?}", builder.build().unwrap()).contains("token-1"));
    let error = Client::builder().token("bad\nsecret").build().unwrap_err();
    assert!(!format!("{error} {error:?}").contains("secret"));
}

#[tokio::test]
async fn u52_a_token_that_the_service_quotes_is_hidden_in_the_excerpt() {
    for body in [
        "<html>bad token-S3CRET</html>",
        r#"{"RESULT":false,"ERROR":"bad token-S3CRET"}"#,
        r#"{"RESULT":false,"ERROR":"bad","TRACE":["token-S3CRET"]}"#,
    ] {
        let answer = tower::service_fn(move |_: Request<Bytes>| {
            let body = Bytes::from_static(body.as_bytes());
            std::future::ready(Ok::<_, BoxError>(Response::new(body)))
        });
        let client = Client::builder()
            .token("token-S3CRET")
            .transport(move |transport| transport.service(answer))
            .build()
            .unwrap();
        let error = client.call(crate::orders::Stages::new()).await.unwrap_err();
        let excerpt = error.body_excerpt().expect("a body came");
        let fault = error.service_error();
        let shown = format!(
            "{error} {error:?} {excerpt} {:?} {:?}",
            fault.message, fault.others_json
        );
        assert!(!shown.contains("S3CRET"), "{shown}");
        assert!(excerpt.contains("bad"), "the rest is kept: {excerpt}");
    }
}

// U42: by the client, before anything is sent.
#[tokio::test]
async fn u42_a_card_is_checked_before_it_is_sent_where_its_section_is_known() {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    };

    let schema = r#"[{"ID":1,"NAME":"Имя","REQUIRED":true,"TYPE":"STRING"},
        {"ID":2,"NAME":"Цвет","TYPE":"LIST","VALUES":{"7":{"ID":7,"VALUE":"синий"}}},
        {"ID":3,"NAME":"Длина","TYPE":"INTEGER"}]"#;
    let schema: Vec<crate::shared::Property> = common_model::from_json(schema).unwrap();
    let sent = Arc::new(AtomicUsize::new(0));
    let seen = sent.clone();
    let network = tower::service_fn(move |_: Request<Bytes>| {
        seen.fetch_add(1, Relaxed);
        let body = r#"{"RESULT":true,"PRODUCT_ID":5,"ERROR":false}"#;
        std::future::ready(Ok::<_, BoxError>(Response::new(Bytes::from_static(
            body.as_bytes(),
        ))))
    });
    let client = Client::builder()
        .token("token")
        .check_section(311, schema)
        .transport(move |transport| transport.service(network))
        .build()
        .unwrap();
    let card = |section_id, values: &str| {
        client.products().add(crate::products::AddFields {
            section_id,
            name: "n".into(),
            price: 1.into(),
            stock: 1,
            description: "d".into(),
            properties: common_model::from_json(values).unwrap(),
            pictures: crate::Pictures::new(["https://shop.example/1.jpg"]).unwrap(),
            preview_picture: "https://shop.example/0.jpg".into(),
        })
    };
    for (values, named) in [
        ("{}", "Имя"),
        (r#"{"1":"a","2":8}"#, "Цвет"),
        (r#"{"1":"a","3":"1.5"}"#, "Длина"),
        (r#"{"1":"a","9":"x"}"#, "property 9"),
    ] {
        let error = card(311, values).await.unwrap_err();
        assert!(
            error.is_invalid_input() && !error.may_have_landed(),
            "{error:?}"
        );
        assert_eq!(error.field(), Some("PROPERTIES"));
        assert!(error.to_string().contains(named), "{error}");
    }
    assert_eq!(sent.load(Relaxed), 0);
    card(311, r#"{"1":"a","2":7,"3":"15"}"#).await.unwrap();
    card(312, "{}").await.unwrap();
    assert_eq!(sent.load(Relaxed), 2);
}

// H13
#[test]
fn h13_debug_of_a_tokens_answer_shows_no_unknown_field() {
    let answer = r#"{"RESULT":true,"TOKEN":"t-S3CRET","REFRESH":"r-S3CRET","ERROR":false}"#;
    let answer = crate::access::Token::new("me", "pass").decode(Response::new(answer.into()));
    let shown = format!("{:?}", answer.unwrap());
    assert!(
        shown.contains("REFRESH") && !shown.contains("S3CRET"),
        "{shown}"
    );
}

// H13
#[tokio::test]
async fn h13_a_password_that_the_service_quotes_is_hidden() {
    let answer = tower::service_fn(async |_: Request<Bytes>| {
        let body = r#"{"RESULT":false,"ERROR":"no user login-1 with pass\/w0rd","TOKEN":false}"#;
        Ok::<_, BoxError>(Response::new(Bytes::from_static(body.as_bytes())))
    });
    let client = Client::builder()
        .transport(move |transport| transport.service(answer))
        .build()
        .unwrap();
    let error = client
        .access()
        .token("login-1", "pass/w0rd")
        .await
        .unwrap_err();
    let shown = format!("{error} {error:?} {:?}", error.body());
    assert!(
        !shown.contains("login-1") && !shown.contains("w0rd"),
        "{shown}"
    );
}
