//! Tests of the settings on their way through a response.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

use common_model::{Extra, Model, ObjectWriter, Reader};
use common_transport::{ErrorKind, Idempotency, Metadata};
use http::Method;

use super::*;
use crate::{Repair, Strictness};

static ADD: Metadata = Metadata::new(
    "demo",
    "add",
    Method::POST,
    "/add",
    Idempotency::NonIdempotent,
);

static LIST: Metadata = Metadata::new(
    "demo",
    "list",
    Method::GET,
    "/list",
    Idempotency::Idempotent,
);

#[derive(Clone, Default, PartialEq)]
struct Page {
    ids: Option<Vec<i64>>,
    extra: Extra,
}

impl Model for Page {
    fn read_field(
        &mut self,
        key: &str,
        reader: &mut Reader<'_>,
    ) -> Result<bool, common_model::Error> {
        match key {
            "ids" => reader.field("ids", &mut self.ids, &mut self.extra),
            _ => Ok(false),
        }
    }

    fn write_fields(&self, object: &mut ObjectWriter<'_>) {
        object.field("ids", &self.ids, &self.extra);
    }

    fn extra(&self) -> &Extra {
        &self.extra
    }

    fn extra_mut(&mut self) -> &mut Extra {
        &mut self.extra
    }
}

common_model::model!(Page);

struct Get(&'static Metadata);

impl Operation for Get {
    type Output = Page;

    fn metadata(&self) -> &'static Metadata {
        self.0
    }

    fn request(&self) -> Result<http::Request<Bytes>, Error> {
        Ok(http::Request::new(Bytes::new()))
    }

    fn decode(&self, response: Response<Bytes>) -> Result<Page, Error> {
        read(self.0, response, &|reply| reply.into_text())
    }
}

fn response(body: impl Into<Bytes>) -> Response<Bytes> {
    Response::new(body.into())
}

const ODD: &str = r#"{"ids":[1,"two",3]}"#;

// F6
#[test]
fn f6_a_bare_decode_gives_value_and_reports() {
    let read = Decoding::new().decode(&Get(&LIST), response(ODD)).unwrap();
    assert_eq!(read.value.ids.as_deref(), Some(&[1, 3][..]));
    assert_eq!(
        read.odd[0].to_string(),
        "expected an integer at ids[1] (byte 10)"
    );
    assert_eq!(common_model::to_json(&read.value), ODD);
    // Without settings it is read all the same.
    assert!(Get(&LIST).decode(response(ODD)).is_ok());
}

// F6
#[test]
fn f6_strict_decoding_is_an_option() {
    let strict = Decoding::new().strict(true);
    let error = strict.decode(&Get(&LIST), response(ODD)).unwrap_err();
    assert!(error.is_decode(), "{error:?}");
}

// H1
#[test]
fn h1_the_budget_is_an_error_like_the_body_limit() {
    let tight = Decoding::new().budget(10);
    let error = tight.decode(&Get(&ADD), response(ODD)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BodyLimit);
    assert!(error.may_have_landed());
    let error = tight.decode(&Get(&LIST), response(ODD)).unwrap_err();
    assert!(!error.may_have_landed() && !error.is_retryable());
}

/// A clock that says stop when it is asked for the `limit`-th time, and how often it was asked.
fn clock(limit: usize) -> (Stop, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    (
        Arc::new(move || counter.fetch_add(1, Relaxed) + 1 >= limit),
        asked,
    )
}

// H2
#[test]
fn h2_reading_that_is_stopped_is_a_timeout_that_may_have_landed() {
    let long = format!("{{\"ids\":[{}0]}}", "0,".repeat(100_000));
    for (metadata, lands) in [(&ADD, true), (&LIST, false)] {
        let (stop, asked) = clock(4);
        let mut response = response(long.clone());
        Decoding::new().attach_until(&mut response, stop);
        let error = Get(metadata).decode(response).unwrap_err();
        assert!(error.is_timeout(), "{error:?}");
        assert_eq!(error.may_have_landed(), lands);
        assert_eq!(asked.load(Relaxed), 4, "it ends at once");
    }
}

// H2: texts of other charsets are converted piece by piece.
#[test]
fn h2_a_conversion_that_is_stopped_is_a_timeout() {
    let russian = format!("{{\"ids\":[],\"x\":\"{}\"}}", "я".repeat(200_000));
    let utf16: Vec<u8> = russian.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cp1251: Vec<u8> = russian
        .chars()
        .map(|c| if c == 'я' { 0xff } else { c as u8 })
        .collect();
    for (charset, body) in [("utf-16le", utf16), ("windows-1251", cp1251)] {
        let coded = || {
            let mut response = response(body.clone());
            let value = format!("application/json; charset={charset}");
            response
                .headers_mut()
                .insert(http::header::CONTENT_TYPE, value.parse().unwrap());
            response
        };
        assert!(Get(&LIST).decode(coded()).is_ok());
        let pieces = body.len() / (16 * 1024);
        for limit in [1, 5, pieces] {
            let (stop, asked) = clock(limit);
            let mut response = coded();
            Decoding::new().attach_until(&mut response, stop);
            let error = Get(&LIST).decode(response).unwrap_err();
            assert!(error.is_timeout(), "{charset}: {error:?}");
            assert_eq!(asked.load(Relaxed), limit, "{charset}");
        }
    }
}

// H2: the result of a repair that was stopped is ignored.
#[test]
fn h2_a_repair_that_is_stopped_is_a_timeout() {
    let repair: Repair = |_, options| {
        while !options.says_stop() {}
        Some(b"{}".to_vec())
    };
    let (stop, asked) = clock(7);
    let mut response = response(ODD);
    Strictness::Lenient.attach(&mut response, repair);
    Decoding::new().attach_until(&mut response, stop);
    let error = Get(&ADD).decode(response).unwrap_err();
    assert!(error.is_timeout() && error.may_have_landed(), "{error:?}");
    assert_eq!(asked.load(Relaxed), 7);
}

// H2: a refusal that was read to its end before the clock stopped stays what it is.
#[test]
fn h2_what_is_short_is_read_whatever_the_clock_says() {
    let (stop, _) = clock(0);
    let mut response = response(ODD);
    let reports = Decoding::new().attach_until(&mut response, stop);
    assert!(Get(&LIST).decode(response).is_ok());
    assert_eq!(reports.take().len(), 1);
}

#[cfg(feature = "client")]
mod client {
    use std::time::Duration;

    use common_transport::CallEnd;
    use tokio::time::Instant;

    use super::*;

    // H2
    #[tokio::test(start_paused = true)]
    async fn h2_a_client_ends_reading_with_the_calls_deadline() {
        let long = format!("{{\"ids\":[{}0]}}", "0,".repeat(100_000));
        for (rest, ends) in [(0, true), (1, false)] {
            let mut response = response(long.clone());
            let end = Instant::now() + Duration::from_millis(rest);
            response.extensions_mut().insert(CallEnd(end));
            let read = Get(&ADD).decode(Decoding::new().receive(response));
            assert_eq!(read.is_err_and(|error| error.is_timeout()), ends);
        }
    }

    // F6
    #[test]
    fn f6_the_reports_of_a_client_can_be_taken() {
        let response = Decoding::new().receive(response(ODD));
        let reports = Reports::of(&response).unwrap();
        Get(&LIST).decode(response).unwrap();
        assert_eq!(reports.take().len(), 1);
        assert!(reports.take().is_empty());
    }

    /// Keeps what events say.
    #[derive(Clone, Default)]
    struct Listener(Arc<std::sync::Mutex<Vec<String>>>);

    impl tracing::Subscriber for Listener {
        fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
            true
        }

        fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
            tracing::span::Id::from_u64(1)
        }

        fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}

        fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

        fn event(&self, event: &tracing::Event<'_>) {
            struct Said(String);
            impl tracing::field::Visit for Said {
                fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn fmt::Debug) {
                    self.0 += &format!("{}={value:?} ", field.name());
                }
            }
            let mut said = Said(event.metadata().level().to_string() + " ");
            event.record(&mut said);
            self.0.lock().unwrap().push(said.0);
        }

        fn enter(&self, _: &tracing::span::Id) {}

        fn exit(&self, _: &tracing::span::Id) {}
    }

    // F6, X7
    #[test]
    fn f6_a_client_tells_each_part_and_no_value() {
        let listener = Listener::default();
        tracing::subscriber::with_default(listener.clone(), || {
            let answer = response(ODD.replace("two", "hunter2"));
            Get(&LIST).decode(Decoding::new().receive(answer)).unwrap();
        });
        let told = listener.0.lock().unwrap().join("\n");
        assert!(told.starts_with("WARN "), "{told}");
        assert!(told.contains("expected an integer at ids[1]"), "{told}");
        assert!(told.contains("demo") && told.contains("list"), "{told}");
        assert!(!told.contains("hunter2"), "{told}");
    }
}
