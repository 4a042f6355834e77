//! What an answer says: success, the service's refusal, or nothing that is documented.

use std::{borrow::Cow, fmt};

use bytes::Bytes;
use common_api::answer::{KEPT_BYTES, Reply, fields, is_true, named_status};
use common_model::from_json;
use common_transport::{Error, ErrorKind, Metadata, ServiceError, Verdict, verdict::BodyClaim};
use http::{
    HeaderMap, Method, Response, StatusCode,
    header::{CONTENT_TYPE, SET_COOKIE},
};

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
        let media_type = self.headers.get(CONTENT_TYPE);
        match media_type.and_then(|value| value.to_str().ok()) {
            Some(media_type) => write!(f, "it came with {} as {media_type}", self.status),
            None => write!(f, "it came with {}, and does not say as what", self.status),
        }
    }
}

impl std::error::Error for UnexpectedAnswer {}

/// The text of an answer that says success (acceptance rows N33 to N37, N86): an HTTP status of 2xx
/// and the envelope's `status` decide, its `code` is kept and not believed.
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

/// In the extensions of the answer to a delete: that the object does not exist is a success (acceptance row N50).
#[derive(Debug, Clone, Copy)]
pub(crate) struct GoneIsFine;

fn gone_is_fine(reply: &Reply<'_>) -> bool {
    reply.response().extensions().get::<GoneIsFine>().is_some()
}

/// The members of an envelope that say how the call ended.
#[derive(Default)]
struct Envelope {
    status: Option<String>,
    /// Whether `status` is something that means no: `false`, `0`, `[]`.
    is_denied: bool,
    code: Option<i64>,
    /// A code that is no number, as a text.
    code_text: Option<String>,
    description: Option<String>,
    /// What else the service says of a refusal, and under which name.
    details: Option<(&'static str, String)>,
}

/// What an envelope says.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Says {
    Success,
    Failure,
}

impl Envelope {
    /// Its members, whatever their order; none when the text is no JSON object. The last one of a name counts.
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

    /// Success is `ok` and nothing else. Failure is `error`, a value that means no, or, without a `status`, a code that
    /// does. What says neither is no envelope.
    fn says(&self) -> Option<Says> {
        match self.status.as_deref() {
            Some("ok") => Some(Says::Success),
            Some("error") => Some(Says::Failure),
            _ if self.is_denied => Some(Says::Failure),
            None if self.named().is_some() => Some(Says::Failure),
            _ => None,
        }
    }

    /// The status of HTTP that its code names, if it is one of failure.
    fn named(&self) -> Option<u16> {
        let code = u16::try_from(self.code?).ok()?;
        matches!(code, 400..=599).then_some(code)
    }

    /// What its code claims: any but one of failure contradicts a failure. A text that speaks of a server that broke
    /// down goes before it.
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

/// The service's own words, under any status.
fn refused(reply: &Reply<'_>, says: Says, envelope: Envelope) -> Error {
    let verdict = verdict(reply, says, &envelope);
    let code = envelope.code.map(|code| code.to_string());
    let code = code.or(envelope.code_text);
    // What is told on its own; a member of another shape stays with the rest.
    let told = [
        ("status", true),
        ("code", code.is_some()),
        ("description", envelope.description.is_some()),
    ];
    let told = told
        .into_iter()
        .filter_map(|(name, is_told)| is_told.then_some(name));
    let details = envelope.details.as_ref().map(|(name, _)| *name);
    let mut fault: ServiceError = reply.rest(&told.chain(details).collect::<Vec<_>>());
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

/// The row of the table. The service's own rules go before it: its text about credentials, and two statuses that it
/// documents in its own way.
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

/// An answer that is not the service's envelope. The service documents no rate limit, so no page proves that a call
/// was not processed (acceptance row N91).
fn unexpected(reply: &Reply<'_>) -> Error {
    let claim = reply.claim().without_limiter();
    reply
        .without_envelope(claim)
        .with_source(UnexpectedAnswer::of(reply.response()))
}

#[cfg(test)]
mod tests;
