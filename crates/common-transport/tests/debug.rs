//! `Debug` of every public type through whose hands a secret, a URL or a body passes: the text is the same
//! whatever the secret is, and does not hold it.
#![cfg(feature = "client")]

mod support;

use std::{
    fmt::Debug,
    future::{Pending, pending},
    task::{Context as Cx, Poll},
    time::Duration,
};

use bytes::Bytes;
use common_transport::{
    AnyOperation, BaseUrl, Body, Call, Client, Context, Error, ErrorKind, Pool, RateClass,
    RateLimits, RetryPolicy, Secret,
    attempt::AttemptLayer,
    auth::AuthorizeLayer,
    body::Bounded,
    client::{Identity, Proxy},
    deadline::DeadlineLayer,
    decompress::DecompressLayer,
    guard::GuardLayer,
    limit::LimitLayer,
    retry::RetryLayer,
    trace::TraceLayer,
};
use http::{HeaderValue, Request, Response};
use http_body_util::Full;
use support::Say;
use tower::{Layer, Service, service_fn};

/// A service that never answers.
#[derive(Debug, Clone)]
struct Silent;

impl Service<Request<Bytes>> for Silent {
    type Response = Response<Bytes>;
    type Error = Error;
    type Future = Pending<Result<Response<Bytes>, Error>>;

    fn poll_ready(&mut self, _: &mut Cx<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<Bytes>) -> Self::Future {
        pending()
    }
}

/// The same with a body to be read.
#[derive(Debug, Clone)]
struct SilentBody;

impl Service<Request<Bytes>> for SilentBody {
    type Response = Response<Full<Bytes>>;
    type Error = Error;
    type Future = Pending<Result<Response<Full<Bytes>>, Error>>;

    fn poll_ready(&mut self, _: &mut Cx<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<Bytes>) -> Self::Future {
        pending()
    }
}

/// A request that holds the secret wherever it can.
fn request(secret: &str) -> Request<Bytes> {
    Request::post(format!("https://demo.example/{secret}?apiKey={secret}"))
        .header("x-api-key", secret)
        .body(Bytes::copy_from_slice(secret.as_bytes()))
        .unwrap()
}

/// A layer, its service, and the future of a call.
fn layer<L>(layer: L, secret: &str) -> String
where
    L: Layer<Silent> + Debug,
    L::Service: Service<Request<Bytes>, Future: Debug> + Debug,
{
    let mut service = layer.layer(Silent);
    let future = service.call(request(secret));
    format!("{layer:?} {service:?} {future:?}")
}

fn authorize(secret: &str) -> impl Fn(&mut Request<Bytes>) -> Result<(), Error> + use<> {
    let key = HeaderValue::from_str(secret).unwrap();
    move |request: &mut Request<Bytes>| {
        request.headers_mut().insert("x-api-key", key.clone());
        Ok(())
    }
}

fn base() -> BaseUrl {
    "https://demo.example".parse().unwrap()
}

/// A queue with no place before the next minute, so that the call's future holds the request.
fn waiting(secret: &str) -> String {
    let mut limited = LimitLayer::new(full()).layer(Silent);
    let _first = limited.call(request(secret));
    format!("{:?}", limited.call(request(secret)))
}

fn full() -> RateLimits {
    RateLimits::new().class(RateClass::DEFAULT, 1)
}

fn attempt(secret: &str) -> String {
    let layer = AttemptLayer::new();
    let mut service = layer.layer(SilentBody);
    let future = service.call(request(secret));
    format!("{layer:?} {service:?} {future:?}")
}

fn context(secret: &str) -> String {
    let (tell, told) = std::sync::mpsc::channel();
    let service = service_fn(move |request: Request<Bytes>| {
        let context = Context::of(&request).unwrap();
        tell.send(format!("{context:?}")).unwrap();
        pending::<Result<Response<Bytes>, Error>>()
    });
    drop(
        DeadlineLayer::new(Duration::from_secs(1))
            .layer(service)
            .call(request(secret)),
    );
    told.recv().unwrap()
}

fn identity(secret: &str) -> String {
    // PKCS #8 begins with a SEQUENCE; what is in it is read at the first connection.
    let mut key = vec![0x30, u8::try_from(secret.len() + 3).unwrap(), 2, 1, 0];
    key.extend_from_slice(secret.as_bytes());
    format!("{:?}", Identity::new(vec![secret.into()], key))
}

fn body(secret: &str) -> String {
    let bytes = Bytes::copy_from_slice(secret.as_bytes());
    let once = Body::once(Full::new(bytes.clone()));
    let restartable = Body::restartable({
        let bytes = bytes.clone();
        move || Full::new(bytes.clone())
    });
    let outgoing = restartable.open();
    format!(
        "{once:?} {restartable:?} {outgoing:?} {:?}",
        Bounded::new(Full::new(bytes))
    )
}

fn client(secret: &str) -> String {
    let builder = Client::builder(base())
        .authorize(authorize(secret))
        .service(Silent);
    let shown = format!("{builder:?}");
    format!("{shown} {:?}", builder.build().unwrap())
}

fn pool(secret: &str) -> String {
    let proxy = Proxy::url(&format!("http://u:{secret}@proxy.example:3128"), "").unwrap();
    let builder = Pool::builder().proxy(proxy.clone());
    format!("{proxy:?} {builder:?} {:?}", builder.clone().build())
}

fn operation(secret: &str) -> String {
    let any = AnyOperation::new(Say::post(secret.to_owned()), |_| {
        unreachable!("it is not sent")
    });
    let client = Client::builder(base()).service(Silent).build().unwrap();
    format!("{:?}", Call::new(&client, any))
}

fn errors(secret: &str) -> String {
    let url = format!("https://user:{secret}@demo.example").parse::<BaseUrl>();
    let proxy = Proxy::url(&format!("ftp://u:{secret}@proxy.example"), "");
    let key = Identity::new(Vec::new(), secret.into());
    let answer = Error::new(ErrorKind::Decode, "no JSON").with_body(secret.as_bytes());
    format!("{url:?} {proxy:?} {key:?} {answer:?} {answer}")
}

type Shown = fn(&str) -> String;

const TABLE: &[(&str, Shown)] = &[
    ("Secret", |secret| format!("{:?}", Secret::new(secret))),
    ("Identity", identity),
    ("Proxy, PoolBuilder, Pool", pool),
    ("ClientBuilder, Client", client),
    ("AnyOperation, Call", operation),
    ("Body, Outgoing, Bounded", body),
    ("Context", context),
    ("errors", errors),
    ("deadline", |secret| {
        layer(DeadlineLayer::new(Duration::from_secs(1)), secret)
    }),
    ("trace", |secret| layer(TraceLayer::new(), secret)),
    ("retry", |secret| {
        layer(RetryLayer::new(RetryPolicy::new()), secret)
    }),
    ("limit", |secret| layer(LimitLayer::new(full()), secret)),
    ("limit, waiting", waiting),
    ("auth", |secret| {
        layer(AuthorizeLayer::new(authorize(secret)), secret)
    }),
    ("decompress", |secret| layer(DecompressLayer::new(), secret)),
    ("guard", |secret| layer(GuardLayer::new(), secret)),
    ("attempt", attempt),
];

#[tokio::test(start_paused = true)]
async fn r9_x7_debug_of_every_type_is_the_same_whatever_the_secret() {
    for (name, shown) in TABLE {
        // Of one length: that of a body is shown.
        let one = shown("S3CRET-one");
        let other = shown("S3CRET-two");
        assert!(!one.is_empty() && !one.contains("S3CRET"), "{name}: {one}");
        assert_eq!(one, other, "{name}");
    }
}
