//! A web service that calls another one through our client, and counts what it does.
//!
//! `cargo run -p common-transport --example axum_service`

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering::Relaxed},
};

use axum::{Router, extract::State, routing::get};
use bytes::Bytes;
use common_transport::{
    BoxError, Client, Error, Idempotency, Metadata, Operation, RateClass, RateLimits,
    observe::{AttemptEnded, CallEnded, Observer},
};
use http::{Method, Request, Response, StatusCode};
use tokio::net::TcpListener;

static CREDENTIALS: Metadata = Metadata::new(
    "retailcrm",
    "credentials.get",
    Method::GET,
    "/api/credentials",
    Idempotency::Idempotent,
);

struct Credentials;

impl Operation for Credentials {
    type Output = String;

    fn metadata(&self) -> &'static Metadata {
        &CREDENTIALS
    }

    fn request(&self) -> Result<Request<Bytes>, Error> {
        Ok(Request::get(CREDENTIALS.path)
            .body(Bytes::new())
            .expect("a constant"))
    }

    fn decode(&self, response: Response<Bytes>) -> Result<String, Error> {
        Ok(String::from_utf8_lossy(response.body()).into_owned())
    }
}

/// The adapter to a metrics library: here it is two counters.
#[derive(Clone, Default)]
struct Metrics(Arc<[AtomicU32; 2]>);

impl Observer for Metrics {
    fn attempt_ended(&self, _: &AttemptEnded) {
        self.0[0].fetch_add(1, Relaxed);
    }

    fn call_ended(&self, call: &CallEnded) {
        println!(
            "{:?} {:?}, waited {:?}",
            call.operation.map(|o| o.name),
            call.outcome,
            call.waited
        );
        self.0[1].fetch_add(1, Relaxed);
    }
}

async fn handler(State(client): State<Client>) -> Result<String, StatusCode> {
    let sent = client.send(&Credentials).await;
    sent.map_err(|error| match error.is_throttled() {
        true => StatusCode::SERVICE_UNAVAILABLE,
        false => StatusCode::BAD_GATEWAY,
    })
}

async fn serve(router: Router) -> Result<String, BoxError> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(url)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    let upstream = Router::new().route("/api/credentials", get(async || "{\"success\":true}"));
    let metrics = Metrics::default();
    let client = Client::builder(serve(upstream).await?.parse()?)
        .limits(RateLimits::new().class(RateClass::DEFAULT, 10))
        .observer(metrics.clone())
        .build()?;
    let front = Router::new()
        .route("/api/credentials", get(handler))
        .with_state(client);

    // The front is asked as any other service would be.
    let caller = Client::builder(serve(front).await?.parse()?).build()?;
    assert_eq!(caller.send(&Credentials).await?, "{\"success\":true}");
    assert_eq!(
        metrics.0.each_ref().map(|count| count.load(Relaxed)),
        [1, 1]
    );
    Ok(())
}

#[test]
fn it_runs() -> Result<(), BoxError> {
    main()
}
