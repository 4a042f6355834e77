//! A client on hyper-util's pool with the signature as a layer, retried: each attempt is signed anew.
//!
//! Run with `cargo run -p nicechat-sign --features tower --example hyper_client`.

use std::convert::Infallible;
use std::error::Error;
use std::future::{Ready, ready};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioIo};
use nicechat_sign::tower::SignLayer;
use nicechat_sign::{Credentials, Signer};
use tokio::net::TcpListener;
use tower::retry::{Policy, RetryLayer};
use tower::{Service as _, ServiceBuilder, ServiceExt as _};

/// Retries a throttled request, up to a maximum number of times.
#[derive(Clone)]
struct Throttled(u32);

impl<B: Clone, C, E> Policy<Request<B>, Response<C>, E> for Throttled {
    type Future = Ready<()>;

    fn retry(
        &mut self,
        _: &mut Request<B>,
        answer: &mut Result<Response<C>, E>,
    ) -> Option<Ready<()>> {
        let throttled = matches!(answer, Ok(it) if it.status() == StatusCode::SERVICE_UNAVAILABLE);
        self.0 = self.0.checked_sub(u32::from(throttled))?;
        throttled.then(|| ready(()))
    }

    fn clone_request(&mut self, request: &Request<B>) -> Option<Request<B>> {
        Some(request.clone())
    }
}

/// Throttles the first attempt, then answers with the signature it saw.
async fn service(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    use std::sync::atomic::{AtomicU32, Ordering};
    static ATTEMPTS: AtomicU32 = AtomicU32::new(0);
    let signature = request.headers()["x-api-sign"].as_bytes().to_vec();
    let mut answer = Response::new(Full::from(signature));
    if ATTEMPTS.fetch_add(1, Ordering::Relaxed) == 0 {
        *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    Ok(answer)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let connection =
                http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(service));
            tokio::spawn(connection);
        }
    });

    let signer = Signer::new(Credentials::new("key", "secret"));
    let pool = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let mut client = ServiceBuilder::new()
        .layer(RetryLayer::new(Throttled(2)))
        .layer(SignLayer::new(signer.clone()))
        .service(pool);

    let body = Bytes::from_static(br#"{"id":"ID-1"}"#);
    let request = Request::post(format!("http://{address}/marketplaces/v1/products/"))
        .header("content-type", "application/json")
        .body(Full::from(body.clone()))?;
    let answer = client.ready().await?.call(request).await?;
    assert_eq!(answer.status(), StatusCode::OK);
    let seen = http_body_util::BodyExt::collect(answer.into_body())
        .await?
        .to_bytes();
    let expected = signer.sign_body("/marketplaces/v1/products/", &body, "POST");
    assert_eq!(seen, expected.to_string());
    println!("the second attempt arrived with the signature {expected}");
    Ok(())
}

#[test]
fn it_runs() -> Result<(), Box<dyn Error>> {
    main()
}
