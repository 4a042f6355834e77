//! Answers of the service: the JSON envelope, its errors, binary files, the limiter's page.

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderValue, Response, StatusCode};
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::{Value, json};

use crate::fault::THROTTLED_PAGE;
use crate::retailcrm::value::{Object, object};
use crate::service;

/// Usual length of a page in bytes.
const USUAL_PAGE: usize = 32 << 10;

/// The result of a handler.
pub(crate) type Outcome = Result<Answer, Failure>;

/// A successful answer.
#[derive(Debug)]
pub(crate) enum Answer {
    /// The envelope, including `success`.
    Json(StatusCode, Value),
    /// The envelope of a page, as JSON text. Its status is 200.
    Page(Bytes),
    /// A file and its name.
    File {
        name: String,
        media_type: &'static str,
        content: Bytes,
    },
}

impl Answer {
    /// Builds a 200 with `success` and the given members.
    pub(crate) fn ok(members: Value) -> Self {
        Self::with(StatusCode::OK, true, members)
    }

    /// Builds a 200 with a page of rows under `name`. The rows are written without copies of them.
    pub(crate) fn page(block: &Value, name: &str, rows: &[impl Serialize]) -> Self {
        let mut text = Vec::with_capacity(USUAL_PAGE);
        // Writing JSON to memory cannot fail.
        let _ = write_page(
            &mut serde_json::Serializer::new(&mut text),
            block,
            name,
            rows,
        );
        Self::Page(text.into())
    }

    /// Builds a 201 with `success` and the given members.
    pub(crate) fn created(members: Value) -> Self {
        Self::with(StatusCode::CREATED, true, members)
    }

    /// Builds a 460: only a part of the batch was stored.
    pub(crate) fn partial(message: &str, members: Value) -> Self {
        let status = StatusCode::from_u16(460).expect("460 is a status");
        let mut answer = object(members);
        answer.insert("errorMsg".into(), message.into());
        Self::with(status, false, Value::Object(answer))
    }

    fn with(status: StatusCode, success: bool, members: Value) -> Self {
        let mut envelope = Object::new();
        envelope.insert("success".into(), success.into());
        envelope.extend(object(members));
        Self::Json(status, Value::Object(envelope))
    }

    pub(crate) fn into_response(self) -> Response<Bytes> {
        match self {
            Self::Json(status, body) => service::json(status, &body),
            Self::Page(text) => service::json_text(StatusCode::OK, text),
            Self::File {
                name,
                media_type,
                content,
            } => {
                let mut response = Response::new(content);
                let headers = response.headers_mut();
                headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
                headers.insert(CONTENT_DISPOSITION, disposition(&name));
                response
            }
        }
    }
}

fn write_page<S: Serializer>(
    serializer: S,
    block: &Value,
    name: &str,
    rows: &[impl Serialize],
) -> Result<S::Ok, S::Error> {
    let mut envelope = serializer.serialize_map(None)?;
    envelope.serialize_entry("success", &true)?;
    envelope.serialize_entry("pagination", block)?;
    envelope.serialize_entry(name, rows)?;
    envelope.end()
}

/// The part of a request that a failure is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// A parameter: absent, or of the wrong form.
    Input,
    /// The form of the entity in a form field.
    Form,
    /// The permission of the key.
    Denied,
    /// Anything else: the account's data do not allow the request.
    Refused,
}

/// An error in the service's envelope: `success`, `errorMsg`, `errors`.
#[derive(Debug, Clone)]
pub(crate) struct Failure(Box<Envelope>);

#[derive(Debug, Clone)]
struct Envelope {
    class: Class,
    status: StatusCode,
    message: String,
    /// Errors by field, or as a list. Absent when null.
    errors: Value,
    extra: Object,
    allow: Option<String>,
    /// The absent parameter.
    missing: Option<String>,
    /// Failures of the same call that the answer does not tell.
    others: Vec<Failure>,
}

impl Failure {
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        let message = message.into();
        Self(Box::new(Envelope {
            class: Class::Refused,
            status,
            message,
            errors: Value::Null,
            extra: Object::new(),
            allow: None,
            missing: None,
            others: Vec::new(),
        }))
    }

    /// Returns the first failure, which knows the others: the service tells only the first one, and the journal tells
    /// all.
    pub(crate) fn first(checked: impl IntoIterator<Item = Result<(), Self>>) -> Result<(), Self> {
        let failed = checked.into_iter().filter_map(Result::err);
        let mut all = failed.flat_map(|mut failure| {
            let others = std::mem::take(&mut failure.0.others);
            std::iter::once(failure).chain(others)
        });
        let Some(mut first) = all.next() else {
            return Ok(());
        };
        first.0.others = all.collect();
        Err(first)
    }

    /// The failures of the same call that the answer does not tell.
    pub(crate) fn others(&self) -> &[Self] {
        &self.0.others
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// The message of the envelope.
    pub(crate) fn message(&self) -> &str {
        &self.0.message
    }

    /// The first field with an error, and its error.
    pub(crate) fn first_error(&self) -> Option<(String, String)> {
        let (field, text) = self.0.errors.as_object()?.iter().next()?;
        Some((field.clone(), text.as_str().unwrap_or_default().to_owned()))
    }

    /// A required parameter is missing.
    pub(crate) fn missing(parameter: &str) -> Self {
        let mut failure = Self::bad_request(format!("Parameter '{parameter}' is missing"));
        failure.0.missing = Some(parameter.to_owned());
        failure.of_class(Class::Input)
    }

    /// The entity in a form field has the wrong form.
    pub(crate) fn format(errors: Object) -> Self {
        Self::bad_request("Errors in the entity format")
            .errors(Value::Object(errors))
            .of_class(Class::Form)
    }

    /// A field of the entity is wrong.
    pub(crate) fn field(name: &str, text: impl Into<String>) -> Self {
        Self::format(single(name, text))
    }

    /// The entity is well formed, but conflicts with the account's data.
    pub(crate) fn validation(name: &str, text: impl Into<String>) -> Self {
        Self::bad_request("Validation error").errors(Value::Object(single(name, text)))
    }

    /// A query parameter (page, limit, filter) is wrong.
    pub(crate) fn input(name: &str, text: impl Into<String>) -> Self {
        Self::bad_request("Errors in the input parameters")
            .errors(Value::Object(single(name, text)))
            .of_class(Class::Input)
    }

    /// The key lacks the permission.
    pub(crate) fn denied() -> Self {
        Self::new(StatusCode::FORBIDDEN, "Access denied.").of_class(Class::Denied)
    }

    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not found")
    }

    pub(crate) fn method_not_allowed(allow: &str) -> Self {
        let mut failure = Self::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
        failure.0.allow = Some(allow.to_owned());
        failure
    }

    fn of_class(mut self, class: Class) -> Self {
        self.0.class = class;
        self
    }

    /// Returns the part of the request that the failure is about.
    pub(crate) fn class(&self) -> Class {
        self.0.class
    }

    /// Returns the errors with their fields, or the message without a field.
    pub(crate) fn parts(&self) -> Vec<(Option<&str>, String)> {
        let text = |error: &Value| match error {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        match &self.0.errors {
            Value::Object(errors) if !errors.is_empty() => errors
                .iter()
                .map(|(name, error)| (Some(name.as_str()), text(error)))
                .collect(),
            Value::Array(errors) if !errors.is_empty() => {
                errors.iter().map(|error| (None, text(error))).collect()
            }
            _ => vec![(self.0.missing.as_deref(), self.0.message.clone())],
        }
    }

    pub(crate) fn errors(mut self, errors: Value) -> Self {
        self.0.errors = errors;
        self
    }

    /// Adds a member to the envelope.
    pub(crate) fn with(mut self, name: &str, value: Value) -> Self {
        self.0.extra.insert(name.into(), value);
        self
    }

    /// Returns the sentence for this failure in a batch's `errors`.
    pub(crate) fn summary(&self) -> String {
        match &self.0.errors {
            Value::Object(errors) if !errors.is_empty() => {
                let each = errors.iter().map(|(name, text)| match text {
                    Value::String(text) => format!("{name}: {text}"),
                    other => format!("{name}: {other}"),
                });
                each.collect::<Vec<_>>().join("; ")
            }
            _ => self.0.message.clone(),
        }
    }

    pub(crate) fn into_response(self) -> Response<Bytes> {
        let Envelope {
            status,
            message,
            errors,
            extra,
            allow,
            ..
        } = *self.0;
        let mut envelope = Object::new();
        envelope.insert("success".into(), false.into());
        envelope.insert("errorMsg".into(), message.into());
        if !errors.is_null() {
            envelope.insert("errors".into(), errors);
        }
        envelope.extend(extra);
        let mut response = service::json(status, &Value::Object(envelope));
        if let Some(allow) = allow.and_then(|verbs| HeaderValue::from_str(&verbs).ok()) {
            response.headers_mut().insert(ALLOW, allow);
        }
        response
    }
}

/// Builds the page with which the service's proxy answers above the limit.
pub(crate) fn throttled() -> Response<Bytes> {
    service::html(StatusCode::SERVICE_UNAVAILABLE, THROTTLED_PAGE)
}

fn disposition(name: &str) -> HeaderValue {
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_graphic() && c != '"' && c != '\\' {
                c
            } else {
                '_'
            }
        })
        .collect();
    HeaderValue::from_str(&format!("attachment; filename=\"{plain}\""))
        .expect("graphic ASCII makes a header value")
}

fn single(name: &str, text: impl Into<String>) -> Object {
    object(json!({ name: text.into() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(response: &Response<Bytes>) -> Value {
        serde_json::from_slice(response.body()).unwrap()
    }

    #[test]
    fn re5_an_error_has_a_message_and_errors_by_field() {
        let response = Failure::field("phone", "too long").into_response();
        assert_eq!(response.status(), 400);
        assert_eq!(
            body(&response),
            json!({"success": false, "errorMsg": "Errors in the entity format", "errors": {"phone": "too long"}})
        );
        assert_eq!(
            body(&Failure::not_found().into_response()).get("errors"),
            None
        );
    }

    #[test]
    fn re7_a_partial_answer_is_460_with_both_lists() {
        let answer = Answer::partial("Orders are loaded with errors", json!({"failedOrders": []}));
        let response = answer.into_response();
        assert_eq!(response.status().as_u16(), 460);
        assert_eq!(body(&response)["success"], false);
        assert_eq!(body(&response)["failedOrders"], json!([]));
    }

    #[test]
    fn re15_a_file_carries_its_name() {
        let file = Answer::File {
            name: "накладная 1.pdf".into(),
            media_type: "application/pdf",
            content: Bytes::from_static(b"%PDF"),
        };
        let response = file.into_response();
        assert_eq!(
            response.headers()[CONTENT_DISPOSITION],
            "attachment; filename=\"__________1.pdf\""
        );
        assert_eq!(response.body().as_ref(), b"%PDF");
    }
}
