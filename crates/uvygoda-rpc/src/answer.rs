//! The outcome of an answer: success, the service's refusal, or an undocumented answer.

use std::{borrow::Cow, fmt};

use common_api::answer::{Reply, is_true, named_status};
use common_model::from_json;
use common_transport::{
    Error, ErrorKind,
    verdict::{BodyClaim, Verdict},
};
use http::StatusCode;

/// Known error texts of the service and their kinds; the service tells failures apart by text only.
/// The raw text is always in [`Error::service_error`].
///
/// [`Error::service_error`]: common_transport::Error::service_error
// U12
pub const KNOWN_ERRORS: &[(&str, ErrorKind)] = &[("Неверный логин или пароль", ErrorKind::Auth)];

/// A violation of the rule that `RESULT` is a boolean and `ERROR` is a text or false.
///
/// It is the [`source`](std::error::Error::source) of an error with
/// [`is_decode`](common_transport::Error::is_decode), whose excerpt shows the body.
// U9
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProtocolError {
    /// The answer is not a JSON object: noise of the CMS, an HTML page, half an answer.
    NoObject,
    /// There is no `RESULT`.
    ResultMissing,
    /// `RESULT` is neither `true` nor `false`.
    ResultNotBoolean,
    /// `RESULT` is true, but `ERROR` is neither false nor empty.
    SuccessWithError,
    /// `RESULT` is true, but the payload is `false`, as after a failure.
    SuccessWithoutPayload,
    /// `RESULT` is false, but `ERROR` has no text.
    FailureWithoutText,
}

impl fmt::Display for ProtocolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoObject => "the answer is no JSON object",
            Self::ResultMissing => "the answer has no RESULT",
            Self::ResultNotBoolean => "RESULT is not a boolean",
            Self::SuccessWithError => "RESULT is true and ERROR says something",
            Self::SuccessWithoutPayload => "RESULT is true and what the method gives is false",
            Self::FailureWithoutText => "RESULT is false and ERROR has no text",
        })
    }
}

impl std::error::Error for ProtocolError {}

/// The text of a successful answer. `RESULT` decides, whatever the HTTP status of 2xx.
// U7, U8, U11
pub(crate) fn success(reply: Reply<'_>) -> Result<Cow<'_, str>, Error> {
    let is_success = reply.status().is_success();
    match result(&reply) {
        Ok(Outcome::Success) if is_success => reply.into_text(),
        Ok(Outcome::Failure(text)) => Err(refused(&reply, text)),
        Ok(Outcome::Success) => Err(reply.without_envelope(BodyClaim::Success)),
        // The service documents no rate limit: no page proves that a call was not processed.
        Err(_) if !is_success => Err(reply.without_envelope(reply.claim().without_limiter())),
        Err(broken) => Err(breach(&reply).with_source(broken)),
    }
}

/// The error of an answer with a status of success and a body that is not an envelope of success.
fn breach(reply: &Reply<'_>) -> Error {
    let breach = || reply.unreadable("the answer breaks the service's protocol");
    reply.without_json().unwrap_or_else(breach)
}

#[derive(Debug, PartialEq)]
enum Outcome {
    Success,
    Failure(String),
}

/// The outcome by `RESULT` and `ERROR`, in any order; the last member of a name counts.
fn result(reply: &Reply<'_>) -> Result<Outcome, ProtocolError> {
    let members = reply.members(["RESULT", "ERROR"]);
    let [result, error] = members.ok_or(ProtocolError::NoObject)?;
    let says_something = error.is_some_and(|raw| !raw.starts_with('"') && is_true(raw));
    let error = reply.string(error).filter(|text| !text.trim().is_empty());
    match (result, error) {
        (None, _) => Err(ProtocolError::ResultMissing),
        (Some("true"), None) if says_something => Err(ProtocolError::SuccessWithError),
        (Some("true"), None) if lacks_payload(reply) => Err(ProtocolError::SuccessWithoutPayload),
        (Some("true"), None) => Ok(Outcome::Success),
        (Some("true"), Some(_)) => Err(ProtocolError::SuccessWithError),
        (Some("false"), Some(text)) => Ok(Outcome::Failure(text)),
        (Some("false"), None) => Err(ProtocolError::FailureWithoutText),
        (Some(_), _) => Err(ProtocolError::ResultNotBoolean),
    }
}

/// Whether the payload is `false`, as after a failure. Lists and maps are not checked: an empty one may be `false`
/// too.
fn lacks_payload(reply: &Reply<'_>) -> bool {
    let members = reply.members(["PRODUCT_ID", "TOKEN", "URL", "MODERATION", "UPDATE"]);
    members.is_some_and(|members| members.contains(&Some("false")))
}

/// The service's own refusal, with its unchanged text.
fn refused(reply: &Reply<'_>, text: String) -> Error {
    let [code] = reply.members(["CODE"]).unwrap_or_default();
    let code = code.and_then(|raw| from_json(raw).ok());
    let named = named_status(&text).or(code.filter(|code| matches!(code, 400..=599)));
    let verdict = Verdict::of_answer(reply.status(), BodyClaim::Failure(named));
    let known = KNOWN_ERRORS.iter().find(|(known, _)| text.contains(known));
    let verdict = match known {
        Some((_, kind)) => verdict.of_kind(*kind),
        // The method exists: the seller may not call it.
        None if reply.status() == StatusCode::METHOD_NOT_ALLOWED => {
            verdict.of_kind(ErrorKind::AccessDenied)
        }
        None => verdict,
    };
    let mut fault = reply.rest(&["RESULT", "ERROR"]);
    fault.message = Some(text);
    reply.refused(verdict, fault)
}

#[cfg(test)]
mod tests;
