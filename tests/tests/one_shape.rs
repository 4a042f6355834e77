//! The three clients have one shape: the same settings under the same names, the same methods, the same re-exports;
//! and the facade takes what a single client takes.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use bytes::Bytes;
use common_transport::{
    BoxError, RateClass, RateLimits,
    client::RequestIds,
    observe::{CallEnded, Observer},
};
use http::{HeaderValue, Method, Request, Response};
use shopwire::{
    Config, Decoding, Error, ErrorKind, Pool, RetryPolicy, Shopwire, Strictness, nicechat,
    retailcrm, uvygoda,
};
use tower::util::MapRequestLayer;

/// What a service of the tests' own was asked with.
#[derive(Clone, Default)]
struct Asked(Arc<std::sync::Mutex<Vec<Request<Bytes>>>>);

impl Asked {
    fn service(
        &self,
        json: &'static str,
    ) -> impl tower::Service<
        Request<Bytes>,
        Response = Response<Bytes>,
        Error = BoxError,
        Future = std::future::Ready<Result<Response<Bytes>, BoxError>>,
    > + Clone
    + Send
    + Sync
    + 'static {
        let asked = self.clone();
        tower::service_fn(move |request| {
            asked.0.lock().expect("no panic").push(request);
            std::future::ready(Ok(Response::new(Bytes::from_static(json.as_bytes()))))
        })
    }

    fn header(&self, name: &str) -> Vec<String> {
        let asked = self.0.lock().expect("no panic");
        let values = asked
            .iter()
            .filter_map(|request| request.headers().get(name));
        let texts = values.map(|value| value.to_str().expect("ASCII").to_owned());
        texts.collect()
    }
}

#[derive(Clone, Default)]
struct Ended(Arc<AtomicUsize>);

impl Observer for Ended {
    fn call_ended(&self, _: &CallEnded<'_>) {
        self.0.fetch_add(1, SeqCst);
    }
}

fn tenant() -> impl common_transport::client::AroundAttempt + Clone {
    MapRequestLayer::new(|mut request: Request<Bytes>| {
        let value = HeaderValue::from_static("7");
        request.headers_mut().insert("x-tenant", value);
        request
    })
}

fn limits() -> RateLimits {
    RateLimits::new().class(RateClass::DEFAULT, 5)
}

/// An answer with an error that only the lenient reading forgives.
const NICECHAT: &str = r#"{"status":"ok","result":{},}"#;
const UVYGODA: &str = r#"{"RESULT":true,"STAGES":[],"ERROR":false,}"#;
const RETAILCRM: &str = r#"{"success":true,}"#;

/// Gives a builder, or the facade's settings of a client, everything that all of them take.
macro_rules! all_settings {
    ($builder:expr, $asked:expr, $json:expr, $ended:expr) => {
        $builder
            .pool(Pool::new())
            .service($asked.service($json))
            .strictness(Strictness::Lenient)
            .decoding(Decoding::new())
            .total_timeout(Duration::from_secs(9))
            .attempt_timeout(Duration::from_secs(3))
            .max_body(1024)
            .retry(RetryPolicy::none())
            .limits(limits())
            .observer($ended.clone())
            .request_ids(RequestIds::from_fn(|| "r-1".to_owned()))
            .user_agent("shop/1")
            .layer(tenant())
            .transport(|stack| stack.idle_timeout(Duration::from_secs(1)))
    };
}

/// Uses everything that all clients have.
macro_rules! all_methods {
    ($client:expr, $raw:expr, $operation:expr, $list:expr) => {{
        let client = $client;
        let raw = client.call($raw).answered().await?;
        assert_eq!(raw.status, 200);
        let (_, _) = (
            client.send(&$operation).await?,
            client.call($operation).await?,
        );
        let _ = client.pages($list);
        client.base_url().to_string()
    }};
}

fn check(asked: &Asked, ended: &Ended) {
    assert_eq!(asked.header("x-tenant"), ["7"; 3]);
    assert_eq!(asked.header("user-agent"), ["shop/1"; 3]);
    assert_eq!(asked.header("x-request-id"), ["r-1"; 3]);
    assert_eq!(ended.0.load(SeqCst), 3);
}

fn nicechat_raw() -> nicechat::RawOperation {
    nicechat::RawOperation::new(Method::GET, "/marketplaces/v1/labels/")
}

fn uvygoda_raw() -> uvygoda::RawOperation {
    uvygoda::RawOperation::new("getLabels", "[]")
}

fn retailcrm_raw() -> retailcrm::RawOperation {
    use common_transport::{Idempotency, Metadata};
    static LABELS: Metadata = Metadata::new(
        "retailcrm",
        "labels",
        Method::GET,
        "/api/v5/labels",
        Idempotency::Idempotent,
    );
    retailcrm::RawOperation::new(&LABELS)
}

// C11
#[tokio::test]
async fn c11_nicechat_has_the_shape() -> Result<(), Error> {
    let (asked, ended) = (Asked::default(), Ended::default());
    let builder = nicechat::Client::builder(nicechat::Credentials::new("key-1", "secret-1"))
        .base_url("https://a.example".parse().expect("a URL"));
    let client = all_settings!(builder, asked, NICECHAT, ended).build()?;
    let get = nicechat::categories::List::new();
    let url = all_methods!(
        &client,
        nicechat_raw(),
        get.clone(),
        nicechat::products::List::new()
    );
    assert_eq!(url, "https://a.example");
    check(&asked, &ended);
    Ok(())
}

// C11
#[tokio::test]
async fn c11_uvygoda_has_the_shape() -> Result<(), Error> {
    let (asked, ended) = (Asked::default(), Ended::default());
    let builder = uvygoda::Client::builder()
        .token("token-1")
        .base_url("https://a.example".parse().expect("a URL"));
    let client = all_settings!(builder, asked, UVYGODA, ended).build()?;
    let stages = uvygoda::orders::Stages::new();
    let list = uvygoda::products::List::new(uvygoda::products::ProductFilter::All);
    let url = all_methods!(&client, uvygoda_raw(), stages.clone(), list);
    assert_eq!(url, "https://a.example");
    check(&asked, &ended);
    Ok(())
}

// C11
#[tokio::test]
async fn c11_retailcrm_has_the_shape() -> Result<(), Error> {
    let (asked, ended) = (Asked::default(), Ended::default());
    let builder = retailcrm::Client::builder("https://b.example".parse().expect("a URL"), "key-1")
        .base_url("https://a.example".parse().expect("a URL"));
    let client = all_settings!(builder, asked, RETAILCRM, ended).build()?;
    let credentials = retailcrm::api::GetCredentials::new();
    let list = retailcrm::orders::List::new();
    let url = all_methods!(&client, retailcrm_raw(), credentials.clone(), list);
    assert_eq!(url, "https://a.example");
    check(&asked, &ended);
    Ok(())
}

// C11
#[tokio::test]
async fn c11_the_facade_gives_each_client_what_a_builder_takes() -> Result<(), Error> {
    let asked = [Asked::default(), Asked::default(), Asked::default()];
    let ended = [Ended::default(), Ended::default(), Ended::default()];
    let url = || "https://a.example".parse().expect("a URL");
    let config = Config::new()
        .nicechat("key-1", "secret-1")
        .nicechat_client(|client| all_settings!(client, asked[0], NICECHAT, ended[0]))
        .uvygoda("token-1")
        .uvygoda_client(|client| all_settings!(client, asked[1], UVYGODA, ended[1]))
        .retailcrm(url(), "key-1")
        .retailcrm_client(|client| all_settings!(client, asked[2], RETAILCRM, ended[2]));
    let shopwire = Shopwire::new(&config)?;
    for _ in 0..3 {
        shopwire.nicechat()?.call(nicechat_raw()).await?;
        shopwire.uvygoda().call(uvygoda_raw()).await?;
        shopwire.retailcrm()?.call(retailcrm_raw()).await?;
    }
    for (asked, ended) in asked.iter().zip(&ended) {
        check(asked, ended);
    }
    Ok(())
}

// C11
#[tokio::test]
async fn c11_what_all_clients_are_given_reaches_each_and_one_service_may_differ()
-> Result<(), Error> {
    let asked = Asked::default();
    let config = Config::new()
        .client(|all| {
            all.user_agent("all/1").service(
                asked.service(r#"{"RESULT":true,"ERROR":false,"status":"ok","success":true}"#),
            )
        })
        .nicechat("key-1", "secret-1")
        .uvygoda("token-1")
        .uvygoda_client(|uvygoda| uvygoda.user_agent("one/1"))
        .retailcrm("https://a.example".parse().expect("a URL"), "key-1");
    let shopwire = Shopwire::new(&config)?;
    shopwire.nicechat()?.call(nicechat_raw()).await?;
    shopwire.uvygoda().call(uvygoda_raw()).await?;
    shopwire.retailcrm()?.call(retailcrm_raw()).await?;
    assert_eq!(asked.header("user-agent"), ["all/1", "one/1", "all/1"]);
    Ok(())
}

// C11
#[tokio::test]
async fn c11_how_answers_are_read_is_set_for_all_and_one_service_may_differ() -> Result<(), Error> {
    let answer = r#"{"RESULT":true,"ERROR":false,"status":"ok","success":true}"#;
    let config = Config::new()
        .client(|all| {
            all.decoding(Decoding::new().budget(1))
                .service(Asked::default().service(answer))
        })
        .nicechat("key-1", "secret-1")
        .uvygoda("token-1")
        .uvygoda_client(|uvygoda| uvygoda.decoding(Decoding::new()))
        .retailcrm("https://a.example".parse().expect("a URL"), "key-1");
    let shopwire = Shopwire::new(&config)?;
    let nicechat = shopwire.nicechat()?.call(nicechat_raw()).await;
    let retailcrm = shopwire.retailcrm()?.call(retailcrm_raw()).await;
    for error in [nicechat.err(), retailcrm.err()] {
        let kind = error.expect("the answer takes more than a byte").kind();
        assert_eq!(kind, ErrorKind::BodyLimit);
    }
    shopwire.uvygoda().call(uvygoda_raw()).await?;

    let noisy = "<br />\n<b>Notice</b>: Undefined index\n{\"RESULT\":true,\"ERROR\":false}";
    for (strictness, is_read) in [(Strictness::Lenient, true), (Strictness::Strict, false)] {
        let config = Config::new()
            .client(|all| {
                all.strictness(Strictness::Lenient)
                    .service(Asked::default().service(noisy))
            })
            .uvygoda("token-1")
            .uvygoda_client(|uvygoda| uvygoda.strictness(strictness));
        let answer = Shopwire::new(&config)?.uvygoda().call(uvygoda_raw()).await;
        assert_eq!(answer.is_ok(), is_read, "{strictness:?}");
    }
    Ok(())
}

/// What each crate and the facade re-export under one name: the types are the same ones.
macro_rules! same_exports {
    ($($name:ident),*) => {
        #[expect(unused_imports, reason = "that they are there is the test")]
        mod exports {
            mod facade { pub(super) use shopwire::{$($name),*}; }
            mod nicechat { pub(super) use shopwire::nicechat::{$($name),*}; }
            mod uvygoda { pub(super) use shopwire::uvygoda::{$($name),*}; }
            mod retailcrm { pub(super) use shopwire::retailcrm::{$($name),*}; }
        }
    };
}

// C11
same_exports!(
    Answered,
    BaseUrl,
    Call,
    CallOptions,
    Decimal,
    Decoding,
    Error,
    ErrorKind,
    Id,
    LookPolicy,
    Looked,
    Map,
    Operation,
    Pool,
    RetryPolicy,
    Secret,
    Strictness,
    Value,
    look_until
);

// C12
#[test]
fn c12_a_request_is_authorised_without_a_client() {
    use nicechat::{Authentication as NiceChatAuthentication, Authorize as _, Operation as _};

    let account = nicechat::Credentials::new("key-1", "secret-1");
    let signer = nicechat::Signer::new(account.clone());
    let signed = NiceChatAuthentication::new(signer, nicechat::Encoding::default());
    let mut request = nicechat::categories::List::new().request().unwrap();
    signed.encode(&mut request).unwrap();
    signed.authorize(&mut request).unwrap();
    let (parts, body) = request.into_parts();
    let verifier = shopwire::sign::Verifier::new();
    let verified = verifier.verify(&parts, &body, |_| Some(account));
    assert!(verified.is_ok(), "{verified:?}");

    let token = uvygoda::Authentication::new("token-1").unwrap();
    let mut request = uvygoda::orders::Stages::new().request().unwrap();
    token.authorize(&mut request).unwrap();
    assert_eq!(request.headers()["token"], "token-1");

    use retailcrm::KeyPlace;
    for (place, header, query) in [
        (KeyPlace::Header, Some("key-1"), None),
        (KeyPlace::Parameter, None, Some("apiKey=key-1")),
    ] {
        let key = retailcrm::Authentication::new("key-1", place);
        let mut request = retailcrm::users::List::new().request().unwrap();
        key.authorize(&mut request).unwrap();
        let sent = request.headers().get("x-api-key");
        assert_eq!(sent.map(|value| value.to_str().unwrap()), header);
        assert_eq!(request.uri().query(), query);
    }
}
