//! Calls of any method by name.

use std::fmt;

use bytes::Bytes;
use common_model::{Reader, Value};
use common_transport::{Error, Idempotency, Metadata, Operation};
use http::{Method, Request};

use crate::{
    operations,
    wire::{self, Wire},
};

static RAW: Metadata = Metadata::new(
    "uvygoda",
    "call",
    Method::POST,
    wire::PATH,
    Idempotency::NonIdempotent,
);

/// A call of any method with any JSON, for methods that this crate does not know. A known method
/// keeps its retry rule; an unknown one is never retried.
///
/// ```
/// use common_transport::Operation;
/// use uvygoda_rpc::RawOperation;
///
/// let call = RawOperation::new("getDeliveries", r#"{"FROM":"2026-01-01"}"#);
/// let request = call.request().unwrap();
/// assert_eq!(request.headers()["method"], "getDeliveries");
/// let answer = http::Response::new(r#"{"RESULT":true,"DELIVERIES":[],"ERROR":false}"#.into());
/// assert!(call.decode(answer).unwrap().get("DELIVERIES").is_some());
/// ```
// U5
#[derive(Clone)]
pub struct RawOperation {
    method: String,
    json: String,
}

impl RawOperation {
    /// Creates a call from the method's name and its parameters as JSON; `[]` means no parameters.
    pub fn new(method: impl Into<String>, json: impl Into<String>) -> Self {
        Self {
            method: method.into(),
            json: json.into(),
        }
    }
}

/// Shows no parameters: they may hold a password.
impl fmt::Debug for RawOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawOperation")
            .field("method", &self.method)
            .field("bytes", &self.json.len())
            .finish_non_exhaustive()
    }
}

impl Operation for RawOperation {
    type Output = Value;

    fn metadata(&self) -> &'static Metadata {
        let known = operations().iter().map(|entry| entry.metadata);
        known
            .into_iter()
            .find(|metadata| metadata.name == self.method)
            .unwrap_or(&RAW)
    }

    fn request(&self) -> Result<Request<Bytes>, Error> {
        let mut reader = Reader::new(&self.json);
        reader
            .raw()
            .and_then(|_| reader.end())
            .map_err(|error| Error::invalid_input("json", error.to_string()))?;
        wire::call(&self.method, self.json.clone())
    }

    common_api::decode_by!(Wire);
}

#[cfg(test)]
mod tests {
    use http::Response;

    use super::*;

    #[test]
    fn u5_known_methods_keep_their_retry_class() {
        let idempotency = |method: &str| RawOperation::new(method, "[]").metadata().idempotency;
        assert_eq!(idempotency("getSections"), Idempotency::Idempotent);
        assert_eq!(idempotency("getToken"), Idempotency::NonIdempotent);
        assert_eq!(idempotency("getFuture"), Idempotency::NonIdempotent);
    }

    #[test]
    fn u5_an_answer_can_be_read_on_another_thread() {
        let body = Bytes::from_static(br#"{"RESULT":true,"STAGES":[]}"#);
        let raw = RawOperation::new("getStages", "[]");
        let decode = raw.decoder().expect("it reads without the operation");
        let apart = decode(Response::new(body.clone())).unwrap();
        assert_eq!(apart, raw.decode(Response::new(body)).unwrap());
    }

    // H13
    #[test]
    fn h13_debug_does_not_show_the_parameters() {
        let raw = RawOperation::new("getToken", r#"{"LOGIN":"me","PASS":"S3CRET"}"#);
        let shown = format!("{raw:?}");
        assert!(
            shown.contains("getToken") && !shown.contains("S3CRET"),
            "{shown}"
        );
    }

    #[test]
    fn u5_what_is_no_json_is_refused_before_it_is_sent() {
        assert_eq!(
            RawOperation::new("x", "{").request().unwrap_err().field(),
            Some("json")
        );
        assert_eq!(
            RawOperation::new("x y", "{}")
                .request()
                .unwrap_err()
                .field(),
            Some("method")
        );
    }

    #[test]
    fn u53_the_retry_table() {
        for entry in operations() {
            let repeats = matches!(
                entry.metadata.name,
                "getStages"
                    | "getOrderProperties"
                    | "setWebHook"
                    | "getSections"
                    | "getSectionProperties"
                    | "getProductList"
                    | "getProductInfo"
                    | "updateProduct"
            );
            let expected = match repeats {
                true => Idempotency::Idempotent,
                false => Idempotency::NonIdempotent,
            };
            assert_eq!(
                entry.metadata.idempotency, expected,
                "{}",
                entry.metadata.name
            );
        }
        assert_eq!(operations().len(), 11);
    }
}
