//! What a client does, as metrics: an adapter to the `metrics` facade, with OpenTelemetry's names.
//!
//! `cargo run -p common-transport --example metrics_adapter`

use std::{
    sync::atomic::{AtomicU32, Ordering::Relaxed},
    time::Duration,
};

use bytes::Bytes;
use common_transport::{
    BoxError, Client, Error, Idempotency, Metadata, Operation, RateClass, RateLimits, RetryPolicy,
    observe::{AttemptEnded, CallEnded, Observer, Outcome},
};
use http::{Method, Request, Response};
use metrics::{Label, counter, histogram};
use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};
use tower::service_fn;

/// The adapter.
struct Metrics;

impl Observer for Metrics {
    fn attempt_ended(&self, attempt: &AttemptEnded) {
        let labels = labels(attempt.operation, attempt.outcome);
        histogram!("http.client.request.duration", labels).record(attempt.took.as_secs_f64());
    }

    fn call_ended(&self, call: &CallEnded) {
        let labels = labels(call.operation, call.outcome);
        histogram!("rate_limit.wait", labels.clone()).record(call.waited.as_secs_f64());
        if call.may_have_landed {
            counter!("calls.may_have_landed", labels).increment(1);
        }
    }
}

/// All of few values: no identifier of an order, no URL.
fn labels(operation: Option<&'static Metadata>, outcome: Outcome) -> Vec<Label> {
    let mut labels = Vec::new();
    if let Some(operation) = operation {
        labels.push(Label::new("http.request.method", operation.method.as_str()));
        labels.push(Label::new("url.template", operation.path));
    }
    labels.push(match outcome {
        Outcome::Answered(status) => {
            Label::new("http.response.status_code", status.as_u16().to_string())
        }
        Outcome::Failed(kind) => Label::new("error.type", kind.as_str()),
        _ => Label::new("error.type", "cancelled"),
    });
    labels
}

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

/// How many values of a metric there are under the labels of one of its series.
fn recorded(snapshotter: &Snapshotter) -> Vec<(String, usize)> {
    let mut series: Vec<_> = snapshotter
        .snapshot()
        .into_vec()
        .into_iter()
        .map(|(key, _, _, value)| {
            let last = key.key().labels().last().map(Label::value);
            let name = format!("{} {}", key.key().name(), last.unwrap_or_default());
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
        .observe(Metrics)
        .build()?;
    assert_eq!(client.send(&List).await?, 2);

    let expected = [
        ("http.client.request.duration 200", 1),
        ("http.client.request.duration 500", 1),
        ("rate_limit.wait 200", 1),
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
