//! Types through whose hands a secret, a URL or a body passes.

use std::{
    fmt::Debug,
    future::{Pending, pending},
    io::{Read, Write},
    net::TcpListener,
    task::{Context as Cx, Poll},
    thread,
    time::Duration,
};

use bytes::Bytes;
use common_transport::{
    BaseUrl, Body, CallOptions, Client, Context, Error, ErrorKind, Pool, RateClass, RateLimits,
    RetryPolicy, Secret,
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
use http_body_util::{BodyExt, Full};
use tower::{Layer, Service, service_fn};

use super::{Row, now, support::GET};

pub(super) const ROWS: &[Row] = &[
    Row("secret::Secret", |secret| {
        format!("{:?}", Secret::new(secret))
    }),
    Row("client::Identity", identity),
    Row(
        "client::Proxy client::PoolBuilder client::Pool client::PoolFuture",
        pool,
    ),
    Row("client::PoolBody", pool_body),
    Row("client::ClientBuilder client::Client", client),
    Row("client::DownloadBody", download),
    Row("body::Body body::Outgoing body::Bounded", body),
    Row("body::BodyFailure", body_failure),
    Row("options::CallOptions", |secret| {
        format!("{:?}", CallOptions::new().header("x-a", secret))
    }),
    Row("context::Context", context),
    Row("error::Error base_url::InvalidBaseUrl", errors),
    Row(
        "deadline::DeadlineLayer deadline::Deadline deadline::ResponseFuture",
        |secret| layer(DeadlineLayer::new(Duration::from_secs(1)), secret),
    ),
    Row(
        "trace::TraceLayer trace::Trace trace::ResponseFuture",
        |secret| layer(TraceLayer::new(), secret),
    ),
    Row(
        "retry::RetryLayer retry::Retry retry::ResponseFuture",
        |secret| layer(RetryLayer::new(RetryPolicy::new()), secret),
    ),
    Row(
        "limit::LimitLayer limit::Limit limit::ResponseFuture",
        |secret| layer(LimitLayer::new(full()), secret),
    ),
    Row("limit::ResponseFuture", waiting),
    Row(
        "auth::AuthorizeLayer auth::Authorized auth::ResponseFuture",
        |secret| layer(AuthorizeLayer::new(authorize(secret)), secret),
    ),
    Row(
        "decompress::DecompressLayer decompress::Decompress decompress::ResponseFuture",
        |secret| layer(DecompressLayer::new(), secret),
    ),
    Row(
        "guard::GuardLayer guard::Guard guard::ResponseFuture",
        |secret| layer(GuardLayer::new(), secret),
    ),
    Row(
        "attempt::AttemptLayer attempt::Attempt attempt::ResponseFuture",
        attempt,
    ),
];

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

fn body_failure(secret: &str) -> String {
    let bytes = Bytes::copy_from_slice(secret.as_bytes());
    let longer = Body::once(Full::new(bytes)).with_length(1);
    let failure = now(longer.open().frame()).unwrap().unwrap_err();
    format!("{failure:?} {failure}")
}

fn client(secret: &str) -> String {
    let builder = Client::builder(base())
        .authorize(authorize(secret))
        .service(Silent);
    let shown = format!("{builder:?}");
    format!("{shown} {:?}", builder.build().unwrap())
}

/// An answer full of the secret, on its way out.
fn download(secret: &str) -> String {
    let answer = Bytes::copy_from_slice(secret.as_bytes());
    let client = Client::builder(base())
        .service(service_fn(move |_: Request<Bytes>| {
            std::future::ready(Ok::<_, Error>(Response::new(answer.clone())))
        }))
        .build()
        .unwrap();
    let request = Request::get(format!("/{secret}")).body(Bytes::new());
    let download = now(client.download(&GET, request.unwrap())).unwrap();
    format!("{:?}", download.body())
}

fn pool(secret: &str) -> String {
    let proxy = Proxy::url(&format!("http://u:{secret}@proxy.example:3128"), "").unwrap();
    let builder = Pool::builder().proxy(proxy.clone());
    let mut pool = builder.clone().build();
    let future = pool.call(request(secret));
    format!("{proxy:?} {builder:?} {pool:?} {future:?}")
}

/// The body of a real answer that quotes the secret: only a connection makes one.
fn pool_body(secret: &str) -> String {
    let secret = secret.to_owned();
    let body = thread::spawn(move || {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let server = thread::spawn(move || {
            let (mut socket, _) = listener.accept().unwrap();
            let read = socket.read(&mut [0; 1024]).unwrap();
            assert_ne!(read, 0);
            let length = secret.len();
            let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{secret}");
            socket.write_all(answer.as_bytes()).unwrap();
        });
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().build().unwrap();
        let mut pool = Pool::new();
        let request = Request::get(url).body(Bytes::new()).unwrap();
        let answer = runtime.block_on(pool.call(request)).unwrap();
        server.join().unwrap();
        format!("{:?}", answer.body())
    });
    body.join().unwrap()
}

fn errors(secret: &str) -> String {
    let url = format!("https://user:{secret}@demo.example").parse::<BaseUrl>();
    let proxy = Proxy::url(&format!("ftp://u:{secret}@proxy.example"), "");
    let key = Identity::new(Vec::new(), secret.into());
    let answer = Error::new(ErrorKind::Decode, "no JSON")
        .with_body(&Bytes::copy_from_slice(secret.as_bytes()));
    format!("{url:?} {proxy:?} {key:?} {answer:?} {answer}")
}
