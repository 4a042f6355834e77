//! The error of a request body that was not sent.

use std::{error::Error as StdError, fmt};

use crate::BoxError;

/// An error of a request body that could not be sent to its end because of the body itself.
#[derive(Debug)]
pub struct BodyFailure {
    reason: &'static str,
    source: Option<BoxError>,
}

impl BodyFailure {
    pub(super) fn new(reason: &'static str) -> Self {
        Self {
            reason,
            source: None,
        }
    }

    pub(super) fn caused(source: BoxError) -> Self {
        Self {
            reason: "its stream failed",
            source: Some(source),
        }
    }
}

impl fmt::Display for BodyFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the request's body was not sent: {}", self.reason)
    }
}

impl StdError for BodyFailure {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
