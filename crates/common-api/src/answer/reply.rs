//! An answer on its way to becoming an error.

use std::fmt;

use bytes::Bytes;
use common_model::{Options, from_json_with};
use common_transport::{
    Error, ServiceError,
    verdict::{BodyClaim, Verdict, moved_to},
};
use http::{Response, StatusCode};

use super::{KEPT_BYTES, Text, Trust, members::members_with, others};
use crate::decoding::Clock;

/// An answer whose text is read once; all look-ups use that text.
pub struct Reply<'r> {
    response: &'r Response<Bytes>,
    text: Text<'r>,
    clock: Option<&'r Clock>,
}

impl<'r> Reply<'r> {
    /// Reads the text of an answer.
    pub fn of(response: &'r Response<Bytes>) -> Self {
        Self {
            response,
            text: Text::of(response),
            clock: None,
        }
    }

    /// As [`of`](Self::of), with a stop check for all work on the answer.
    pub(crate) fn watched(response: &'r Response<Bytes>, clock: &'r Clock) -> Self {
        Self {
            response,
            text: Text::watched(response, Some(clock)),
            clock: Some(clock),
        }
    }

    /// Returns the original answer.
    pub fn response(&self) -> &'r Response<Bytes> {
        self.response
    }

    /// Returns the HTTP status.
    pub fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// Returns the text, decoded as far as possible.
    pub fn text(&self) -> &str {
        &self.text.text
    }

    /// Returns the [members](super::members) of the answer's JSON object, or `None` if the text is not a JSON
    /// object.
    pub fn members<const N: usize>(&self, names: [&str; N]) -> Option<[Option<&str>; N]> {
        self.within(|options| members_with(self.text(), names, options).ok())
    }

    /// Returns a member's string, if it is one. It is cut after [`KEPT_BYTES`].
    pub fn string(&self, raw: Option<&str>) -> Option<String> {
        let raw = raw.filter(|raw| raw.starts_with('"'))?;
        let read = self.within(|options| from_json_with::<String>(raw, options).ok());
        let mut text = read?.value;
        if text.len() > KEPT_BYTES {
            let ends = |at: &usize| text.is_char_boundary(*at);
            text.truncate((0..=KEPT_BYTES).rev().find(ends).unwrap_or(0));
        }
        Some(text)
    }

    fn within<T>(&self, work: impl FnOnce(&Options<'_>) -> T) -> T {
        match self.clock {
            Some(clock) => clock.within(Options::new(), work),
            None => work(&Options::new()),
        }
    }

    /// Returns the text for decoding models, whose charset must be certain.
    ///
    /// # Errors
    /// The charset was guessed, or is unknown: [`Error::is_decode`].
    pub fn into_text(self) -> Result<std::borrow::Cow<'r, str>, Error> {
        match self.text.trust {
            Trust::Sure => Ok(self.text.text),
            _ => Err(self.unreadable("the answer is not UTF-8, and does not say what it is")),
        }
    }

    /// Classifies a body that holds no envelope.
    pub fn claim(&self) -> BodyClaim {
        BodyClaim::of_body(self.text().as_bytes())
    }

    /// Builds the error of a refusal by the service.
    pub fn refused(&self, verdict: Verdict, fault: ServiceError) -> Error {
        self.with_body(Error::from_service_error(verdict, self.status(), fault))
    }

    /// Builds the error of an answer without the service's envelope, or with one that contradicts its status. It
    /// names what came instead, and the host to which a redirect leads.
    pub fn without_envelope(&self, claim: BodyClaim) -> Error {
        let status = self.status();
        let error = Error::of_verdict(Verdict::of_answer(status, claim), self.instead(claim));
        self.with_body(error.with_service_error(self.rest(&[])).with_status(status))
    }

    /// Builds the error of an answer that cannot hold an envelope: an empty one, or a web page. `None` for any other
    /// answer.
    pub fn without_json(&self) -> Option<Error> {
        match self.claim() {
            claim @ (BodyClaim::Empty | BodyClaim::Page | BodyClaim::LimiterPage) => {
                Some(self.without_envelope(claim))
            }
            _ => None,
        }
    }

    /// Builds the error of an answer that the service does not document.
    pub fn unreadable(&self, message: &str) -> Error {
        let error = Error::of_verdict(Verdict::UNREADABLE, message);
        self.with_body(
            error
                .with_service_error(self.rest(&[]))
                .with_status(self.status()),
        )
    }

    /// Returns the rest of the answer, without the members that are reported elsewhere.
    pub fn rest(&self, told: &[&str]) -> ServiceError {
        let mut fault = ServiceError::default();
        fault.others_json = others(self.text(), told);
        fault
    }

    fn with_body(&self, error: Error) -> Error {
        error.with_body_and_text(self.response.body(), self.text())
    }

    fn instead(&self, claim: BodyClaim) -> String {
        let status = self.status();
        if status.is_redirection() && status != StatusCode::NOT_MODIFIED {
            return match moved_to(self.response.headers()) {
                Some(host) => format!("the account has moved to {host}"),
                None => "the service redirects the call, and names no other host".to_owned(),
            };
        }
        let message = match claim {
            _ if status == StatusCode::TOO_MANY_REQUESTS => "too many requests",
            BodyClaim::LimiterPage => "too many requests",
            BodyClaim::Page => "a web page came instead of the service's answer",
            BodyClaim::Empty => "the answer is empty",
            BodyClaim::Success => "the service says success under a status of failure",
            _ => "the answer is not the service's envelope",
        };
        message.to_owned()
    }
}

/// Shows status and length only: the text may hold secrets.
impl fmt::Debug for Reply<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("status", &self.status())
            .field("bytes", &self.response.body().len())
            .finish_non_exhaustive()
    }
}
