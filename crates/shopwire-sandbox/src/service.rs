//! What an emulated service is to the server that carries it.

use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use serde_json::Value;

/// A service: whole request in, whole answer out.
///
/// The call is synchronous on purpose: its effect has landed when it returns, so that a fault can be
/// placed before, during or after the commit. Work that outlives the call (imports, callbacks) is
/// handed to [`crate::background::Background`].
pub(crate) trait Service: Send + Sync + 'static {
    /// Works on one request. The peer's address lies in the extensions as [`Peer`].
    fn answer(&self, request: Request<Bytes>) -> Response<Bytes>;
}

/// The address a request came from: rate limits count per address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Peer(pub(crate) std::net::IpAddr);

/// A JSON answer.
pub(crate) fn json(status: StatusCode, body: &Value) -> Response<Bytes> {
    with_type(
        status,
        "application/json; charset=utf-8",
        Bytes::from(body.to_string()),
    )
}

/// An HTML page.
pub(crate) fn html(status: StatusCode, page: &'static str) -> Response<Bytes> {
    with_type(
        status,
        "text/html; charset=utf-8",
        Bytes::from_static(page.as_bytes()),
    )
}

/// An answer with this content type.
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
