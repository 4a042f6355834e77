//! Reads what an answer says of success: the status first, then the envelope.

mod envelope;
mod kinds;
mod refusal;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use bytes::Bytes;
use common_api::answer::Reply;
use common_transport::{Error, ErrorKind, Metadata, Verdict, verdict::Claim};
use http::{Response, header};

pub use refusal::{CombinedTo, Refusal};

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

/// The text of an answer that is a success, to be decoded.
pub(crate) fn success(reply: Reply<'_>, partial: Partial) -> Result<Cow<'_, str>, Error> {
    let is_partial = reply.status().as_u16() == PARTIAL && partial == Partial::IsAnswer;
    if is_partial && envelope::is_object(reply.text()) {
        return reply.into_text();
    }
    if !reply.status().is_success() || envelope::says_failure(&reply) {
        return Err(failure(&reply));
    }
    match reply.claim() {
        claim @ (Claim::Empty | Claim::Page | Claim::LimiterPage) => {
            Err(reply.without_envelope(claim))
        }
        _ => reply.into_text(),
    }
}

/// The same for a binary answer: any success is one, unless it is the envelope of an error.
pub(crate) fn check_binary(
    metadata: &'static Metadata,
    response: &Response<Bytes>,
) -> Result<(), Error> {
    if response.status().is_success() && !is_json(response) {
        return Ok(());
    }
    common_api::check(
        metadata,
        response,
        &|reply| match !reply.status().is_success() || envelope::says_failure(reply) {
            true => Err(failure(reply)),
            false => Ok(()),
        },
    )
}

fn is_json(response: &Response<Bytes>) -> bool {
    let content_type = response.headers().get(header::CONTENT_TYPE);
    content_type.is_some_and(|value| {
        let value = value.as_bytes().to_ascii_lowercase();
        value.starts_with(b"application/json") || value.starts_with(b"text/json")
    })
}

/// The service's own error, from the status and the envelope (acceptance rows RE5, RE6).
fn failure(reply: &Reply<'_>) -> Error {
    let Some(envelope) = Envelope::read(reply) else {
        return without_envelope(reply);
    };
    let mut verdict = Verdict::of_answer(reply.status(), envelope.claim());
    if let Some(kind) = kinds::by_text(&envelope).filter(|_| verdict.kind != ErrorKind::Throttled) {
        verdict.kind = kind;
    }
    let field = kinds::missing_parameter(&envelope.message).map(str::to_owned);
    let rest = reply.rest(&envelope.told());
    let error = reply.refused(verdict, envelope.into_fault(rest));
    match field {
        Some(field) => error.with_field(field),
        None => error,
    }
}

/// An account that nobody has gives a web page with 404 or 405.
fn without_envelope(reply: &Reply<'_>) -> Error {
    let claim = reply.claim();
    let error = reply.without_envelope(claim);
    match error.kind() {
        ErrorKind::NotFound if claim == Claim::Page => {
            error.with_message("the account does not exist: a web page came instead of JSON")
        }
        _ => error,
    }
}
