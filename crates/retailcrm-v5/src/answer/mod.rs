//! Reads what an answer says of success: the status first, then the envelope.

mod classify;
mod envelope;
mod kinds;
#[cfg(test)]
mod tests;

use bytes::Bytes;
use common_transport::{Error, ErrorKind, Metadata};
use http::{Response, StatusCode, header};

pub use classify::Throttling;

use envelope::Envelope;

/// What status 460 means: part of a batch was taken (acceptance row RE7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Partial {
    /// The operation gives both lists as its answer.
    IsAnswer,
    /// The operation knows no partial success.
    IsFailure,
}

const PARTIAL: u16 = 460;

/// Fails unless the answer is a success, whose body is then JSON to decode.
pub(crate) fn check(
    metadata: &'static Metadata,
    response: &Response<Bytes>,
    partial: Partial,
) -> Result<(), Error> {
    let status = response.status();
    if status.as_u16() == PARTIAL && partial == Partial::IsAnswer && !is_page(response.body()) {
        return Ok(());
    }
    if !status.is_success() {
        return Err(failure(metadata, response));
    }
    if is_page(response.body()) {
        return Err(undecodable(
            metadata,
            response,
            "a web page came instead of JSON",
        ));
    }
    match envelope::says_failure(response.body()) {
        true => Err(failure(metadata, response)),
        false => Ok(()),
    }
}

/// The same for a binary answer: any success is one, unless it is the envelope of an error.
pub(crate) fn check_binary(
    metadata: &'static Metadata,
    response: &Response<Bytes>,
) -> Result<(), Error> {
    let content_type = response.headers().get(header::CONTENT_TYPE);
    let is_json =
        content_type.is_some_and(|value| value.as_bytes().starts_with(b"application/json"));
    if !response.status().is_success() || (is_json && envelope::says_failure(response.body())) {
        return Err(failure(metadata, response));
    }
    Ok(())
}

/// An answer that is not what the service documents.
pub(crate) fn undecodable(
    metadata: &'static Metadata,
    response: &Response<Bytes>,
    why: &str,
) -> Error {
    Error::new(
        ErrorKind::Decode,
        format!("the answer cannot be read: {why}"),
    )
    .with_operation(metadata)
    .with_status(response.status())
    .with_body(response.body())
}

/// The service's own error, from the status and the envelope (acceptance rows RE5, RE6).
fn failure(metadata: &'static Metadata, response: &Response<Bytes>) -> Error {
    let status = response.status();
    let envelope = Envelope::read(response.body());
    let kind = kinds::kind(status, envelope.as_ref(), is_page(response.body()));
    let mut error = match envelope {
        Some(envelope) => {
            let field = kinds::missing_parameter(&envelope.message).map(str::to_owned);
            let error = Error::from_fault(kind, status, envelope.into_fault());
            match field {
                Some(field) => error.with_field(field),
                None => error,
            }
        }
        None => Error::new(kind, without_envelope(kind, status)).with_status(status),
    };
    if error.fault().message.is_none() {
        error = error.with_body(response.body());
    }
    error.with_operation(metadata)
}

fn without_envelope(kind: ErrorKind, status: StatusCode) -> String {
    match kind {
        ErrorKind::NotFound if status.is_client_error() => {
            "the account does not exist: a web page came instead of JSON".to_owned()
        }
        ErrorKind::Throttled => "too many requests".to_owned(),
        _ => format!("the service answered {status} without saying why"),
    }
}

/// Whether the body is a web page: what an unknown account and the limiter answer with.
fn is_page(body: &[u8]) -> bool {
    let text = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    text.trim_ascii_start().first() == Some(&b'<')
}
