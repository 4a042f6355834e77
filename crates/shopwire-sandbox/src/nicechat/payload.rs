//! The payload of a request: unchanged JSON, or the fields of a form.

mod multipart;

use bytes::Bytes;
use http::{Request, header};
use nicechat_sign::Form;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use super::envelope::Refusal;

/// The payload of a request, read as far as the signature needs it.
#[derive(Debug)]
pub(super) enum Payload {
    /// No body.
    Empty,
    /// Raw bytes that are declared or assumed to be JSON.
    Json(Bytes),
    /// Form fields as urlencoded text, converted from either form encoding.
    Form(String),
}

impl Payload {
    /// Classifies a body by its content type.
    pub(super) fn of(request: &Request<Bytes>) -> Result<Self, Refusal> {
        let body = request.body();
        if body.is_empty() {
            return Ok(Self::Empty);
        }
        let full_type = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        match essence(full_type).as_str() {
            "application/json" => Ok(Self::Json(body.clone())),
            "application/x-www-form-urlencoded" => {
                let text = std::str::from_utf8(body)
                    .map_err(|_| Refusal::bad_request("body: must be UTF-8"))?;
                Ok(Self::Form(text.to_owned()))
            }
            "multipart/form-data" => {
                let fields = multipart::fields(full_type, body).map_err(Refusal::bad_request)?;
                Ok(Self::Form(urlencoded(&fields)))
            }
            other => Err(Refusal::bad_request(format!(
                "content-type: {other} is not supported"
            ))),
        }
    }

    /// Returns the payload's members, for validation: parsed JSON, or form fields as texts. The second value is true
    /// if all members are texts.
    pub(super) fn members(&self, skip: [&str; 2]) -> Result<(Map<String, Value>, bool), Refusal> {
        match self {
            Self::Empty => Ok((Map::new(), true)),
            Self::Json(body) => match serde_json::from_slice(body) {
                Ok(Value::Object(members)) => Ok((members, false)),
                Ok(_) => Err(Refusal::bad_request("body: must be a JSON object")),
                Err(error) => Err(Refusal::bad_request(format!("body: not JSON: {error}"))),
            },
            Self::Form(text) => {
                let form = Form::parse_urlencoded(text.as_bytes())
                    .map_err(|error| Refusal::bad_request(error.to_string()))?;
                let fields = form
                    .into_iter()
                    .filter(|(name, _)| !skip.contains(&name.as_str()));
                Ok((
                    fields.map(|(name, value)| (name, plain(value))).collect(),
                    true,
                ))
            }
        }
    }
}

fn essence(content_type: &str) -> String {
    content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

fn urlencoded(fields: &[(String, String)]) -> String {
    let encode = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
    let pairs: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    pairs.join("&")
}

/// Converts a parsed form, which holds only texts and maps.
fn plain(value: nicechat_sign::Value) -> Value {
    match value {
        nicechat_sign::Value::Text(text) => Value::String(text),
        nicechat_sign::Value::Map(form) => Value::Object(
            form.into_iter()
                .map(|(name, value)| (name, plain(value)))
                .collect(),
        ),
        nicechat_sign::Value::List(items) => Value::Array(items.into_iter().map(plain).collect()),
        _ => Value::Null,
    }
}
