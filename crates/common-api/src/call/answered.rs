//! An output with what HTTP says of its answer.

use std::{fmt, time::Duration};

use bytes::Bytes;
use common_transport::{Attempts, Mask, client::ClientRequestId, limit::Waited, request_id};
use http::{HeaderMap, Response, StatusCode};

/// The output of a call together with what HTTP says of the answer: [`Call::answered`](super::Call::answered).
///
/// `Debug` shows the names of the headers, and not their values.
#[derive(Clone)]
#[non_exhaustive]
pub struct Answered<T> {
    /// What the operation read.
    pub output: T,
    /// The HTTP status. A service may say another one in the body.
    pub status: StatusCode,
    /// The headers of the answer, as they came.
    pub headers: HeaderMap,
    /// How many attempts the call took; 1 where it was not repeated.
    pub attempts: u32,
    /// How long the call waited for permits of the rate limit, over all attempts.
    pub waited: Duration,
    /// The id that the call was sent with as `X-Request-Id`, where the client or the call gives one.
    pub client_request_id: Option<String>,
    /// The service's id of the request, where the answer names one: see [`request_id`]. Secrets of the client are left
    /// out of it.
    pub request_id: Option<String>,
}

impl Answered<()> {
    /// What HTTP says of an answer that has not been read yet.
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
    /// The same answer with an output made of this one.
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
