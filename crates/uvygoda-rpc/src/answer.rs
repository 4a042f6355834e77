//! What an answer says: success, the service's refusal, or nothing that is documented.

use std::fmt;

use bytes::Bytes;
use common_model::{Kind, Reader};
use common_transport::{Error, ErrorKind, Fault, Idempotency, Metadata};
use http::{Response, StatusCode};

/// Texts of the service whose meaning is known; the service tells failures apart by prose alone
/// (acceptance row U12). The raw text stays in [`Error::fault`], known or not.
///
/// [`Error::fault`]: common_transport::Error::fault
pub const KNOWN_ERRORS: &[(&str, ErrorKind)] = &[("Неверный логин или пароль", ErrorKind::Auth)];

/// How an answer broke the rule that `RESULT` is a boolean and `ERROR` a text or false (acceptance
/// row U9).
///
/// It is the [`source`](std::error::Error::source) of an error that
/// [`is_decode`](common_transport::Error::is_decode); the body is in its excerpt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProtocolError {
    /// The answer is no JSON object: noise of the CMS, an HTML page, half an answer.
    NoObject,
    /// There is no `RESULT`.
    ResultMissing,
    /// `RESULT` is something else than `true` or `false`.
    ResultNotBoolean,
    /// `RESULT` is true, and `ERROR` has a text all the same.
    SuccessWithError,
    /// `RESULT` is false, and `ERROR` does not say why.
    FailureWithoutText,
}

impl fmt::Display for ProtocolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoObject => "the answer is no JSON object",
            Self::ResultMissing => "the answer has no RESULT",
            Self::ResultNotBoolean => "RESULT is not a boolean",
            Self::SuccessWithError => "RESULT is true and ERROR has a text",
            Self::FailureWithoutText => "RESULT is false and ERROR has no text",
        })
    }
}

impl std::error::Error for ProtocolError {}

/// The text of an answer that says success (acceptance rows U7, U8, U11): by `RESULT`, whatever the
/// HTTP status of 2xx says.
pub(crate) fn success<'r>(
    metadata: &'static Metadata,
    response: &'r Response<Bytes>,
) -> Result<&'r str, Error> {
    let status = response.status();
    let text = std::str::from_utf8(response.body()).unwrap_or_default();
    let text = text.trim_start_matches('\u{feff}');
    match verdict(text) {
        Ok(Verdict::Success) if status.is_success() => Ok(text),
        Ok(Verdict::Failure(error)) => Err(refused(status, error).with_operation(metadata)),
        _ if !status.is_success() => Err(by_status(metadata, response)),
        Ok(Verdict::Success) => Err(by_status(metadata, response)),
        Err(broken) => Err(unreadable(metadata, response, broken.to_string()).with_source(broken)),
    }
}

/// A success whose payload is not what the method documents.
pub(crate) fn undecodable(
    metadata: &'static Metadata,
    response: &Response<Bytes>,
    error: common_model::Error,
) -> Error {
    let message = "the answer is not what the service documents";
    let field = error.path().to_owned();
    let mut made = unreadable(metadata, response, message.to_owned());
    if !field.is_empty() {
        made = made.with_field(field);
    }
    made.with_source(error)
}

#[derive(Debug, PartialEq)]
enum Verdict {
    Success,
    Failure(String),
}

fn verdict(text: &str) -> Result<Verdict, ProtocolError> {
    let (mut result, mut error) = (None, None);
    let mut reader = Reader::new(text);
    reader
        .object(&mut |key, reader| {
            match key {
                "RESULT" => result = Some((reader.peek()?, reader.raw()?)),
                "ERROR" if reader.peek()? == Kind::String => {
                    error = Some(reader.string()?.into_owned());
                }
                _ => drop(reader.raw()?),
            }
            Ok(())
        })
        .and_then(|()| reader.end())
        .map_err(|_| ProtocolError::NoObject)?;
    let error = error.filter(|text| !text.trim().is_empty());
    match (result, error) {
        (None, _) => Err(ProtocolError::ResultMissing),
        (Some((Kind::Bool, "true")), None) => Ok(Verdict::Success),
        (Some((Kind::Bool, "true")), Some(_)) => Err(ProtocolError::SuccessWithError),
        (Some((Kind::Bool, _)), Some(text)) => Ok(Verdict::Failure(text)),
        (Some((Kind::Bool, _)), None) => Err(ProtocolError::FailureWithoutText),
        (Some(_), _) => Err(ProtocolError::ResultNotBoolean),
    }
}

/// The service's own refusal; its text is kept as it came.
fn refused(status: StatusCode, text: String) -> Error {
    let known = KNOWN_ERRORS.iter().find(|(known, _)| text.contains(known));
    let kind = match known {
        Some((_, kind)) => *kind,
        None if status.is_success() => ErrorKind::Service,
        None => kind_of(status),
    };
    let mut fault = Fault::default();
    fault.message = Some(text);
    Error::from_fault(kind, status, fault)
}

fn by_status(metadata: &'static Metadata, response: &Response<Bytes>) -> Error {
    let status = response.status();
    Error::new(kind_of(status), format!("the service answered {status}"))
        .with_status(status)
        .with_body(response.body())
        .with_retryable(status.is_server_error() || status.as_u16() == 429)
        .with_may_have_landed(status.is_server_error() && is_effect(metadata))
        .with_operation(metadata)
}

fn unreadable(metadata: &'static Metadata, response: &Response<Bytes>, message: String) -> Error {
    Error::new(ErrorKind::Decode, message)
        .with_status(response.status())
        .with_body(response.body())
        .with_may_have_landed(is_effect(metadata))
        .with_operation(metadata)
}

fn is_effect(metadata: &'static Metadata) -> bool {
    metadata.idempotency == Idempotency::NonIdempotent
}

fn kind_of(status: StatusCode) -> ErrorKind {
    match status.as_u16() {
        400 | 422 => ErrorKind::Validation,
        401 => ErrorKind::Auth,
        403 | 405 => ErrorKind::AccessDenied,
        404 => ErrorKind::NotFound,
        429 | 503 => ErrorKind::Throttled,
        _ => ErrorKind::Service,
    }
}

#[cfg(test)]
mod tests;
