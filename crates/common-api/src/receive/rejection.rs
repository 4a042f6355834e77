//! Reasons for rejecting a delivery.

use std::fmt;

use bytes::Bytes;
use common_transport::BoxError;
use http::{Response, StatusCode};

/// The reason why a delivery was rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The path does not end in the secret: a stranger, or a mistake in the registered URL. Answered with 404, so
    /// that a stranger learns nothing.
    Path,
    /// The handler does not accept the method. Answered with 405.
    Method,
    /// Too many deliveries are being read or stored already. Answered with 503.
    Busy,
    /// The body exceeds the receiver's limit. Answered with 413.
    TooLarge,
    /// The body did not arrive completely within the time limit. Answered with 408.
    TimedOut,
    /// The sender disconnected before the last byte of the body. Answered with 400.
    BrokeOff,
    /// The body's encoding does not match its head, such as broken chunks. Answered with 400.
    Encoding,
    /// The complete body cannot be read as an event of the source. Answered with 400.
    Unreadable,
    /// The store failed: the sender should try again. Answered with 503.
    Store,
    /// The receiver panicked, or its runtime was stopped before the event was stored. Answered with 500.
    Abandoned,
}

impl Reason {
    /// All reasons, in the order of their declaration.
    pub(super) const ALL: [Self; 10] = [
        Self::Path,
        Self::Method,
        Self::Busy,
        Self::TooLarge,
        Self::TimedOut,
        Self::BrokeOff,
        Self::Encoding,
        Self::Unreadable,
        Self::Store,
        Self::Abandoned,
    ];

    /// Returns a short name in lower case, for metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Method => "method",
            Self::Busy => "busy",
            Self::TooLarge => "too_large",
            Self::TimedOut => "timed_out",
            Self::BrokeOff => "broke_off",
            Self::Encoding => "encoding",
            Self::Unreadable => "unreadable",
            Self::Store => "store",
            Self::Abandoned => "abandoned",
        }
    }

    /// Returns the status of the answer.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::Path => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Busy | Self::Store => StatusCode::SERVICE_UNAVAILABLE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TimedOut => StatusCode::REQUEST_TIMEOUT,
            Self::BrokeOff | Self::Encoding | Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::Abandoned => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Path => "the path does not end in the receiver's secret",
            Self::Method => "the method is not the one of events",
            Self::Busy => "too many deliveries are in flight",
            Self::TooLarge => "the body is too large",
            Self::TimedOut => "the body did not come in time",
            Self::BrokeOff => "the body broke off",
            Self::Encoding => "the body is wrongly encoded",
            Self::Unreadable => "the body cannot be read as an event",
            Self::Store => "the event could not be stored",
            Self::Abandoned => "the receiver stopped before the event was stored",
        })
    }
}

/// A rejected delivery: the reason, its cause, and the answer.
pub struct Rejection {
    reason: Reason,
    source: Option<BoxError>,
    response: Option<Box<Response<Bytes>>>,
}

impl Rejection {
    /// Builds a rejection for this reason.
    #[must_use]
    pub fn new(reason: Reason) -> Self {
        Self {
            reason,
            source: None,
            response: None,
        }
    }

    /// Adds the error that caused the rejection.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Sets the answer, for senders that expect more than a status.
    #[must_use]
    pub fn with_response(mut self, response: Response<Bytes>) -> Self {
        self.response = Some(Box::new(response));
        self
    }

    /// Returns the reason.
    pub fn reason(&self) -> Reason {
        self.reason
    }

    /// Returns the status of the answer.
    pub fn status(&self) -> StatusCode {
        self.response
            .as_ref()
            .map_or(self.reason.status(), |response| response.status())
    }

    /// Returns the answer that was set. By default it is an empty body with [`status`](Self::status).
    pub fn into_response(self) -> Response<Bytes> {
        self.response.map_or_else(
            || {
                let mut response = Response::new(Bytes::new());
                *response.status_mut() = self.reason.status();
                response
            },
            |response| *response,
        )
    }

    pub(super) fn source_error(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

impl fmt::Debug for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rejection")
            .field("reason", &self.reason)
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.reason.fmt(f)
    }
}

impl std::error::Error for Rejection {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source_error()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_listed_once_and_has_a_status() {
        for (place, reason) in Reason::ALL.into_iter().enumerate() {
            assert_eq!(reason as usize, place);
            assert!(reason.status().as_u16() >= 400);
            assert!(!reason.to_string().is_empty());
        }
    }
}
