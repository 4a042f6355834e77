//! The outcome of an answer: success, the service's refusal, or an undocumented answer.

use std::{borrow::Cow, fmt};

use bytes::Bytes;
use common_api::answer::{KEPT_BYTES, Reply, fields, is_true, named_status};
use common_model::from_json;
use common_transport::{
    Error, ErrorKind, Metadata,
    verdict::{BodyClaim, Verdict},
};
use http::{
    HeaderMap, Method, Response, StatusCode,
    header::{CONTENT_TYPE, SET_COOKIE},
};

/// The text that means 401, whatever the code beside it.
// N32
const BAD_CREDENTIALS: &str = "Access token or signature is non-valid";

/// The empty object that stands for the missing body of a delete.
// N36
const EMPTY: &str = "{}";

/// Status and headers of an answer that is not the service's envelope, such as a proxy's page.
///
/// It is the [`source`](std::error::Error::source) of the error; the first KiB of the body is in
/// [`Error::body_excerpt`](common_transport::Error::body_excerpt).
// N92
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
        let media_type = self.headers.get(CONTENT_TYPE);
        match media_type.and_then(|value| value.to_str().ok()) {
            Some(media_type) => write!(f, "it came with {} as {media_type}", self.status),
            None => write!(f, "it came with {}, and does not say as what", self.status),
        }
    }
}

impl std::error::Error for UnexpectedAnswer {}

/// The text of a successful answer. An HTTP status of 2xx and the envelope's `status` decide; its
/// `code` is kept but does not count.
// N33 to N37, N86
pub(crate) fn success<'r>(
    metadata: &'static Metadata,
    reply: Reply<'r>,
) -> Result<Cow<'r, str>, Error> {
    let status = reply.status();
    if reply.text().trim().is_empty() && may_be_empty(metadata, status) {
        return Ok(Cow::Borrowed(EMPTY));
    }
    let envelope = Envelope::read(&reply);
    match envelope.as_ref().and_then(Envelope::says) {
        Some(Says::Success) if status.is_success() => reply.into_text(),
        Some(says) => {
            let error = refused(&reply, says, envelope.unwrap_or_default());
            let is_wanted = says == Says::Failure && error.is_not_found() && gone_is_fine(&reply);
            match is_wanted {
                true => Ok(Cow::Borrowed(EMPTY)),
                false => Err(error),
            }
        }
        None => Err(unexpected(&reply)),
    }
}

/// Extension of the answer to a delete: a missing object counts as success.
// N50
#[derive(Debug, Clone, Copy)]
pub(crate) struct GoneIsFine;

fn gone_is_fine(reply: &Reply<'_>) -> bool {
    reply.response().extensions().get::<GoneIsFine>().is_some()
}

/// The members of an envelope that show the outcome of a call.
#[derive(Default)]
struct Envelope {
    status: Option<String>,
    /// Whether `status` is a value that means failure: `false`, `0`, `[]`.
    is_denied: bool,
    code: Option<i64>,
    /// A `code` that is not a number, as text.
    code_text: Option<String>,
    description: Option<String>,
    /// Further details of a refusal: the name of their member, and their text.
    details: Option<(&'static str, String)>,
}

/// The outcome by the envelope.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Says {
    Success,
    Failure,
}

impl Envelope {
    /// Reads the members in any order; the last one of a name counts. `None` if the text is not a JSON object.
    fn read(reply: &Reply<'_>) -> Option<Self> {
        let names = ["status", "code", "description", "errors", "result"];
        let [status, code, description, errors, result] = reply.members(names)?;
        let details = |name, raw: Option<&str>| {
            let raw = raw.filter(|raw| raw.starts_with(['{', '[']) && raw.len() <= KEPT_BYTES)?;
            Some((name, raw.to_owned()))
        };
        Some(Self {
            status: reply
                .string(status)
                .map(|status| status.trim().to_lowercase()),
            is_denied: status.is_some_and(|raw| raw != "null" && !is_true(raw)),
            code: code.and_then(|raw| from_json(raw).ok()),
            code_text: reply.string(code),
            description: reply.string(description),
            details: details("errors", errors)
                .or_else(|| details("description", description))
                .or_else(|| details("result", result)),
        })
    }

    /// The outcome. Success is `ok` only. Failure is `error`, a value that means failure, or, without a `status`, a
    /// code of failure. Any other object is not an envelope.
    fn says(&self) -> Option<Says> {
        match self.status.as_deref() {
            Some("ok") => Some(Says::Success),
            Some("error") => Some(Says::Failure),
            _ if self.is_denied => Some(Says::Failure),
            None if self.named().is_some() => Some(Says::Failure),
            _ => None,
        }
    }

    /// The code as an HTTP status, if it is a status of failure.
    fn named(&self) -> Option<u16> {
        let code = u16::try_from(self.code?).ok()?;
        matches!(code, 400..=599).then_some(code)
    }

    /// The status that the answer claims: a 5xx named in the text, else the code, else another status named in
    /// the text. A code that is not one of failure contradicts a failure.
    fn claimed(&self) -> Option<u16> {
        let told = self.description.as_deref().and_then(named_status);
        let code = self
            .code
            .map(|code| u16::try_from(code).unwrap_or(u16::MAX));
        told.filter(|status| *status >= 500).or(code).or(told)
    }
}

fn may_be_empty(metadata: &'static Metadata, status: StatusCode) -> bool {
    status == StatusCode::NO_CONTENT || (status.is_success() && metadata.method == Method::DELETE)
}

/// The service's own error, with any HTTP status.
fn refused(reply: &Reply<'_>, says: Says, envelope: Envelope) -> Error {
    let verdict = verdict(reply, says, &envelope);
    let code = envelope.code.map(|code| code.to_string());
    let code = code.or(envelope.code_text);
    // Members that the error shows separately; a member of another shape stays in the rest.
    let told = [
        Some("status"),
        code.as_ref().map(|_| "code"),
        envelope.description.as_ref().map(|_| "description"),
        envelope.details.as_ref().map(|(name, _)| *name),
    ];
    let told: Vec<&str> = told.into_iter().flatten().collect();
    let mut fault = reply.rest(&told);
    fault.code = code;
    fault.message = envelope.description;
    if let Some((name, details)) = envelope.details {
        if name != "result" {
            fault.fields = fields(&details);
        }
        fault.errors_json = Some(details);
    }
    reply.refused(verdict, fault)
}

/// The verdict by the common table. The service's own rules take precedence: its text about credentials, and two
/// statuses with a meaning of their own.
fn verdict(reply: &Reply<'_>, says: Says, envelope: &Envelope) -> Verdict {
    let status = reply.status();
    let claim = match says {
        Says::Success => BodyClaim::Success,
        Says::Failure => BodyClaim::Failure(envelope.claimed()),
    };
    let verdict = Verdict::of_answer(status, claim);
    if envelope.description.as_deref() == Some(BAD_CREDENTIALS) {
        return verdict.of_kind(ErrorKind::Auth);
    }
    let is_bare = status.is_success() || status == StatusCode::BAD_REQUEST;
    let named = envelope.named().filter(|_| is_bare);
    match named.unwrap_or(status.as_u16()) {
        405 => verdict.of_kind(ErrorKind::AccessDenied),
        412 => verdict.of_kind(ErrorKind::Conflict),
        _ => verdict,
    }
}

/// The error of an answer that is not the service's envelope. The service documents no rate limit, so no page
/// proves that a call was not processed.
// N91
fn unexpected(reply: &Reply<'_>) -> Error {
    let claim = reply.claim().without_limiter();
    reply
        .without_envelope(claim)
        .with_source(UnexpectedAnswer::of(reply.response()))
}

#[cfg(test)]
mod tests;
