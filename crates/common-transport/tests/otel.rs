//! Spans as OpenTelemetry's layer of `tracing` exports them, to an exporter in memory.
#![cfg(feature = "client")]

mod support;

use std::collections::BTreeMap;

use bytes::Bytes;
use common_transport::{
    Client, ClientBuilder, RateClass, RateLimits, RetryPolicy, client::RequestIds,
};
use http::{Request, Response};
use opentelemetry::trace::{SpanKind, Status, TracerProvider as _};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};
use support::Say;
use tower::service_fn;
use tracing_subscriber::layer::SubscriberExt;

/// Collects the spans of the current thread.
struct Exported {
    exporter: InMemorySpanExporter,
    provider: SdkTracerProvider,
    _guard: tracing::subscriber::DefaultGuard,
}

impl Exported {
    fn begin() -> Self {
        let exporter = InMemorySpanExporter::default();
        let provider = SdkTracerProvider::builder()
            .with_simple_exporter(exporter.clone())
            .build();
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
        let subscriber = tracing_subscriber::registry().with(layer);
        Self {
            exporter,
            provider,
            _guard: tracing::subscriber::set_default(subscriber),
        }
    }

    fn spans(&self) -> Vec<SpanData> {
        self.provider.force_flush().unwrap();
        let mut spans = self.exporter.get_finished_spans().unwrap();
        self.exporter.reset();
        spans.sort_by_key(|span| span.start_time);
        spans
    }
}

fn attributes(span: &SpanData) -> BTreeMap<String, String> {
    let pairs = span.attributes.iter();
    pairs
        .map(|pair| (pair.key.to_string(), pair.value.to_string()))
        .collect()
}

fn over(base: &str, statuses: &'static [u16]) -> ClientBuilder {
    let mut statuses = statuses.iter();
    let statuses = std::sync::Mutex::new(move || statuses.next().copied().unwrap_or(200));
    let statuses: &'static _ = Box::leak(Box::new(statuses));
    Client::builder(base.parse().unwrap())
        .retry(RetryPolicy::new().randomness(|| 0))
        .service(service_fn(move |_: Request<Bytes>| {
            let status = statuses.lock().unwrap()();
            let answer = Response::builder()
                .status(status)
                .header("x-request-id", "r-9/S3CRET-key")
                .body(Bytes::from_static(b"done"));
            std::future::ready(answer)
        }))
}

// C6: a call that is repeated once, and answered.
#[tokio::test(start_paused = true)]
async fn c6_a_span_has_the_names_of_an_http_client() {
    let exported = Exported::begin();
    let client = over("https://demo.example/base", &[500])
        .hide("S3CRET-key")
        .request_ids(RequestIds::from_fn(|| "mine".into()))
        .limits(RateLimits::new().class(RateClass::DEFAULT, 1))
        .build()
        .unwrap();
    client.send(&Say::get()).await.unwrap();
    let spans = exported.spans();
    let operation = spans.iter().find(|span| span.span_kind == SpanKind::Client);
    let operation = operation.expect("a span of a client");
    assert_eq!(operation.name, "GET /get");
    assert_eq!(operation.status, Status::Unset);
    let found = attributes(operation);
    let expected = [
        ("http.request.method", "GET"),
        ("server.address", "demo.example"),
        ("server.port", "443"),
        ("url.template", "/get"),
        ("http.response.status_code", "200"),
        ("http.request.resend_count", "1"),
        ("service.peer.name", "demo"),
        ("operation", "get"),
        ("request_id", "r-9/[hidden]"),
        ("client_request_id", "mine"),
        ("rate_limit.wait_ms", "1000"),
    ];
    for (name, value) in expected {
        assert_eq!(found.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert!(!found.contains_key("error.type"), "{found:?}");

    let attempts: Vec<_> = spans.iter().filter(|span| span.name == "attempt").collect();
    assert_eq!(attempts.len(), 2);
    let parent = operation.span_context.span_id();
    assert!(attempts.iter().all(|span| span.parent_span_id == parent));
    let ends = attempts.iter().map(|span| {
        let found = attributes(span);
        let get = |name: &str| found.get(name).cloned().unwrap_or_default();
        let number = get("http.request.resend_count");
        (
            number,
            get("http.response.status_code"),
            get("error.type"),
            is_error(span),
        )
    });
    let mut ends: Vec<_> = ends.collect();
    ends.sort();
    let own = |text: &str| text.to_owned();
    assert_eq!(
        ends,
        [
            (own("0"), own("500"), own("500"), true),
            (own("1"), own("200"), own(""), false)
        ]
    );
    let all = format!("{spans:?}");
    assert!(!all.contains("S3CRET"), "{all}");
}

fn is_error(span: &SpanData) -> bool {
    matches!(span.status, Status::Error { .. })
}

// C6: a table of ends.
#[tokio::test(start_paused = true)]
async fn c6_a_failed_span_has_its_type_and_the_status_error() {
    let exported = Exported::begin();
    let once = RetryPolicy::none();
    for (status, error) in [
        (200, None),
        (204, None),
        (302, None),
        (404, Some("404")),
        (503, Some("503")),
    ] {
        let statuses: &'static [u16] = Box::leak(Box::new([status]));
        let client = over("http://127.0.0.1:8080", statuses).retry(once.clone());
        let _ = client.build().unwrap().send(&Say::get()).await;
        let spans = exported.spans();
        let span = spans
            .iter()
            .find(|span| span.span_kind == SpanKind::Client)
            .unwrap();
        let found = attributes(span);
        assert_eq!(
            found.get("error.type").map(String::as_str),
            error,
            "{status}"
        );
        assert_eq!(is_error(span), error.is_some(), "{status}");
        assert_eq!(found["http.response.status_code"], status.to_string());
        assert_eq!(
            (&*found["server.address"], &*found["server.port"]),
            ("127.0.0.1", "8080")
        );
    }
    let broken = service_fn(async |_: Request<Bytes>| {
        Err::<Response<Bytes>, _>(std::io::Error::other("broken"))
    });
    let client = Client::builder("http://[::1]".parse().unwrap())
        .service(broken)
        .retry(once);
    let _ = client.build().unwrap().send(&Say::post("x")).await;
    let spans = exported.spans();
    let span = spans
        .iter()
        .find(|span| span.span_kind == SpanKind::Client)
        .unwrap();
    let found = attributes(span);
    assert_eq!(span.name, "POST /add");
    assert!(is_error(span) && !found.contains_key("http.response.status_code"));
    assert_eq!(found["error.type"], "transport");
    assert_eq!(
        (&*found["server.address"], &*found["server.port"]),
        ("::1", "80")
    );
}
