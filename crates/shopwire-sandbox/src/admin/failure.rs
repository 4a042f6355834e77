//! Errors of the admin API: a 4xx status and `{"error": "…"}` that names the field.

use axum::http::StatusCode;
use serde_json::{Value, json};

/// The refusal of a request.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) status: StatusCode,
    pub(super) body: Value,
}

impl Failure {
    /// Builds a failure with this text, which names the field.
    pub(super) fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self {
            status,
            body: json!({ "error": error.into() }),
        }
    }

    /// A field of the request has a value that it cannot have.
    pub(super) fn wrong(field: &str, message: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::BAD_REQUEST, format!("{field}: {message}"))
    }

    /// A value is refused by its reader, whose error names the field.
    pub(super) fn bad(error: &dyn std::fmt::Display) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error.to_string())
    }

    /// The request does not go with the state of the sandbox.
    pub(super) fn conflict(error: &dyn std::fmt::Display) -> Self {
        Self::new(StatusCode::CONFLICT, error.to_string())
    }

    /// The field names something that does not exist.
    pub(super) fn missing(field: &str, message: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("{field}: {message}"))
    }
}
