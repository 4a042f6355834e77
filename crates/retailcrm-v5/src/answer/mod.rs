//! Reading of an answer's outcome: the status first, then the envelope.

mod envelope;
mod kinds;
mod refusal;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use bytes::Bytes;
use common_api::answer::Reply;
use common_transport::{
    Error, ErrorKind, Metadata,
    verdict::{BodyClaim, Verdict},
};
use http::{Response, StatusCode, header};

pub use refusal::{CombinedTo, Refusal};

use envelope::Envelope;

/// The meaning of status 460, by which the service tells that part of a batch was saved.
// RE7
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Partial {
    /// The answer of the operation lists saved and failed objects.
    IsAnswer,
    /// The operation has no partial success, so 460 is an error.
    IsFailure,
}

const PARTIAL: u16 = 460;

/// The text of a successful answer, to be decoded.
pub(crate) fn success(reply: Reply<'_>, partial: Partial) -> Result<Cow<'_, str>, Error> {
    let is_partial = reply.status().as_u16() == PARTIAL && partial == Partial::IsAnswer;
    if is_partial && envelope::is_object(reply.text()) {
        return reply.into_text();
    }
    if !reply.status().is_success() || envelope::says_failure(&reply) {
        return Err(failure(&reply));
    }
    match reply.without_json() {
        Some(error) => Err(error),
        None => reply.into_text(),
    }
}

/// Checks a binary answer. Any status of success passes, except with the envelope of an error, a web page, or a
/// part of the file.
///
/// The service sends files as `application/octet-stream`. An answer with a file name (`Content-Disposition`) is a
/// file, whatever its content.
pub(crate) fn check_binary(
    metadata: &'static Metadata,
    response: &Response<Bytes>,
) -> Result<(), Error> {
    let is_named = response.headers().contains_key(header::CONTENT_DISPOSITION);
    let is_whole = response.status() != StatusCode::PARTIAL_CONTENT;
    let is_file = response.status().is_success() && is_whole;
    let media_type = MediaType::of(response);
    let looks_like_json = || response.body().trim_ascii_start().first() == Some(&b'{');
    if is_file && (is_named || media_type == MediaType::Other && !looks_like_json()) {
        return Ok(());
    }
    common_api::check(metadata, response, &|reply| {
        if !reply.status().is_success() || says_refusal(reply, media_type) {
            return Err(failure(reply));
        }
        match reply.claim() {
            _ if !is_whole => {
                Err(reply.unreadable("a part of the file came, and nobody asked for a part"))
            }
            claim @ BodyClaim::Page if media_type == MediaType::Html => {
                Err(reply.without_envelope(claim))
            }
            _ => Ok(()),
        }
    })
}

/// Whether JSON in place of a file is a refusal. Without a content type of JSON it must have both `success`
/// and a message.
fn says_refusal(reply: &Reply<'_>, media_type: MediaType) -> bool {
    match media_type {
        MediaType::Json => envelope::says_failure(reply),
        _ => envelope::is_plain_refusal(reply),
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum MediaType {
    Json,
    Html,
    Other,
}

impl MediaType {
    fn of(response: &Response<Bytes>) -> Self {
        let value = response.headers().get(header::CONTENT_TYPE);
        let value = value.map_or(&b""[..], |value| value.as_bytes());
        let name = value.split(|byte| *byte == b';').next().unwrap_or_default();
        match &*name.trim_ascii().to_ascii_lowercase() {
            b"application/json" | b"text/json" => Self::Json,
            name if name.ends_with(b"+json") => Self::Json,
            b"text/html" | b"application/xhtml+xml" => Self::Html,
            _ => Self::Other,
        }
    }
}

/// The service's own error, from the status and the envelope.
// RE5, RE6
fn failure(reply: &Reply<'_>) -> Error {
    let Some(envelope) = Envelope::read(reply) else {
        return without_envelope(reply);
    };
    let mut verdict = Verdict::of_answer(reply.status(), envelope.claim());
    if let Some(kind) = kinds::by_text(&envelope).filter(|kind| kinds::refines(verdict, *kind)) {
        verdict.kind = kind;
    }
    verdict.may_have_landed |= envelope.tells_effects;
    let field = kinds::missing_parameter(&envelope.message).map(str::to_owned);
    let rest = reply.rest(&envelope.told());
    let error = reply.refused(verdict, envelope.into_fault(rest));
    match field {
        Some(field) => error.with_field(field),
        None => error,
    }
}

/// An account that does not exist gives a web page with 404 or 405.
fn without_envelope(reply: &Reply<'_>) -> Error {
    let claim = reply.claim();
    let error = reply.without_envelope(claim);
    match error.kind() {
        ErrorKind::NotFound if claim == BodyClaim::Page => {
            error.with_message("the account does not exist: a web page came instead of JSON")
        }
        _ => error,
    }
}
