//! The one error of a call: opaque, with predicates; it keeps its source and never holds a secret.

#[cfg(feature = "client-core")]
mod hidden;
mod kind;
mod service;

#[cfg(feature = "client-core")]
use std::borrow::Cow;
use std::{error::Error as StdError, fmt};

use bytes::Bytes;
use http::StatusCode;

pub use kind::ErrorKind;
pub use service::{FieldError, ServiceError};

#[cfg(feature = "client-core")]
use crate::mask::Mask;
use crate::{
    BoxError, Metadata,
    verdict::{End, Verdict},
};

/// How much of an answer's body an error shows as text: enough to see a proxy's page (acceptance row N92).
const EXCERPT_BYTES: usize = 1024;

/// How much of an answer's body an error keeps: the whole of what a service says of a failure, and no large answer.
const KEPT_BYTES: usize = 256 * 1024;

/// Why a call failed (acceptance row X6).
///
/// Ask the predicates what to do, the accessors what was said. [`may_have_landed`](Self::may_have_landed)
/// is the question to ask before repeating anything that is not idempotent.
pub struct Error {
    inner: Box<Inner>,
}

struct Inner {
    kind: ErrorKind,
    message: String,
    field: Option<String>,
    service: Option<&'static str>,
    operation: Option<&'static str>,
    status: Option<StatusCode>,
    service_error: ServiceError,
    attempts: u32,
    may_have_landed: bool,
    /// Of an operation that changes nothing.
    is_read: bool,
    retryable: bool,
    body: Option<Bytes>,
    excerpt: Option<String>,
    source: Option<BoxError>,
}

/// Constructors, for those who write operations and layers.
impl Error {
    /// An error of this kind with a lower-case message that holds no secret.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            inner: Box::new(Inner {
                kind,
                message: message.into(),
                field: None,
                service: None,
                operation: None,
                status: None,
                service_error: ServiceError::default(),
                attempts: 0,
                may_have_landed: false,
                is_read: false,
                retryable: kind.is_transient(),
                body: None,
                excerpt: None,
                source: None,
            }),
        }
    }

    /// A parameter that cannot be sent; `field` is its wire name.
    pub fn invalid_input(field: impl Into<String>, message: impl Into<String>) -> Self {
        let mut error = Self::new(ErrorKind::InvalidInput, message);
        error.inner.field = Some(field.into());
        error
    }

    /// A failure of this row of the [table](crate::verdict), with a lower-case message that holds no secret.
    pub fn of_verdict(verdict: Verdict, message: impl Into<String>) -> Self {
        Self::new(verdict.kind, message)
            .with_retryable(verdict.is_transient)
            .with_may_have_landed(verdict.may_have_landed)
    }

    /// A call that ended without an answer that could be read whole.
    pub fn ended(end: End, message: impl Into<String>) -> Self {
        Self::of_verdict(end.verdict(), message)
    }

    /// The service's own error.
    pub fn from_service_error(
        verdict: Verdict,
        status: StatusCode,
        service_error: ServiceError,
    ) -> Self {
        let message = service_error
            .message
            .clone()
            .unwrap_or_else(|| format!("the service answered {status}"));
        let mut error = Self::of_verdict(verdict, message).with_status(status);
        error.inner.service_error = service_error;
        error
    }

    /// The error inside `source` when it is one of ours, else a broken transport around it. What a foreign
    /// error means is unknown, so it counts as ambiguous: [`may_have_landed`](Self::may_have_landed). Its text is
    /// kept as it is: one that shows URLs, and the keys in them, has to leave them out before.
    pub fn from_foreign(source: impl Into<BoxError>) -> Self {
        match source.into().downcast::<Self>() {
            Ok(error) => *error,
            Err(source) => Self::ended(End::Foreign, "the transport failed").with_source(source),
        }
    }

    /// Adds the operation it happened in. Of a [read](Metadata::is_read) it then never says that it may have landed.
    #[must_use]
    pub fn with_operation(mut self, metadata: &'static Metadata) -> Self {
        self.inner.service = Some(metadata.service);
        self.inner.operation = Some(metadata.name);
        self.inner.is_read = metadata.is_read();
        self
    }

    /// Adds what the service said; the message stays.
    #[must_use]
    pub fn with_service_error(mut self, service_error: ServiceError) -> Self {
        self.inner.service_error = service_error;
        self
    }

    /// Says it in other words.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.inner.message = message.into();
        self
    }

    /// Adds the HTTP status.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.inner.status = Some(status);
        self
    }

    /// Adds the answer's body, up to 256 KiB of it; its first KiB is shown as UTF-8.
    #[must_use]
    pub fn with_body(self, body: &Bytes) -> Self {
        let head = String::from_utf8_lossy(&body[..body.len().min(EXCERPT_BYTES)]);
        self.with_body_and_text(body, &head)
    }

    /// The same, with the body's text where it is not UTF-8 or was read already.
    #[must_use]
    pub fn with_body_and_text(mut self, body: &Bytes, text: &str) -> Self {
        self.inner.body = Some(match body.len() {
            0..=KEPT_BYTES => body.clone(),
            _ => Bytes::copy_from_slice(&body[..KEPT_BYTES]),
        });
        self.inner.excerpt = Some(service::cut(text, EXCERPT_BYTES).to_owned());
        self
    }

    /// Adds the field the failure is about.
    #[must_use]
    pub fn with_field(mut self, field: impl Into<String>) -> Self {
        self.inner.field = Some(field.into());
        self
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.inner.source = Some(source.into());
        self
    }

    /// Says how many attempts were made.
    #[must_use]
    pub fn with_attempts(mut self, attempts: u32) -> Self {
        self.inner.attempts = attempts;
        self
    }

    /// Says whether a repeat may succeed; the default follows the kind.
    #[must_use]
    pub fn with_retryable(mut self, retryable: bool) -> Self {
        self.inner.retryable = retryable;
        self
    }

    /// Says whether the service may have processed the call although it failed.
    #[must_use]
    pub fn with_may_have_landed(mut self, may: bool) -> Self {
        self.inner.may_have_landed = may;
        self
    }

    /// Says that it ended a call of so many attempts, whether another one of them was ambiguous, and whether the call
    /// changes nothing.
    #[cfg(feature = "layers")]
    pub(crate) fn end_call(&mut self, attempts: u32, ambiguous: bool, is_read: bool) {
        self.inner.attempts = attempts;
        self.inner.may_have_landed |= ambiguous;
        self.inner.is_read |= is_read;
    }
}

/// Secrets that a service quoted.
#[cfg(feature = "client-core")]
impl Error {
    /// Leaves the secrets of a client out of all that a service said. A cause may quote keys of an answer: one that
    /// shows a secret gives way to its text without it.
    pub(crate) fn hide(mut self, mask: &Mask) -> Self {
        let inner = &mut *self.inner;
        let texts = [
            Some(&mut inner.message),
            inner.field.as_mut(),
            inner.service_error.code.as_mut(),
            inner.service_error.message.as_mut(),
            inner.service_error.errors_json.as_mut(),
            inner.service_error.others_json.as_mut(),
        ];
        let fields = inner.service_error.fields.iter_mut();
        let fields = fields.flat_map(|entry| [&mut entry.field, &mut entry.message]);
        for text in texts.into_iter().flatten().chain(fields) {
            if let Cow::Owned(masked) = mask.text(text) {
                *text = masked;
            }
        }
        if let Some(text) = &mut inner.excerpt {
            *text = mask.cut_text(text).into_owned();
        }
        if let Some(masked) = inner.body.as_ref().and_then(|body| mask.bytes(body)) {
            inner.body = Some(masked.into());
        }
        inner.source = inner
            .source
            .take()
            .map(|source| hidden::cause(source, mask));
        self
    }
}

/// What was said.
impl Error {
    /// The kind of failure.
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// The service, once the call has one.
    pub fn service(&self) -> Option<&'static str> {
        self.inner.service
    }

    /// The operation's name, once the call has one.
    pub fn operation(&self) -> Option<&'static str> {
        self.inner.operation
    }

    /// The HTTP status, where there was an answer.
    pub fn status(&self) -> Option<StatusCode> {
        self.inner.status
    }

    /// The message without the context that `Display` adds.
    pub fn message(&self) -> &str {
        &self.inner.message
    }

    /// The field or parameter the failure is about.
    pub fn field(&self) -> Option<&str> {
        self.inner.field.as_deref()
    }

    /// What the service said; empty when it said nothing that could be read.
    pub fn service_error(&self) -> &ServiceError {
        &self.inner.service_error
    }

    /// How many attempts were made; 0 when nothing was sent.
    pub fn attempts(&self) -> u32 {
        self.inner.attempts
    }

    /// The answer's body as it came, cut off at 256 KiB; none where no answer came, or nothing of it is kept.
    pub fn body(&self) -> Option<&Bytes> {
        self.inner.body.as_ref()
    }

    /// The first KiB of the answer's body, as text.
    pub fn body_excerpt(&self) -> Option<&str> {
        self.inner.excerpt.as_deref()
    }
}

/// What to do about it.
impl Error {
    /// The call was never sent: mend the parameter that [`field`](Self::field) names.
    pub fn is_invalid_input(&self) -> bool {
        self.kind() == ErrorKind::InvalidInput
    }

    /// No connection could be made: check the URL, the network, the certificates.
    pub fn is_connect(&self) -> bool {
        self.kind() == ErrorKind::Connect
    }

    /// A deadline passed; for what is not idempotent, see [`may_have_landed`](Self::may_have_landed).
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// The service's rate limit was hit, and still was after the last attempt.
    pub fn is_throttled(&self) -> bool {
        self.kind() == ErrorKind::Throttled
    }

    /// The key, token or signature is not accepted: repeating does not help.
    pub fn is_auth(&self) -> bool {
        self.kind() == ErrorKind::Auth
    }

    /// The key is good, and its scopes do not allow this call.
    pub fn is_access_denied(&self) -> bool {
        self.kind() == ErrorKind::AccessDenied
    }

    /// The object does not exist.
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::NotFound
    }

    /// The object exists already; after an ambiguous create this means that it landed.
    pub fn is_conflict(&self) -> bool {
        self.kind() == ErrorKind::Conflict
    }

    /// The service does not accept the arguments; see [`service_error`](Self::service_error).
    pub fn is_validation(&self) -> bool {
        self.kind() == ErrorKind::Validation
    }

    /// The answer is not what the service documents; see [`body_excerpt`](Self::body_excerpt).
    pub fn is_decode(&self) -> bool {
        self.kind() == ErrorKind::Decode
    }

    /// The service itself answered with an error.
    pub fn is_service(&self) -> bool {
        use ErrorKind::{
            AccessDenied, Auth, Conflict, NotFound, Partial, Service, Throttled, Validation,
        };
        matches!(
            self.kind(),
            AccessDenied | Auth | Conflict | NotFound | Partial | Service | Throttled | Validation
        )
    }

    /// Whether a repeat may succeed: the failure is of the moment, not of the call. It says nothing about
    /// doubling an effect; for what is not idempotent ask [`may_have_landed`](Self::may_have_landed) too.
    pub fn is_retryable(&self) -> bool {
        self.inner.retryable
    }

    /// Whether the service may have processed the call although it failed. When it is true and the
    /// operation is not idempotent, look (list, get, history) before calling again.
    ///
    /// Of a [read](Metadata::is_read) it is never true. The [table](crate::verdict) has every case.
    pub fn may_have_landed(&self) -> bool {
        self.inner.may_have_landed && !self.inner.is_read
    }

    /// Its row of the [table](crate::verdict).
    pub fn verdict(&self) -> Verdict {
        Verdict::new(self.kind(), self.may_have_landed(), self.is_retryable())
    }
}

impl Error {
    /// The first entry of the service's list of errors, unless the message has it.
    fn first_field(&self) -> Option<&FieldError> {
        let first = self.inner.service_error.fields.first()?;
        let is_said = first.message.is_empty() || self.inner.message.contains(&first.message);
        (!is_said).then_some(first)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.inner;
        if let (Some(service), Some(operation)) = (inner.service, inner.operation) {
            write!(f, "{service} {operation}: ")?;
        }
        if let Some(field) = &inner.field {
            write!(f, "{field}: ")?;
        }
        f.write_str(&inner.message)?;
        if let Some(first) = self.first_field() {
            write!(f, ": {first}")?;
        }
        if let Some(status) = inner.status {
            write!(f, " (HTTP {})", status.as_u16())?;
        }
        if self.may_have_landed() {
            f.write_str("; the call may have landed: look before repeating it")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.inner;
        f.debug_struct("Error")
            .field("kind", &inner.kind)
            .field("message", &inner.message)
            .field("field", &inner.field)
            .field("operation", &inner.operation)
            .field("status", &inner.status)
            .field("service_error", &inner.service_error)
            .field("attempts", &inner.attempts)
            .field("may_have_landed", &self.may_have_landed())
            .field("retryable", &inner.retryable)
            .field("source", &inner.source)
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.inner.source.as_deref().map(|source| source as _)
    }
}
