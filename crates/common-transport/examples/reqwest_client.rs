//! Our deadline, retry, limiter and attempt clocks over a [`reqwest::Client`], which is a tower service.
//!
//! `cargo run -p common-transport --example reqwest_client`
#![allow(
    clippy::disallowed_methods,
    reason = "the example shows how long a real call took"
)]

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use axum::{Router, routing::get};
use bytes::Bytes;
use common_transport::{
    Attempts, BoxError, Error, ErrorKind, RateClass, RateLimits, RetryPolicy,
    attempt::AttemptLayer, deadline::DeadlineLayer, guard::GuardLayer, limit::LimitLayer,
    retry::RetryLayer,
};
use http::{Request, Response, StatusCode};
use reqwest::{redirect, retry};
use tokio::net::TcpListener;
use tower::{Service, ServiceBuilder, ServiceExt};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    let (url, posts) = serve().await?;
    let client = reqwest::Client::builder()
        // Its own repeats and redirects would pass by our limiter and our rules.
        .retry(retry::never())
        .redirect(redirect::Policy::none())
        .build()?;
    let limits = RateLimits::new().class(RateClass::DEFAULT, 10);
    let mut service = ServiceBuilder::new()
        .layer(DeadlineLayer::new(Duration::from_secs(10)))
        .layer(RetryLayer::new(RetryPolicy::new()))
        .layer(LimitLayer::new(limits))
        .layer(AttemptLayer::new().timeout(Duration::from_secs(5)))
        .layer(GuardLayer::new())
        .map_err(known)
        .filter(|request: Request<Bytes>| reqwest::Request::try_from(request))
        .map_response(Response::<reqwest::Body>::from)
        .service(client);

    let begin = Instant::now();
    let request = Request::get(&url).body(Bytes::new())?;
    let response = service.ready().await?.call(request).await?;
    assert_eq!(response.body(), "orders");
    assert_eq!(Attempts::of(&response), Attempts(2));

    let request = Request::post(&url).body(Bytes::from("an order"))?;
    let response = service.ready().await?.call(request).await?;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(posts.load(Relaxed), 1, "it may have landed: no second one");

    let nobody = Request::get("http://127.0.0.1:1/?apiKey=S3CRET").body(Bytes::new())?;
    let error = service.ready().await?.call(nobody).await.unwrap_err();
    assert!(error.is_connect() && !error.may_have_landed());
    assert!(!format!("{error:?}").contains("S3CRET"));

    let took = begin.elapsed();
    assert!(took > Duration::from_millis(190), "three starts at 10/s");
    println!("a repeated GET and a POST that was not, in {took:?}");
    Ok(())
}

/// What we can tell of reqwest's errors: without a connection nothing was sent. Their text would show the URL, and
/// with it a key in the query.
fn known(error: BoxError) -> Error {
    match error.downcast::<reqwest::Error>() {
        Ok(error) if error.is_connect() => {
            Error::new(ErrorKind::Connect, "no connection").with_source(error.without_url())
        }
        Ok(error) => Error::from_foreign(error.without_url()),
        Err(error) => Error::from_foreign(error),
    }
}

/// A server that is busy at the first GET and fails at each POST; gives its URL and the number of POSTs.
async fn serve() -> Result<(String, Arc<AtomicU32>), BoxError> {
    let posts = Arc::new(AtomicU32::new(0));
    let (gets, counted) = (AtomicU32::new(0), Arc::clone(&posts));
    let gets = Arc::new(gets);
    let orders = get(async move || match gets.fetch_add(1, Relaxed) {
        0 => (StatusCode::SERVICE_UNAVAILABLE, ""),
        _ => (StatusCode::OK, "orders"),
    });
    let orders = orders.post(async move || {
        counted.fetch_add(1, Relaxed);
        StatusCode::INTERNAL_SERVER_ERROR
    });
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/orders", listener.local_addr()?);
    tokio::spawn(
        async move { axum::serve(listener, Router::new().route("/orders", orders)).await },
    );
    Ok((url, posts))
}

#[test]
fn it_runs() -> Result<(), BoxError> {
    main()
}
