//! One request to the admin API, read and checked against the description.

use axum::body::Body;
use axum::http::header::{self, HeaderMap};
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Map, Value};

use super::failure::Failure;
use crate::schema::{Operation, Schema, Unknown, Violation};
use crate::server::{BODY_TIMEOUT, Budget};

/// Longest body of a snapshot. A longer one is not given out either.
pub(super) const SNAPSHOT: usize = 256 << 20;

/// Longest body of every other request.
const SHORT: usize = 1 << 20;

/// The parameters and the body of a request, in the types of the description.
#[derive(Debug, Default)]
pub(super) struct Call {
    parameters: Map<String, Value>,
    /// The JSON of the body; null without a body.
    pub(super) body: Value,
    /// The text of the body that is not parsed here, because it may be long: a snapshot.
    pub(super) text: String,
    /// Where a body differs from the description that its own reader checks.
    pub(super) unchecked: Vec<String>,
}

/// Operations with readers that check the body themselves, with better errors: they suggest names.
const READ_BY_OTHERS: &[&str] = &[
    "set_faults",
    "start_scenario",
    "load_snapshot",
    "seed",
    "make_change",
    "send_webhook",
];

impl Call {
    /// Reads the request of an operation. `path` has the parameters of the path.
    pub(super) async fn read(
        operation: Operation<'static>,
        path: Vec<(&str, String)>,
        request: Request<Body>,
        open: &Budget,
    ) -> Result<Self, Failure> {
        let mut violations = Vec::new();
        let mut parameters = Map::new();
        let (parts, body) = request.into_parts();
        let path: Vec<_> = path
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        let query = parts.uri.query().unwrap_or_default();
        let query: Vec<_> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let headers = known_headers(operation, &parts.headers);
        for (place, values) in [("path", path), ("query", query), ("header", headers)] {
            let given = operation.parameters(place);
            violations.extend(check_place(&given, values, &mut parameters));
        }
        let (mut value, mut text, mut unchecked) = (Value::Null, String::new(), Vec::new());
        if let Some(schema) = operation.body() {
            let bytes = bytes_of(operation, &parts.headers, body, open).await?;
            if operation.id() == "load_snapshot" {
                text = read_text(&parts.headers, bytes)?;
            } else {
                value = read_json(operation, &parts.headers, &bytes)?;
            }
            let of_body = violations_of(schema, &value);
            if READ_BY_OTHERS.contains(&operation.id()) {
                unchecked = of_body.iter().map(ToString::to_string).collect();
            } else {
                violations.extend(of_body);
            }
        }
        if violations.is_empty() {
            return Ok(Self {
                parameters,
                body: value,
                text,
                unchecked,
            });
        }
        let texts: Vec<String> = violations.iter().map(ToString::to_string).collect();
        Err(Failure::new(StatusCode::BAD_REQUEST, texts.join("; ")))
    }

    /// Returns a parameter of the path or the query that is a text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.parameters.get(name)?.as_str()
    }

    /// Returns a parameter of the path or the query that is a whole number.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        self.parameters.get(name)?.as_u64()
    }
}

/// Checks the values of one place, and adds them to the parameters.
fn check_place(
    described: &[(&'static str, bool, Schema<'static>)],
    values: Vec<(String, String)>,
    parameters: &mut Map<String, Value>,
) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (name, value) in values {
        let Some((_, _, schema)) = described.iter().find(|(known, ..)| *known == name) else {
            violations.push(violation(&name, "is unknown", false));
            continue;
        };
        let value = schema.coerced(Value::String(value));
        for mut found in schema.violations(&value, Unknown::Refused) {
            found.path.insert_str(0, &name);
            violations.push(found);
        }
        if parameters.insert(name.clone(), value).is_some() {
            violations.push(violation(&name, "is given twice", false));
        }
    }
    let required = described.iter().filter(|(_, is_required, _)| *is_required);
    for (name, ..) in required.filter(|(name, ..)| !parameters.contains_key(*name)) {
        violations.push(violation(name, "is required", true));
    }
    violations
}

fn violation(path: &str, message: &str, missing: bool) -> Violation {
    Violation {
        path: path.to_owned(),
        message: message.to_owned(),
        missing,
    }
}

/// Returns the headers that the operation describes.
fn known_headers(operation: Operation<'_>, headers: &HeaderMap) -> Vec<(String, String)> {
    let described = operation.parameters("header").into_iter();
    let given = described.filter_map(|(name, ..)| {
        let value = headers.get(name)?.to_str().ok()?;
        Some((name.to_owned(), value.to_owned()))
    });
    given.collect()
}

/// Reads the body within its limits of bytes and time.
async fn bytes_of(
    operation: Operation<'_>,
    headers: &HeaderMap,
    body: Body,
    open: &Budget,
) -> Result<Vec<u8>, Failure> {
    let most = if operation.id() == "load_snapshot" {
        SNAPSHOT
    } else {
        SHORT
    };
    let announced = headers.get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    let too_long = || {
        let text = format!("body: must have at most {most} bytes");
        Failure::new(StatusCode::PAYLOAD_TOO_LARGE, text)
    };
    if announced.is_some_and(|length| length > most) {
        return Err(too_long());
    }
    let read = async {
        let (mut body, mut bytes, mut claim) = (body, Vec::new(), open.claim());
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|_| Failure::wrong("body", "broke off"))?;
            let Ok(data) = frame.into_data() else {
                continue;
            };
            if bytes.len() + data.len() > most {
                return Err(too_long());
            }
            if !claim.grow(data.len()) {
                let text = "body: the bodies of all open requests are too long together";
                return Err(Failure::new(StatusCode::PAYLOAD_TOO_LARGE, text));
            }
            bytes.extend_from_slice(&data);
        }
        Ok(bytes)
    };
    let read = tokio::time::timeout(BODY_TIMEOUT, read).await;
    read.unwrap_or_else(|_| {
        let seconds = BODY_TIMEOUT.as_secs();
        let text = format!("body: did not arrive within {seconds} s");
        Err(Failure::new(StatusCode::REQUEST_TIMEOUT, text))
    })
}

/// Parses a body. An empty one is null.
fn read_json(
    operation: Operation<'_>,
    headers: &HeaderMap,
    bytes: &[u8],
) -> Result<Value, Failure> {
    if bytes.is_empty() {
        return match operation.requires_body() {
            true => Err(Failure::wrong("body", "is required")),
            false => Ok(Value::Null),
        };
    }
    check_json(headers)?;
    serde_json::from_slice(bytes)
        .map_err(|error| Failure::wrong("body", format_args!("is not JSON: {error}")))
}

/// Returns the text of a body that its own reader parses.
fn read_text(headers: &HeaderMap, bytes: Vec<u8>) -> Result<String, Failure> {
    if bytes.is_empty() {
        return Err(Failure::wrong("body", "is required"));
    }
    check_json(headers)?;
    String::from_utf8(bytes).map_err(|_| Failure::wrong("body", "is not UTF-8"))
}

/// Returns where a body differs from the description.
fn violations_of(schema: Schema<'_>, body: &Value) -> Vec<Violation> {
    if body.is_null() {
        return Vec::new();
    }
    let mut violations = schema.violations(body, Unknown::Refused);
    for found in violations.iter_mut().filter(|one| one.path.is_empty()) {
        found.path = "body".to_owned();
    }
    violations
}

fn check_json(headers: &HeaderMap) -> Result<(), Failure> {
    if is_json(headers) {
        return Ok(());
    }
    let text = "Content-Type: must be application/json";
    Err(Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, text))
}

/// Whether the body is declared as JSON. Browsers send other types across origins without asking first.
fn is_json(headers: &HeaderMap) -> bool {
    let declared = headers.get(header::CONTENT_TYPE);
    let declared = declared
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let media_type = declared.split(';').next().unwrap_or_default();
    media_type.trim().eq_ignore_ascii_case("application/json")
}
