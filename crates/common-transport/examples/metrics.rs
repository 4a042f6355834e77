//! What a client does, as metrics of the `metrics` facade, with OpenTelemetry's names.
//!
//! `cargo run -p common-transport --example metrics --features metrics`

use std::{
    sync::atomic::{AtomicU32, Ordering::Relaxed},
    time::Duration,
};

use bytes::Bytes;
use common_transport::{
    BoxError, Client, Error, Idempotency, Metadata, Operation, RateClass, RateLimits, RetryPolicy,
    observe::Metrics,
};
use http::{Method, Request, Response};
use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};
use tower::service_fn;

static LIST: Metadata = Metadata::new(
    "demo",
    "list",
    Method::GET,
    "/orders",
    Idempotency::Idempotent,
);

struct List;

impl Operation for List {
    type Output = usize;

    fn metadata(&self) -> &'static Metadata {
        &LIST
    }

    fn request(&self) -> Result<Request<Bytes>, Error> {
        Ok(Request::get(LIST.path)
            .body(Bytes::new())
            .expect("a constant"))
    }

    fn decode(&self, response: Response<Bytes>) -> Result<usize, Error> {
        Ok(response.body().len())
    }
}

/// The series by name, with how many values each has.
fn recorded(snapshotter: &Snapshotter) -> Vec<(String, usize)> {
    let mut series: Vec<_> = snapshotter
        .snapshot()
        .into_vec()
        .into_iter()
        .map(|(key, _, _, value)| {
            let name = key.key().name().to_owned();
            match value {
                DebugValue::Histogram(values) => (name, values.len()),
                DebugValue::Counter(count) => (name, count as usize),
                DebugValue::Gauge(_) => (name, 1),
            }
        })
        .collect();
    series.sort();
    series
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), BoxError> {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    // In place of `metrics_exporter_prometheus` or whatever the program installs.
    let _guard = metrics::set_default_local_recorder(&recorder);

    let asked = AtomicU32::new(0);
    let asked: &'static AtomicU32 = Box::leak(Box::new(asked));
    let server = service_fn(async move |_: Request<Bytes>| {
        let status = match asked.fetch_add(1, Relaxed) {
            0 => 500,
            _ => 200,
        };
        Response::builder().status(status).body(Bytes::from("[]"))
    });
    let client = Client::builder("https://demo.example".parse()?)
        .service(server)
        .limits(RateLimits::new().class(RateClass::DEFAULT, 10))
        .retry(RetryPolicy::new().waits(Duration::from_millis(1), Duration::from_millis(1)))
        .observer(Metrics::new())
        .build()?;
    assert_eq!(client.send(&List).await?, 2);

    let expected = [
        ("http.client.request.duration", 1),
        ("http.client.request.duration", 1),
        ("shopwire.client.call.attempts", 1),
        ("shopwire.client.call.duration", 1),
        ("shopwire.client.rate_limit.wait", 1),
        ("shopwire.client.retries", 1),
    ];
    let recorded = recorded(&snapshotter);
    let recorded: Vec<_> = recorded
        .iter()
        .map(|(name, count)| (name.as_str(), *count))
        .collect();
    assert_eq!(recorded, expected);
    println!("{recorded:?}");
    Ok(())
}

#[test]
fn it_runs() -> Result<(), BoxError> {
    main()
}
