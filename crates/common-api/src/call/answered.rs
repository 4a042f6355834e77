//! The output of a call with the HTTP details of its response.

use std::{fmt, time::Duration};

use bytes::Bytes;
use common_transport::{Attempts, Mask, client::ClientRequestId, limit::Waited, request_id};
use http::{HeaderMap, Response, StatusCode};

/// The output of a call with the HTTP details of its response: see [`Call::answered`](super::Call::answered).
///
/// `Debug` shows the names of the headers, but not their values.
#[derive(Clone)]
#[non_exhaustive]
pub struct Answered<T> {
    /// The output of the operation.
    pub output: T,
    /// The HTTP status. The body may hold another status of the service.
    pub status: StatusCode,
    /// The headers of the response, unchanged.
    pub headers: HeaderMap,
    /// Number of attempts of the call; 1 without a retry.
    pub attempts: u32,
    /// Time that the call waited for permits of the rate limiter, over all attempts.
    pub waited: Duration,
    /// The `X-Request-Id` that was sent, when the client or the call sets one.
    pub client_request_id: Option<String>,
    /// The service's id of the request, when the response has one: see [`request_id`]. Secrets of the client are
    /// masked.
    pub request_id: Option<String>,
}

impl Answered<()> {
    /// The HTTP details of a response that the operation has not read yet.
    pub(super) fn unread(response: &Response<Bytes>) -> Self {
        let request_id = request_id(response.headers());
        let mask = Mask::of(response);
        Self {
            output: (),
            status: response.status(),
            headers: response.headers().clone(),
            attempts: Attempts::of(response).0,
            waited: Waited::of(response).0,
            client_request_id: ClientRequestId::of(response).map(|id| id.as_str().to_owned()),
            request_id: request_id.map(|id| match mask {
                Some(mask) => mask.text(id).into_owned(),
                None => id.to_owned(),
            }),
        }
    }
}

impl<T> Answered<T> {
    /// Replaces the output by `f` of it, and keeps the HTTP details.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Answered<U> {
        Answered {
            output: f(self.output),
            status: self.status,
            headers: self.headers,
            attempts: self.attempts,
            waited: self.waited,
            client_request_id: self.client_request_id,
            request_id: self.request_id,
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for Answered<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answered")
            .field("output", &self.output)
            .field("status", &self.status)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("attempts", &self.attempts)
            .field("waited", &self.waited)
            .field("client_request_id", &self.client_request_id)
            .field("request_id", &self.request_id)
            .finish()
    }
}
