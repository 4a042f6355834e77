//! What the observer `Metrics` records, by the debugging recorder of `metrics-util`.
#![cfg(all(feature = "client", feature = "metrics"))]

mod support;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
};

use bytes::Bytes;
use common_transport::{Client, RateClass, RateLimits, RetryPolicy, observe::Metrics};
use http::{Request, Response};
use metrics::Unit;
use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};
use support::Say;
use tokio::time::{Duration, sleep};
use tower::service_fn;

/// The series, as `name{label=value,…}`, with their units and values.
fn series(snapshotter: &Snapshotter) -> BTreeMap<String, (Option<Unit>, Vec<f64>)> {
    let entries = snapshotter.snapshot().into_vec().into_iter();
    entries
        .map(|(key, unit, _, value)| {
            let key = key.key();
            let labels = key.labels();
            let labels: BTreeSet<_> = labels
                .map(|label| format!("{}={}", label.key(), label.value()))
                .collect();
            let labels: Vec<_> = labels.into_iter().collect();
            let values = match value {
                DebugValue::Histogram(values) => values.iter().map(|value| value.0).collect(),
                DebugValue::Counter(count) => vec![count as f64],
                DebugValue::Gauge(value) => vec![value.0],
            };
            (
                format!("{}{{{}}}", key.name(), labels.join(",")),
                (unit, values),
            )
        })
        .collect()
}

/// Answers with these statuses in turn, each after half a second.
fn client(statuses: &'static [u16]) -> Client {
    let asked: &'static AtomicUsize = Box::leak(Box::default());
    let service = service_fn(move |_: Request<Bytes>| async move {
        sleep(Duration::from_millis(500)).await;
        let status = statuses[asked.fetch_add(1, Relaxed).min(statuses.len() - 1)];
        Response::builder()
            .status(status)
            .body(Bytes::from("S3CRET"))
    });
    Client::builder("https://demo.example".parse().unwrap())
        .service(service)
        .limits(RateLimits::new().class(RateClass::DEFAULT, 1))
        .retry(RetryPolicy::new().randomness(|| 0))
        .observer(Metrics::new())
        .build()
        .unwrap()
}

// C6: a read that is repeated after a wait for the rate limit.
#[tokio::test(start_paused = true)]
async fn c6_metrics_of_a_call_and_its_attempts() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let _guard = metrics::set_default_local_recorder(&recorder);
    client(&[503, 200]).send(&Say::get()).await.unwrap();
    let found = series(&snapshotter);
    let http = "http.request.method=GET";
    let server = "server.address=demo.example,server.port=443,url.template=/get";
    let call = "operation=get,service=demo";
    let failed = "error.type=503";
    let (bad, good) = (
        "http.response.status_code=503",
        "http.response.status_code=200",
    );
    let request = "http.client.request.duration";
    let rows = [
        (
            format!("{request}{{{failed},{http},{bad},{server}}}"),
            Unit::Seconds,
            0.5,
        ),
        // Without the second's rest that it waited for its permit.
        (
            format!("{request}{{{http},{good},{server}}}"),
            Unit::Seconds,
            0.5,
        ),
        (
            format!("shopwire.client.retries{{{failed},{bad},{call}}}"),
            Unit::Count,
            1.0,
        ),
        (
            format!("shopwire.client.call.attempts{{{call}}}"),
            Unit::Count,
            2.0,
        ),
    ];
    for (name, unit, value) in &rows {
        let (found_unit, values) = found
            .get(name)
            .unwrap_or_else(|| panic!("{name} {found:#?}"));
        assert_eq!(found_unit, &Some(*unit), "{name}");
        assert!(
            values.len() == 1 && (values[0] - value).abs() < 0.01,
            "{name} {values:?}"
        );
    }
    let wait = &found[&format!("shopwire.client.rate_limit.wait{{{call}}}")].1[0];
    let took = &found[&format!("shopwire.client.call.duration{{{good},{call}}}")].1[0];
    assert!(*wait > 0.4, "{wait}");
    assert!(
        (took - wait - 1.0).abs() < 0.01,
        "two attempts and the wait: {took} {wait}"
    );
    assert_eq!(found.len(), rows.len() + 2, "{found:#?}");
}

// C6: ends without an answer, and what may have landed.
#[tokio::test(start_paused = true)]
async fn c6_metrics_of_calls_that_fail_or_are_dropped() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let failing = client(&[500]);
    assert!(failing.send(&Say::post("x")).await.is_err());
    let dropped = client(&[200]);
    let post = Say::post("x");
    let call = tokio::time::timeout(Duration::from_millis(100), dropped.send(&post));
    assert!(call.await.is_err());
    let found = series(&snapshotter);
    let labels = "operation=add,service=demo";
    for end in [
        "error.type=500,http.response.status_code=500,",
        "error.type=cancelled,",
    ] {
        let landed = format!("shopwire.client.may_have_landed{{{end}{labels}}}");
        assert_eq!(found[&landed].1, [1.0], "{found:#?}");
        let duration = format!("shopwire.client.call.duration{{{end}{labels}}}");
        assert_eq!(found[&duration].1.len(), 1);
    }
    let names: Vec<_> = found
        .keys()
        .filter(|name| name.contains("S3CRET"))
        .collect();
    assert!(names.is_empty(), "{names:?}");
}
