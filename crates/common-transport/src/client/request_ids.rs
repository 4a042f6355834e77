//! Request ids that the client assigns to its calls.

use std::{
    fmt,
    hash::{BuildHasher, RandomState},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use http::{HeaderName, HeaderValue, Request, Response};

use crate::Error;

/// The header that holds the id of a call.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The `X-Request-Id` of a call. The client adds it to the extensions of the response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientRequestId(HeaderValue);

impl ClientRequestId {
    pub(super) fn new(id: HeaderValue) -> Self {
        Self(id)
    }

    /// The id of the call of `response`; `None` when it was sent without an id.
    pub fn of<B>(response: &Response<B>) -> Option<&Self> {
        response.extensions().get()
    }

    /// The id as text; empty when it is not visible ASCII.
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    pub(super) fn value(&self) -> &HeaderValue {
        &self.0
    }
}

/// A generator of the ids that are sent as `X-Request-Id`: for [`ClientBuilder::request_ids`].
///
/// All attempts of a call have the same id, so that a log of the service shows them as one call. The span of an attempt
/// has its number. An id that the request already has is kept.
///
/// ```
/// use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
/// use common_transport::client::RequestIds;
///
/// let random = RequestIds::new();
/// let counted = AtomicU32::new(0);
/// let own = RequestIds::from_fn(move || format!("job-7/{}", counted.fetch_add(1, Relaxed)));
/// # let _ = (random, own);
/// ```
///
/// [`ClientBuilder::request_ids`]: super::ClientBuilder::request_ids
#[derive(Clone)]
pub struct RequestIds {
    generate: Arc<dyn Fn() -> String + Send + Sync>,
}

impl Default for RequestIds {
    fn default() -> Self {
        Self::new()
    }
}

impl RequestIds {
    /// Generates random ids of 32 hexadecimal digits.
    pub fn new() -> Self {
        let keys = [RandomState::new(), RandomState::new()];
        let counter = AtomicU64::new(0);
        Self::from_fn(move || {
            let number = counter.fetch_add(1, Relaxed);
            let [high, low] = [&keys[0], &keys[1]].map(|key| key.hash_one(number));
            format!("{high:016x}{low:016x}")
        })
    }

    /// Takes ids from a function. It is called once for each call, and should be quick.
    pub fn from_fn(generate: impl Fn() -> String + Send + Sync + 'static) -> Self {
        Self {
            generate: Arc::new(generate),
        }
    }

    /// Adds an id to a request without one.
    pub(super) fn put<B>(&self, request: &mut Request<B>) -> Result<(), Error> {
        if request.headers().contains_key(&HEADER) {
            return Ok(());
        }
        let id = HeaderValue::try_from((self.generate)()).map_err(|_| {
            Error::invalid_input("x-request-id", "the generated id cannot stand in a header")
        })?;
        request.headers_mut().insert(HEADER, id);
        Ok(())
    }
}

impl fmt::Debug for RequestIds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestIds").finish_non_exhaustive()
    }
}
