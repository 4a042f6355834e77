//! Methods that this version does not describe.

use std::fmt;

use bytes::Bytes;
use common_api::answer::members;
use common_model::Value;
use common_transport::{Error, Idempotency, Metadata, Operation};
use http::{Method, Request};

use crate::wire::{self, Wire};

/// A method that is not described, by its HTTP method and path. Its body and its answer are JSON.
///
/// The client encodes the body as its other bodies, as JSON or as a form, and signs it. A GET, a PUT and a DELETE are
/// repeated as RFC 9110 allows it, a POST and a PATCH are not; `Call::idempotency` says otherwise for one call.
///
/// ```
/// use common_transport::Operation;
/// use http::Method;
/// use nicechat_api::RawOperation;
///
/// let call = RawOperation::new(Method::POST, "/marketplaces/v1/labels/").json(r#"{"id":"L1"}"#);
/// let request = call.request().unwrap();
/// assert_eq!(request.uri(), "/marketplaces/v1/labels/");
/// assert_eq!(request.body(), r#"{"id":"L1"}"#);
/// let answer = http::Response::new(r#"{"status":"ok","result":{"id":"L1"}}"#.into());
/// assert!(call.decode(answer).unwrap().get("result").is_some());
/// ```
#[derive(Clone)]
pub struct RawOperation {
    method: Method,
    path: String,
    json: Option<String>,
}

impl RawOperation {
    /// A call without a body. The path begins with `/`, is percent-encoded and may have a query.
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            json: None,
        }
    }

    /// Sets the body: a JSON object.
    #[must_use]
    pub fn json(mut self, json: impl Into<String>) -> Self {
        self.json = Some(json.into());
        self
    }
}

/// Shows neither query nor body: they may hold personal data.
impl fmt::Debug for RawOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.split('?').next().unwrap_or_default();
        f.debug_struct("RawOperation")
            .field("method", &self.method)
            .field("path", &path)
            .field("bytes", &self.json.as_ref().map(String::len))
            .finish()
    }
}

impl Operation for RawOperation {
    type Output = Value;

    fn metadata(&self) -> &'static Metadata {
        static GET: Metadata = raw(Method::GET, Idempotency::Idempotent);
        static PUT: Metadata = raw(Method::PUT, Idempotency::Idempotent);
        static DELETE: Metadata = raw(Method::DELETE, Idempotency::Idempotent);
        static PATCH: Metadata = raw(Method::PATCH, Idempotency::NonIdempotent);
        static POST: Metadata = raw(Method::POST, Idempotency::NonIdempotent);
        let known = [&GET, &PUT, &DELETE, &PATCH].into_iter();
        let mut same = known.filter(|metadata| metadata.method == self.method);
        same.next().unwrap_or(&POST)
    }

    fn request(&self) -> Result<Request<Bytes>, Error> {
        if self.metadata().method != self.method {
            let message = "expected GET, POST, PUT, PATCH or DELETE";
            return Err(Error::invalid_input("method", message));
        }
        if !self.path.starts_with('/') {
            return Err(Error::invalid_input("path", "it has to begin with /"));
        }
        self.json.as_deref().map_or(Ok(()), check)?;
        wire::request(&self.method, &self.path, self.json.clone())
    }

    common_api::decode_by!(Wire);
}

const fn raw(method: Method, idempotency: Idempotency) -> Metadata {
    Metadata::new("nicechat", "raw", method, "/", idempotency)
}

/// A form is made of the members of an object.
fn check(json: &str) -> Result<(), Error> {
    let members = members(json, []).map(drop);
    members.map_err(|error| Error::invalid_input("json", error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    // C11
    #[test]
    fn c11_a_raw_operation_that_cannot_be_sent_is_refused_by_its_field() {
        let post = |path: &str, json: &str| {
            let call = RawOperation::new(Method::POST, path).json(json);
            call.request().unwrap_err().field().map(ToOwned::to_owned)
        };
        assert_eq!(post("labels/", "{}").as_deref(), Some("path"));
        assert_eq!(post("/a b", "{}").as_deref(), Some("path"));
        for json in ["", "[]", "{", "{} {}"] {
            assert_eq!(post("/a", json).as_deref(), Some("json"), "{json}");
        }
        let trace = RawOperation::new(Method::TRACE, "/a");
        assert_eq!(trace.request().unwrap_err().field(), Some("method"));
    }

    // C11
    #[test]
    fn c11_a_raw_operation_is_repeated_as_its_method_is() {
        for (method, idempotency) in [
            (Method::GET, Idempotency::Idempotent),
            (Method::PUT, Idempotency::Idempotent),
            (Method::DELETE, Idempotency::Idempotent),
            (Method::PATCH, Idempotency::NonIdempotent),
            (Method::POST, Idempotency::NonIdempotent),
        ] {
            let metadata = RawOperation::new(method.clone(), "/a").metadata();
            assert_eq!(
                (&metadata.method, metadata.idempotency),
                (&method, idempotency)
            );
        }
    }

    // H13
    #[test]
    fn h13_debug_shows_neither_query_nor_body() {
        let call = RawOperation::new(Method::POST, "/a?key=S3CRET").json(r#"{"b":"S3CRET"}"#);
        let shown = format!("{call:?}");
        assert!(shown.contains("/a") && !shown.contains("S3CRET"), "{shown}");
    }
}
