//! The interface between an emulated service and its server.

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode, header};
use serde_json::Value;

use crate::journal::Notes;

/// A service: takes a whole request and returns a whole answer.
///
/// The call is synchronous on purpose. Its effect has landed when it returns, so that a fault can happen before,
/// during or after the commit. Work that outlives the call (imports, callbacks) goes to
/// [`crate::background::Background`].
pub(crate) trait Service: Send + Sync + 'static {
    /// Returns the `operationId` that a request with this head asks for.
    fn operation(&self, method: &Method, path: &str, headers: &HeaderMap) -> Option<&'static str>;

    /// Answers one request. The peer's address is in the extensions as [`Peer`]. The service writes down in `notes`
    /// why it refuses a request, all reasons at once, and what is odd about one that it accepts.
    fn answer(&self, request: Request<Bytes>, notes: &mut Notes) -> Response<Bytes>;
}

/// The address of a request's peer, for rate limits per address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Peer(pub(crate) std::net::IpAddr);

/// Builds a JSON answer.
pub(crate) fn json(status: StatusCode, body: &Value) -> Response<Bytes> {
    // Writing a value to memory cannot fail.
    json_text(status, serde_json::to_vec(body).unwrap_or_default().into())
}

/// Builds an answer of JSON text.
pub(crate) fn json_text(status: StatusCode, text: Bytes) -> Response<Bytes> {
    with_type(status, "application/json; charset=utf-8", text)
}

/// Builds an HTML page.
pub(crate) fn html(status: StatusCode, page: &'static str) -> Response<Bytes> {
    with_type(
        status,
        "text/html; charset=utf-8",
        Bytes::from_static(page.as_bytes()),
    )
}

/// Builds an answer with this content type.
pub(crate) fn with_type(
    status: StatusCode,
    content_type: &'static str,
    body: Bytes,
) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        header::HeaderValue::from_static(content_type),
    );
    response
}
