//! The receiver of requests that can be stored first and handled later.

use bytes::Bytes;
use common_api::{
    form,
    receive::{self, Delivery, Format, Rejection, Storing},
};
use common_model::{Map, Value};
use common_transport::{BoxError, Place};
use http::{Method, Response, StatusCode};

use super::{
    DeliveryDelete, DeliveryShipmentDelete, ModuleActivity, ModuleSettings, PaymentsApprove,
    PaymentsCancel, Webhook,
    receiver::{Refusal, json},
};
use crate::shared::SuccessResponse;

/// Receives requests that want no other answer than success at an address that ends in a secret, and keeps each in a
/// store before it answers `{"success":true}`.
///
/// There are two kinds:
/// - Requests to a module (they have a `clientId`) whose answer holds no data: `module.activity`, `module.settings`,
///   `delivery.delete`, `delivery.shipmentDelete`, `payments.approve` and `payments.cancel`. Other requests to a module
///   want data at once. They are refused with 400; give their actions a [`receiver`](super::receiver) of their own.
/// - The HTTP action of a trigger. Its user chooses method, address and parameters, so everything is accepted.
///
/// A success tells the service that the module has done its part. Register this address only for actions that may be
/// carried out later.
///
/// ```
/// use bytes::Bytes;
/// use http::Request;
/// use http_body_util::Full;
/// use retailcrm_v5::webhooks::{MemoryStore, NoticeReceiver};
/// use tower_service::Service;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let mut receiver = NoticeReceiver::new("path-secret-1", MemoryStore::new());
/// let body = "clientId=account-7&approve=%7B%22paymentId%22%3A%22p-1%22%7D";
/// let request = Request::post("/retailcrm/path-secret-1")
///     .header("content-type", "application/x-www-form-urlencoded")
///     .body(Full::<Bytes>::from(body))
///     .unwrap();
/// assert_eq!(receiver.call(request).await.unwrap().status(), 200);
/// assert_eq!(receiver.store().events()[0].event.name, Some("payments.approve"));
/// # }
/// ```
pub type NoticeReceiver<S> = receive::Receiver<Storing<Notices, S>>;

/// A store of notices in memory, with a capacity.
pub type MemoryStore = receive::MemoryStore<Notice>;

/// A request that wants no other answer than success.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Notice {
    /// The group and the action, such as `payments.approve`. `None` for a request of a trigger.
    pub name: Option<&'static str>,
    /// The body, or the query of a GET, as a value: JSON, or the fields of a form as an object of texts. `None` if it
    /// is neither. Its delivery holds the unchanged body.
    pub payload: Option<Value>,
}

/// Shows no payload: it holds names, addresses and the `clientId`.
impl std::fmt::Debug for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Notice")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// The format of requests that want no other answer than success.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Notices;

/// The field with the JSON of a request, and the request's name.
const KNOWN: [(&str, &str); 6] = [
    known::<ModuleActivity>(),
    known::<ModuleSettings>(),
    known::<DeliveryDelete>(),
    known::<DeliveryShipmentDelete>(),
    known::<PaymentsApprove>(),
    known::<PaymentsCancel>(),
];

/// Fields that say what a request is about, and how the subject is called.
const SUBJECTS: [(&str, &str); 4] = [
    ("orderId", "order"),
    ("paymentId", "payment"),
    ("shipmentId", "shipment"),
    ("deliveryId", "delivery"),
];

/// Only a webhook that is answered by a mere success can be stored first.
const fn known<W: Webhook<Answer = SuccessResponse>>() -> (&'static str, &'static str) {
    let mut at = 0;
    while !matches!(W::PARAMS[at].place, Place::FormJson) {
        at += 1;
    }
    (W::PARAMS[at].name, W::NAME)
}

impl Format for Notices {
    type Event = Notice;

    fn read(&self, delivery: &Delivery) -> Result<Notice, BoxError> {
        let payload = match (&delivery.method, &delivery.query) {
            (&Method::GET, Some(query)) => form::value(Some(FORM), query.as_bytes()),
            _ => form::value(delivery.content_type(), &delivery.body),
        };
        let fields = payload.as_ref().and_then(Value::as_object);
        let Some(fields) = fields.filter(|fields| fields.get("clientId").is_some()) else {
            return Ok(Notice {
                name: None,
                payload,
            });
        };
        let name = name(&delivery.method, fields).ok_or_else(wants_answer)?;
        Ok(Notice {
            name: Some(name),
            payload,
        })
    }

    /// The order, payment, shipment or delivery that the request names.
    fn subject(&self, notice: &Notice) -> Option<String> {
        let payload = notice.payload.as_ref()?;
        let known = KNOWN.iter().find(|known| Some(known.1) == notice.name);
        let inner: Option<Value> = known
            .and_then(|known| payload.get(known.0)?.as_str())
            .and_then(|json| json.parse().ok());
        let about = inner.as_ref().unwrap_or(payload);
        SUBJECTS.iter().find_map(|(field, kind)| {
            let id = form::id_text(about.get(field)?)?;
            Some(format!("{kind} {id}"))
        })
    }

    fn accepts(&self, method: &Method) -> bool {
        matches!(*method, Method::GET | Method::POST)
    }

    fn acknowledgement(&self) -> Response<Bytes> {
        json(StatusCode::OK, &SuccessResponse::new().success(true))
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

/// The name of a request to a module that can be stored.
fn name(method: &Method, fields: &Map<Value>) -> Option<&'static str> {
    if *method != Method::POST {
        return None;
    }
    let mut known = KNOWN.iter();
    known
        .find(|(field, _)| fields.get(field).is_some())
        .map(|(_, name)| *name)
}

fn wants_answer() -> BoxError {
    let message = "this address only stores requests, and this one wants an answer with data: register another address for it";
    Rejection::new(receive::Reason::Unreadable)
        .with_response(Refusal::new(message).into_response())
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::webhooks::tests::answered_by_success;

    fn post(body: &'static str) -> Delivery {
        Delivery::new(body).with_content_type(FORM)
    }

    fn receiver() -> NoticeReceiver<MemoryStore> {
        NoticeReceiver::new("secret-1", MemoryStore::new())
    }

    // RE17
    #[test]
    fn re17_all_requests_that_want_a_mere_success_can_be_stored() {
        let mut names = KNOWN.map(|known| known.1);
        names.sort_unstable();
        assert_eq!(names.to_vec(), answered_by_success());
    }

    #[tokio::test]
    async fn d2_a_notice_is_stored_before_it_is_answered() {
        let receiver = receiver();
        let body = "clientId=a&cancel=%7B%22paymentId%22%3A%22p-1%22%7D";
        let accepted = receiver.receive("secret-1", post(body)).await.unwrap();
        assert_eq!(accepted.received.event.name, Some("payments.cancel"));
        assert_eq!(accepted.received.subject.as_deref(), Some("payment p-1"));
        let answer = Notices.acknowledgement();
        assert_eq!(answer.body(), r#"{"success":true}"#);
        assert!(!format!("{accepted:?}").contains("p-1"));
    }

    #[tokio::test]
    async fn d2_a_request_that_wants_data_is_refused() {
        let receiver = receiver();
        for body in [
            "clientId=a&calculate=%7B%7D",
            "clientId=a&save=%7B%7D",
            "clientId=a&create=%7B%7D",
            "clientId=a",
        ] {
            let rejection = receiver.receive("secret-1", post(body)).await.unwrap_err();
            assert_eq!(rejection.reason(), receive::Reason::Unreadable);
            let answer = rejection.into_response();
            assert_eq!(answer.status(), 400);
            let text = String::from_utf8_lossy(answer.body());
            assert!(text.starts_with(r#"{"success":false,"errorMsg":"this address only stores"#));
        }
        let get = Delivery::new("")
            .with_method(Method::GET)
            .with_query("clientId=a&deliveryId=7");
        assert!(receiver.receive("secret-1", get).await.is_err());
        assert!(receiver.store().events().is_empty());
    }

    #[tokio::test]
    async fn d2_a_trigger_may_send_anything() {
        let receiver = receiver();
        let get = Delivery::new("")
            .with_method(Method::GET)
            .with_query("orderId=7&calculate=1");
        let json = Delivery::new(r#"{"orderId":7}"#);
        for delivery in [get, json] {
            let accepted = receiver.receive("secret-1", delivery).await.unwrap();
            assert_eq!(accepted.received.subject.as_deref(), Some("order 7"));
        }
        let noise = receiver.receive("secret-1", Delivery::new("\u{0}")).await;
        assert_eq!(noise.unwrap().received.event.payload, None);
        let put = Delivery::new("").with_method(Method::PUT);
        let rejection = receiver.receive("secret-1", put).await.unwrap_err();
        assert_eq!(rejection.status(), 405);
    }
}
