//! The fields of posted forms, for receivers of callbacks and webhooks.
//!
//! The senders do not document their encoding, so both encodings of HTML forms are read. Nested names (`a[b]`) stay
//! unchanged. The content of a file counts as text.
//!
//! `form_urlencoded` reads one encoding, `multer` splits the other into parts. `multer` tolerates some bodies that
//! other readers split differently; this module refuses them, as RFC 7578 and RFC 2046 (section 5.1.1) have it:
//! - A delimiter is at the start of a line. Text in front of the first delimiter is skipped.
//! - Every line that starts with the delimiter is one, so no value holds such a line. A line on which something else
//!   follows makes the body unreadable.
//! - The first line after the headers of a part is a line too.

mod parameter;

use std::convert::Infallible;

use bytes::Bytes;
use common_model::{Map, Value};
use futures_util::{FutureExt as _, stream};
use http::header::CONTENT_DISPOSITION;
use memchr::memmem;
use multer::{Field, Multipart};

use parameter::parameter;

/// Reads `application/x-www-form-urlencoded` or `multipart/form-data`, as named by `content_type`. Returns the
/// fields in the order in which they were sent.
///
/// Returns `None` if the content type is neither, or if a multipart body does not match its boundary. Invalid UTF-8
/// is replaced, not refused. A declared charset or transfer encoding is ignored. The time is proportional to the
/// length of the body, for any boundary.
///
/// ```
/// use common_api::form::fields;
///
/// let read = fields("application/x-www-form-urlencoded", b"state=success&text=a+%D0%B1");
/// assert_eq!(read.unwrap(), [("state".into(), "success".into()), ("text".into(), "a б".into())]);
/// assert_eq!(fields("application/json", b"{}"), None);
/// ```
pub fn fields(content_type: &str, body: &[u8]) -> Option<Vec<(String, String)>> {
    let (media, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
    let media = media.trim();
    if media.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Some(form_urlencoded::parse(body).into_owned().collect());
    }
    if media.eq_ignore_ascii_case("multipart/form-data") {
        return multipart(&parameter(parameters, "boundary")?, body);
    }
    None
}

/// Reads a posted body as a value: JSON, whatever the content type says, or the fields of a form as an object of texts.
/// Returns `None` if it is neither.
///
/// ```
/// use common_api::form::value;
///
/// let json = value(Some("text/plain"), br#"{"id":7}"#).unwrap();
/// assert_eq!(json.get("id").unwrap().as_i64(), Some(7));
/// let form = value(Some("application/x-www-form-urlencoded"), b"id=7").unwrap();
/// assert_eq!(form.get("id").unwrap().as_str(), Some("7"));
/// assert_eq!(value(None, b"id=7"), None);
/// ```
pub fn value(content_type: Option<&str>, body: &[u8]) -> Option<Value> {
    if let Ok(value) = common_model::from_json_bytes(body) {
        return Some(value);
    }
    let fields = fields(content_type?, body)?.into_iter();
    let fields = fields.map(|(name, text)| (name, Value::from(text)));
    Some(Value::Object(fields.collect::<Map<Value>>()))
}

/// The text of an id in a posted body: a text that is not empty, or a number.
///
/// ```
/// use common_api::form::id_text;
/// use common_model::Value;
///
/// let id = |json: &str| id_text(&json.parse::<Value>().unwrap());
/// assert_eq!(id("7").as_deref(), Some("7"));
/// assert_eq!(id(r#""A-7""#).as_deref(), Some("A-7"));
/// assert_eq!((id(r#""""#), id("null"), id("{}")), (None, None, None));
/// ```
pub fn id_text(id: &Value) -> Option<String> {
    match id {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn multipart(boundary: &str, body: &[u8]) -> Option<Vec<(String, String)>> {
    if boundary.is_empty() || boundary.contains(char::is_control) {
        return None;
    }
    let delimiter = format!("--{boundary}");
    let body = Bytes::copy_from_slice(without_preamble(body, &delimiter)?);
    let mut parts = Multipart::new(stream::iter([Ok::<_, Infallible>(body)]), boundary);
    let mut fields = Vec::new();
    // Nothing is waited for: the body is in memory.
    while let Some(part) = parts.next_field().now_or_never()?.ok()? {
        fields.push(field(part, &delimiter)?);
    }
    Some(fields)
}

/// Returns the body from the first line that starts with the delimiter. `multer` alone would find it within a line.
fn without_preamble<'a>(body: &'a [u8], delimiter: &str) -> Option<&'a [u8]> {
    if body.starts_with(delimiter.as_bytes()) {
        return Some(body);
    }
    let line = memmem::find(body, format!("\r\n{delimiter}").as_bytes())?;
    Some(&body[line + 2..])
}

fn field(part: Field<'_>, delimiter: &str) -> Option<(String, String)> {
    // A boundary may hold a colon, and its line then looks like a header.
    let mut headers = part.headers().keys();
    if headers.any(|name| name.as_str().starts_with("--")) {
        return None;
    }
    let name = name(&part)?;
    let value = part.bytes().now_or_never()?.ok()?;
    if value.starts_with(delimiter.as_bytes()) {
        return None;
    }
    Some((name, String::from_utf8_lossy(&value).into_owned()))
}

/// The name of a part. `multer` would look for it within the quotes of other parameters, too.
fn name(part: &Field<'_>) -> Option<String> {
    let disposition = part.headers().get(CONTENT_DISPOSITION)?.as_bytes();
    let disposition = String::from_utf8_lossy(disposition);
    parameter(disposition.split_once(';')?.1, "name")
}

#[cfg(test)]
mod tests;
