//! Types that hold no secret by what they are for. A [`ServiceError`] holds what the service said:
//! it is made to be shown.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use common_transport::{
    AssumeProcessed, Attempts, BaseUrl, ByStatus, CallEnd, Client, Error, ErrorKind, FieldError,
    Idempotency, Limiter, Param, Place, Priority, RateClass, RateLimits, RetryPolicy, Scope,
    ScopeBasis, ServiceError,
    client::{ClientRequestId, Hide, HideParameters, Provider, RequestIds, Roots},
    limit::{Key, Permit, PermitOutcome, Waited, Waiters},
    observe::{AttemptEnded, CallEnded, Observer},
    retry::Budget,
    verdict::{BodyClaim, End},
};
use http::{Request, Response};
use tower::service_fn;

use super::{
    Row, now,
    support::{GET, Say},
};

pub(super) const ROWS: &[Row] = &[
    Row("metadata::Metadata", |_| format!("{:?}", GET)),
    Row("base_url::BaseUrl", |_| format!("{:?}", base())),
    Row("classify::ByStatus classify::AssumeProcessed", |_| {
        format!("{ByStatus:?} {AssumeProcessed:?}")
    }),
    Row("client::Provider client::Roots", |text| {
        format!("{:?} {:?}", Provider::ALL, Roots::Only(vec![text.into()]))
    }),
    Row("verdict::Verdict verdict::BodyClaim verdict::End", |_| {
        format!(
            "{:?} {:?}",
            End::Lost.verdict(),
            BodyClaim::Failure(Some(500))
        )
    }),
    Row("client::RequestIds", |_| format!("{:?}", RequestIds::new())),
    Row("client::AttemptService", attempt_service),
    Row("client::ClientRequestId", client_request_id),
    Row("client::HideParameters", |_| {
        format!("{:?}", HideParameters(["_key".to_owned()].into()))
    }),
    Row("client::Hide", |text| {
        format!("{:?}", Hide(vec![text.into()]))
    }),
    Row("mask::Mask", |text| {
        format!("{:?}", common_transport::Mask::new([text.into()]))
    }),
    Row("context::GivenUp", |_| {
        format!("{:?}", common_transport::GivenUp::default())
    }),
    Row("context::CallEnd", |_| {
        // A moment shows itself as the machine counts it.
        let shown = format!("{:?}", CallEnd(tokio::time::Instant::now()));
        shown[..shown.find('(').unwrap()].to_owned()
    }),
    Row("error::ErrorKind", |_| format!("{:?}", ErrorKind::Timeout)),
    Row("error::ServiceError error::FieldError", |text| {
        let mut fault = ServiceError::default();
        fault.fields.push(FieldError::new("externalId", text));
        fault.others_json = Some(text.to_owned());
        format!("{fault:?}")
    }),
    Row("limit::Waited", |_| {
        format!("{:?}", Waited(std::time::Duration::from_millis(5)))
    }),
    Row("limit::Key limit::Priority metadata::RateClass", |_| {
        format!("{:?}", Key::new("demo.example", RateClass::DEFAULT))
    }),
    Row(
        "limit::RateLimits limit::Acquire limit::Permit limit::HeldPermit",
        limits,
    ),
    Row("limit::Waiters limit::Ticket", |_| {
        let mut waiters = Waiters::default();
        let ticket = waiters.join(Priority::High);
        format!("{waiters:?} {ticket:?}")
    }),
    Row("limit::PermitOutcome", |_| {
        format!("{:?}", PermitOutcome::Lost)
    }),
    Row(
        "metadata::Param metadata::Place metadata::Idempotency",
        |_| {
            let param = Param::required("id", Place::Path);
            format!("{param:?} {:?}", Idempotency::Idempotent)
        },
    ),
    Row("metadata::Scope metadata::ScopeBasis", |_| {
        format!("{:?}", Scope::new("order_read", ScopeBasis::Stated))
    }),
    Row(
        "observe::AttemptEnded observe::CallEnded observe::Outcome observe::Server",
        events,
    ),
    #[cfg(feature = "metrics")]
    Row("observe::Metrics", |_| {
        format!("{:?}", common_transport::observe::Metrics::new())
    }),
    // The sources name it whether it is compiled or not.
    #[cfg(not(feature = "metrics"))]
    Row("observe::Metrics", |_| "Metrics, not compiled".to_owned()),
    Row("retry::Attempts", |_| format!("{:?}", Attempts(2))),
    Row("retry::Budget retry::RetryPolicy", |_| {
        format!("{:?} {:?}", Budget::default(), RetryPolicy::new())
    }),
];

fn base() -> BaseUrl {
    "https://demo.example".parse().unwrap()
}

fn limits(_: &str) -> String {
    let limits = RateLimits::new().class(RateClass::DEFAULT, 1);
    let key = Key::new("demo.example", RateClass::DEFAULT);
    let permit = now(limits.acquire(key, None)).unwrap();
    let waiting = limits.acquire(key, None);
    format!(
        "{limits:?} {permit:?} {waiting:?} {:?} {:?}",
        Permit::unlimited(),
        Permit::unlimited().hold()
    )
}

/// What it was told.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<String>>);

impl Observer for Heard {
    fn attempt_ended(&self, attempt: &AttemptEnded) {
        *self.0.lock().unwrap() += &format!("{attempt:?}");
    }

    fn call_ended(&self, call: &CallEnded) {
        *self.0.lock().unwrap() += &format!("{call:?}");
    }
}

fn events(text: &str) -> String {
    let heard = Heard::default();
    let answer = Bytes::copy_from_slice(text.as_bytes());
    let client = Client::builder(base())
        .observer(heard.clone())
        .service(service_fn(move |_: Request<Bytes>| {
            std::future::ready(Ok::<_, Error>(Response::new(answer.clone())))
        }))
        .build()
        .unwrap();
    now(client.send(&Say::get())).unwrap();
    heard.0.lock().unwrap().clone()
}

fn client() -> common_transport::ClientBuilder {
    let answers = service_fn(|_: Request<Bytes>| {
        std::future::ready(Ok::<_, Error>(Response::new(Bytes::new())))
    });
    Client::builder(base()).service(answers)
}

fn attempt_service(_: &str) -> String {
    let shown = Arc::new(Mutex::new(String::new()));
    let noted = Arc::clone(&shown);
    let layer = tower::layer::layer_fn(move |inner: common_transport::client::AttemptService| {
        *noted.lock().unwrap() = format!("{inner:?}");
        inner
    });
    client().layer(layer).build().unwrap();
    shown.lock().unwrap().clone()
}

/// An id is made to be shown.
fn client_request_id(_: &str) -> String {
    let ids = RequestIds::from_fn(|| "id-1".into());
    let client = client().request_ids(ids).build().unwrap();
    let request = common_transport::Operation::request(&Say::get()).unwrap();
    let response = now(client.execute(&GET, request)).unwrap();
    format!("{:?}", ClientRequestId::of(&response).unwrap())
}
