//! The envelope of all answers of NiceChat.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};

use crate::service;

/// A refusal: HTTP status and the description in the envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) description: String,
}

impl Refusal {
    /// Builds a 400; the text names the field.
    pub(super) fn bad_request(description: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, description)
    }

    /// Builds a 401, always with the same text.
    pub(super) fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "Access token or signature is non-valid",
        )
    }

    /// Builds a 404.
    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Object not found")
    }

    /// Builds a 405.
    pub(super) fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed")
    }

    /// Builds a 412.
    pub(super) fn already_exists() -> Self {
        Self::new(
            StatusCode::PRECONDITION_FAILED,
            "Object with this ID already exists",
        )
    }

    /// Builds any other refusal.
    pub(super) fn new(status: StatusCode, description: impl Into<String>) -> Self {
        Self {
            status,
            description: description.into(),
        }
    }

    pub(super) fn into_response(self) -> Response<Bytes> {
        let body = json!({"status": "error", "code": self.status.as_u16(), "description": self.description});
        service::json(self.status, &body)
    }
}

/// Builds a 200 with a result.
pub(super) fn accepted(result: Value) -> Response<Bytes> {
    ok(StatusCode::OK, "Accepted", result)
}

/// Builds a 201 with the created object.
pub(super) fn created(result: Value) -> Response<Bytes> {
    ok(StatusCode::CREATED, "Created", result)
}

/// Builds a 202 with the modified object, without its id.
pub(super) fn modified(result: Value) -> Response<Bytes> {
    ok(StatusCode::ACCEPTED, "Modified", result)
}

/// Builds the documented answer to a DELETE: a body with code 204.
pub(super) fn deleted() -> Response<Bytes> {
    service::json(
        StatusCode::OK,
        &json!({"status": "ok", "code": 204, "description": "Accepted"}),
    )
}

/// Builds the answer to a DELETE that HTTP prescribes: status 204 without a body.
pub(super) fn deleted_without_body() -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

fn ok(status: StatusCode, description: &str, result: Value) -> Response<Bytes> {
    let body = json!({"status": "ok", "code": status.as_u16(), "description": description, "result": result});
    service::json(status, &body)
}
