//! From a posted body to a stored event.

use std::{fmt, sync::Arc};

use bytes::Bytes;
use common_transport::{BoxError, Secret};
use http::StatusCode;
use subtle::ConstantTimeEq;

use super::{Event, Rules, Store, Stored};

/// How large a body may be unless told otherwise.
const MAX_BODY: usize = 1024 * 1024;

/// Receives events: checks the address, classifies, stores, then answers. It knows no HTTP
/// framework.
///
/// Clones share the store.
#[derive(Debug)]
pub struct Receiver<S> {
    token: Secret,
    rules: Arc<Rules>,
    store: Arc<S>,
    max_body: usize,
}

/// What was posted.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Delivery<'a> {
    /// The secret segment of the path it was posted to.
    pub path_token: &'a str,
    /// The header of that name.
    pub content_type: Option<&'a str>,
    /// The body.
    pub body: Bytes,
}

impl<'a> Delivery<'a> {
    /// A body posted to the address with this secret.
    pub fn new(path_token: &'a str, body: impl Into<Bytes>) -> Self {
        Self {
            path_token,
            content_type: None,
            body: body.into(),
        }
    }

    /// Adds the content type.
    #[must_use]
    pub fn content_type(mut self, content_type: &'a str) -> Self {
        self.content_type = Some(content_type);
        self
    }
}

/// A stored event: now the sender may be told.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Receipt {
    /// The event.
    pub event: Event,
    /// Whether it had come before.
    pub is_duplicate: bool,
}

impl<S: Store> Receiver<S> {
    /// A receiver for the address that ends in this secret; the service signs nothing, so that the
    /// address is all that tells its events from a stranger's.
    pub fn new(path_token: impl Into<Secret>, store: S) -> Self {
        Self {
            token: path_token.into(),
            rules: Arc::default(),
            store: Arc::new(store),
            max_body: MAX_BODY,
        }
    }

    /// Tells events apart by these rules.
    #[must_use]
    pub fn rules(mut self, rules: Rules) -> Self {
        self.rules = Arc::new(rules);
        self
    }

    /// Refuses bodies above this many bytes; 1 MiB unless set.
    #[must_use]
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// The store.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// Classifies and stores; when it returns `Ok`, the event is safe.
    ///
    /// # Errors
    /// [`Rejection::status`] is what to answer with.
    pub async fn receive(&self, delivery: Delivery<'_>) -> Result<Receipt, Rejection> {
        self.check_token(delivery.path_token)?;
        if delivery.body.len() > self.max_body {
            return Err(Rejection::too_large());
        }
        let mut event = Event::read(delivery.content_type, delivery.body);
        if let Some(kind) = event
            .payload
            .as_ref()
            .and_then(|payload| self.rules.classify(payload))
        {
            event.kind = kind;
        }
        let stored = self.store.store(&event).await.map_err(Rejection::store)?;
        Ok(Receipt {
            is_duplicate: stored == Stored::Already,
            event,
        })
    }

    /// Whether the address is the right one; an empty secret never is.
    pub(super) fn check_token(&self, given: &str) -> Result<(), Rejection> {
        let expected = self.token.expose().as_bytes();
        match !expected.is_empty() && bool::from(given.as_bytes().ct_eq(expected)) {
            true => Ok(()),
            false => Err(Rejection(Reason::Token)),
        }
    }

    #[cfg(feature = "webhooks")]
    pub(super) fn body_limit(&self) -> usize {
        self.max_body
    }
}

impl<S> Clone for Receiver<S> {
    fn clone(&self) -> Self {
        Self {
            token: self.token.clone(),
            rules: Arc::clone(&self.rules),
            store: Arc::clone(&self.store),
            max_body: self.max_body,
        }
    }
}

/// Why an event was not taken.
#[derive(Debug)]
pub struct Rejection(Reason);

#[derive(Debug)]
enum Reason {
    Token,
    TooLarge,
    Store(BoxError),
    #[cfg(feature = "webhooks")]
    Unreadable(BoxError),
    #[cfg(feature = "webhooks")]
    Method,
}

impl Rejection {
    pub(super) fn too_large() -> Self {
        Self(Reason::TooLarge)
    }

    #[cfg(feature = "webhooks")]
    pub(super) fn unreadable(error: impl Into<BoxError>) -> Self {
        Self(Reason::Unreadable(error.into()))
    }

    #[cfg(feature = "webhooks")]
    pub(super) fn method() -> Self {
        Self(Reason::Method)
    }

    fn store(error: BoxError) -> Self {
        Self(Reason::Store(error))
    }

    /// What to answer: 404 for another path (a stranger learns nothing), 405 for another method
    /// than POST, 413 for too much, 400 for a body that broke off, 503 when the event could not be
    /// stored.
    pub fn status(&self) -> StatusCode {
        match self.0 {
            Reason::Token => StatusCode::NOT_FOUND,
            Reason::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            #[cfg(feature = "webhooks")]
            Reason::Unreadable(_) => StatusCode::BAD_REQUEST,
            Reason::Store(_) => StatusCode::SERVICE_UNAVAILABLE,
            #[cfg(feature = "webhooks")]
            Reason::Method => StatusCode::METHOD_NOT_ALLOWED,
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Reason::Token => "the path is not the receiver's",
            Reason::TooLarge => "the body is too large",
            #[cfg(feature = "webhooks")]
            Reason::Unreadable(_) => "the body broke off",
            Reason::Store(_) => "the event could not be stored",
            #[cfg(feature = "webhooks")]
            Reason::Method => "events are posted",
        })
    }
}

impl std::error::Error for Rejection {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0 {
            Reason::Store(error) => Some(error.as_ref()),
            #[cfg(feature = "webhooks")]
            Reason::Unreadable(error) => Some(error.as_ref()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
