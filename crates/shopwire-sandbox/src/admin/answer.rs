//! Answers of the admin API, checked against its description in debug builds.

use axum::body::Body;
use axum::http::header::{self, HeaderValue};
use axum::http::{Response, StatusCode};
use serde_json::Value;

use super::failure::Failure;
use crate::schema::{Operation, Unknown};

/// The answer of a handler.
#[derive(Debug)]
pub(super) enum Answer {
    /// 200 with JSON.
    Json(Value),
    /// 200 with JSON that is written already.
    Text(String),
    /// 204.
    Nothing,
    /// An answer that is no JSON: the page, the stream of events.
    Whole(Response<Body>),
}

impl Answer {
    /// Builds the response. In a debug build an answer that the description does not allow becomes an error of the
    /// server, so that every test of the admin API is a test of its description.
    pub(super) fn into_response(self, operation: Operation<'_>) -> Response<Body> {
        match self {
            Self::Json(value) => checked(operation, StatusCode::OK, &value),
            Self::Text(text) if cfg!(debug_assertions) => {
                let value = serde_json::from_str(&text).unwrap_or_default();
                checked(operation, StatusCode::OK, &value)
            }
            Self::Text(text) => json(StatusCode::OK, text),
            Self::Nothing => {
                let mut response = Response::new(Body::empty());
                *response.status_mut() = StatusCode::NO_CONTENT;
                response
            }
            Self::Whole(response) => response,
        }
    }
}

impl Failure {
    /// Builds the response of a failed operation.
    pub(super) fn into_response_of(self, operation: Operation<'_>) -> Response<Body> {
        checked(operation, self.status, &self.body)
    }

    /// Builds the response to a request that reached no operation.
    pub(super) fn into_response(self) -> Response<Body> {
        json(self.status, self.body.to_string())
    }
}

fn checked(operation: Operation<'_>, status: StatusCode, value: &Value) -> Response<Body> {
    if cfg!(debug_assertions)
        && let Some(breach) = breach(operation, status, value)
    {
        let text = format!("{}: {status}: {breach}", operation.id());
        return Failure::new(StatusCode::INTERNAL_SERVER_ERROR, text).into_response();
    }
    json(status, value.to_string())
}

/// Says how the answer differs from the description.
fn breach(operation: Operation<'_>, status: StatusCode, value: &Value) -> Option<String> {
    let Some(schema) = operation.answer(status.as_u16()) else {
        return Some("the description has no such answer".to_owned());
    };
    let violations = schema.violations(value, Unknown::Refused);
    let texts: Vec<String> = violations.iter().map(ToString::to_string).collect();
    (!texts.is_empty()).then(|| texts.join("; "))
}

fn json(status: StatusCode, text: String) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}
