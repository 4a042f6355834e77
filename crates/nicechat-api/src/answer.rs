//! What an answer says: success, the service's refusal, or nothing that is documented.

use std::fmt;

use bytes::Bytes;
use common_model::{Decode, Kind, Reader};
use common_transport::{Error, ErrorKind, Fault, Metadata};
use http::{HeaderMap, Method, Response, StatusCode, header::SET_COOKIE};

/// The text that says the same as 401, whatever the code beside it (acceptance row N32).
const BAD_CREDENTIALS: &str = "Access token or signature is non-valid";

/// An empty object: what a delete without a body reads as (acceptance row N36).
const EMPTY: &str = "{}";

/// Head of an answer that is not the service's envelope, such as a proxy's page (acceptance row
/// N92).
///
/// It is the [`source`](std::error::Error::source) of the error; the first KiB of the body is in
/// [`Error::body_excerpt`](common_transport::Error::body_excerpt).
#[derive(Debug)]
#[non_exhaustive]
pub struct UnexpectedAnswer {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers, without cookies.
    pub headers: HeaderMap,
}

impl UnexpectedAnswer {
    fn of(response: &Response<Bytes>) -> Self {
        let mut headers = response.headers().clone();
        headers.remove(SET_COOKIE);
        Self {
            status: response.status(),
            headers,
        }
    }
}

impl fmt::Display for UnexpectedAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the answer is not the service's envelope")
    }
}

impl std::error::Error for UnexpectedAnswer {}

/// The text of an answer that says success (acceptance rows N33 to N37, N86): an HTTP status of 2xx
/// and the envelope's `status` decide, its `code` is kept and not believed.
pub(crate) fn success<'r>(
    metadata: &'static Metadata,
    response: &'r Response<Bytes>,
) -> Result<&'r str, Error> {
    let status = response.status();
    let text = std::str::from_utf8(response.body()).unwrap_or_default();
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() && may_be_empty(metadata, status) {
        return Ok(EMPTY);
    }
    match envelope(text) {
        Some(envelope) if !status.is_success() || envelope.status == "error" => {
            Err(refused(status, envelope).with_operation(metadata))
        }
        Some(envelope) if envelope.status == "ok" => Ok(text),
        _ => Err(unexpected(metadata, response)),
    }
}

/// A success whose result is not what the operation documents.
pub(crate) fn undecodable(
    metadata: &'static Metadata,
    response: &Response<Bytes>,
    error: common_model::Error,
) -> Error {
    let field = error.path().to_owned();
    let made = Error::new(
        ErrorKind::Decode,
        "the answer is not what the service documents",
    )
    .with_status(response.status())
    .with_body(response.body())
    .with_may_have_landed(metadata.method != Method::GET)
    .with_source(error)
    .with_operation(metadata);
    match field.as_str() {
        "" => made,
        field => made.with_field(field),
    }
}

/// Whether the service says that the object does not exist (acceptance row N50).
#[cfg(feature = "client")]
pub(crate) fn says_not_found(response: &Response<Bytes>) -> bool {
    let text = std::str::from_utf8(response.body()).unwrap_or_default();
    envelope(text).is_some_and(|envelope| {
        envelope.status == "error" && kind(response.status(), &envelope) == ErrorKind::NotFound
    })
}

/// The members of an envelope that say how the call ended.
#[derive(Default)]
struct Envelope {
    status: String,
    code: Option<i64>,
    description: Option<String>,
    /// What else the service says of a refusal.
    details: Option<String>,
}

/// `None` when the text is no envelope.
fn envelope(text: &str) -> Option<Envelope> {
    let mut envelope = Envelope::default();
    let mut reader = Reader::new(text);
    reader
        .object(&mut |key, reader| {
            match (key, reader.peek()?) {
                ("status", Kind::String) => envelope.status = String::decode(reader)?,
                ("description", Kind::String) => {
                    envelope.description = Some(String::decode(reader)?);
                }
                ("code", Kind::Number | Kind::String) => {
                    envelope.code = common_model::from_json(reader.raw()?).ok();
                }
                ("errors" | "result", Kind::Object | Kind::Array) => {
                    envelope.details = Some(reader.raw()?.to_owned());
                }
                _ => drop(reader.raw()?),
            }
            Ok(())
        })
        .and_then(|()| reader.end())
        .ok()?;
    (!envelope.status.is_empty()).then_some(envelope)
}

fn may_be_empty(metadata: &'static Metadata, status: StatusCode) -> bool {
    status == StatusCode::NO_CONTENT || (status.is_success() && metadata.method == Method::DELETE)
}

fn refused(status: StatusCode, envelope: Envelope) -> Error {
    let kind = kind(status, &envelope);
    let mut fault = Fault::default();
    fault.code = envelope.code.map(|code| code.to_string());
    fault.message = envelope.description;
    fault.errors_json = envelope.details;
    retryable(Error::from_fault(kind, status, fault), status)
}

/// By the HTTP status, unless it says nothing in particular (2xx, 400) and the envelope's code
/// does.
fn kind(status: StatusCode, envelope: &Envelope) -> ErrorKind {
    if envelope.description.as_deref() == Some(BAD_CREDENTIALS) {
        return ErrorKind::Auth;
    }
    let code = envelope.code.and_then(|code| u16::try_from(code).ok());
    match code {
        Some(code @ 400..=599) if status.is_success() || status == StatusCode::BAD_REQUEST => {
            kind_of(code)
        }
        _ if status.is_success() => ErrorKind::Service,
        _ => kind_of(status.as_u16()),
    }
}

/// Acceptance rows N49, N87 to N91.
fn kind_of(status: u16) -> ErrorKind {
    match status {
        400 | 422 => ErrorKind::Validation,
        401 => ErrorKind::Auth,
        403 | 405 => ErrorKind::AccessDenied,
        404 => ErrorKind::NotFound,
        409 | 412 => ErrorKind::Conflict,
        429 | 503 => ErrorKind::Throttled,
        _ => ErrorKind::Service,
    }
}

/// 50x means: try again (acceptance row N91).
fn retryable(error: Error, status: StatusCode) -> Error {
    match status.is_server_error() {
        true => error.with_retryable(true),
        false => error,
    }
}

fn unexpected(metadata: &'static Metadata, response: &Response<Bytes>) -> Error {
    let status = response.status();
    let kind = match status.is_success() {
        true => ErrorKind::Decode,
        false => kind_of(status.as_u16()),
    };
    let ambiguous = status.is_success() || status.is_server_error();
    let error = Error::new(kind, "the answer is not the service's envelope");
    retryable(error, status)
        .with_status(status)
        .with_body(response.body())
        .with_may_have_landed(ambiguous && metadata.method != Method::GET)
        .with_source(UnexpectedAnswer::of(response))
        .with_operation(metadata)
}

#[cfg(test)]
mod tests;
