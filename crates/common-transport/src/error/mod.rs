//! The error of a call: opaque, with predicates. It keeps its source and never holds a secret.

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

/// Bytes of an answer's body that an error shows as text: enough to recognize a proxy's page.
// N92
const EXCERPT_BYTES: usize = 1024;

/// Bytes of an answer's body that an error keeps: enough for a complete error report of a service.
const KEPT_BYTES: usize = 256 * 1024;

/// An error of a call.
///
/// Predicates tell how to react, accessors return the details. Check [`may_have_landed`](Self::may_have_landed)
/// before repeating an operation that is not idempotent.
// X6
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
    request_id: Option<String>,
    client_request_id: Option<String>,
    may_have_landed: bool,
    /// Whether the operation changes nothing.
    is_read: bool,
    retryable: bool,
    body: Option<Bytes>,
    excerpt: Option<String>,
    source: Option<BoxError>,
}

/// Constructors, for authors of operations and layers.
impl Error {
    /// Builds an error of this kind. The message should be in lower case and must not hold a secret.
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
                request_id: None,
                client_request_id: None,
                may_have_landed: false,
                is_read: false,
                retryable: kind.is_transient(),
                body: None,
                excerpt: None,
                source: None,
            }),
        }
    }

    /// Builds the error of a parameter that cannot be sent; `field` is its wire name.
    pub fn invalid_input(field: impl Into<String>, message: impl Into<String>) -> Self {
        let mut error = Self::new(ErrorKind::InvalidInput, message);
        error.inner.field = Some(field.into());
        error
    }

    /// Builds an error with a row of the [table](crate::verdict). The message should be in lower case and must not
    /// hold a secret.
    pub fn of_verdict(verdict: Verdict, message: impl Into<String>) -> Self {
        Self::new(verdict.kind, message)
            .with_retryable(verdict.is_transient)
            .with_may_have_landed(verdict.may_have_landed)
    }

    /// Builds the error of a call that ended without a complete answer.
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

    /// Returns the error inside `source` if it is of this type. Any other error is wrapped as a broken transport.
    /// Its meaning is unknown, so it counts as ambiguous: [`may_have_landed`](Self::may_have_landed) is true. Its
    /// text is kept unchanged: if it could show URLs with keys, the caller must remove them first.
    pub fn from_foreign(source: impl Into<BoxError>) -> Self {
        match source.into().downcast::<Self>() {
            Ok(error) => *error,
            Err(source) => Self::ended(End::Foreign, "the transport failed").with_source(source),
        }
    }

    /// Adds the operation. For a [read](Metadata::is_read), [`may_have_landed`](Self::may_have_landed) is then
    /// always false.
    #[must_use]
    pub fn with_operation(mut self, metadata: &'static Metadata) -> Self {
        self.inner.service = Some(metadata.service);
        self.inner.operation = Some(metadata.name);
        self.inner.is_read = metadata.is_read();
        self
    }

    /// Adds the service's error report; the message stays.
    #[must_use]
    pub fn with_service_error(mut self, service_error: ServiceError) -> Self {
        self.inner.service_error = service_error;
        self
    }

    /// Replaces the message.
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

    /// Adds the answer's body, of which it keeps the first 256 KiB. The first KiB is shown as UTF-8.
    #[must_use]
    pub fn with_body(self, body: &Bytes) -> Self {
        let head = String::from_utf8_lossy(&body[..body.len().min(EXCERPT_BYTES)]);
        self.with_body_and_text(body, &head)
    }

    /// As [`with_body`](Self::with_body), with the body's text, if the body is not UTF-8 or its text was read
    /// already.
    #[must_use]
    pub fn with_body_and_text(mut self, body: &Bytes, text: &str) -> Self {
        self.inner.body = Some(match body.len() {
            0..=KEPT_BYTES => body.clone(),
            _ => Bytes::copy_from_slice(&body[..KEPT_BYTES]),
        });
        self.inner.excerpt = Some(service::cut(text, EXCERPT_BYTES).to_owned());
        self
    }

    /// Adds the field that caused the failure.
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

    /// Sets the number of attempts that were made.
    #[must_use]
    pub fn with_attempts(mut self, attempts: u32) -> Self {
        self.inner.attempts = attempts;
        self
    }

    /// Adds the service's id of the request.
    #[must_use]
    pub fn with_request_id(mut self, id: impl Into<String>) -> Self {
        self.inner.request_id = Some(id.into());
        self
    }

    /// The same from a header of the answer.
    #[cfg(feature = "layers")]
    pub(crate) fn with_id_in(self, header: Option<&http::HeaderValue>) -> Self {
        match header.and_then(crate::request_id::text) {
            Some(id) => self.with_request_id(id),
            None => self,
        }
    }

    /// Adds the id that the client gave the call, from a header of the request.
    #[cfg(feature = "client-core")]
    pub(crate) fn with_client_id_in(mut self, header: Option<&http::HeaderValue>) -> Self {
        if let Some(id) = header.and_then(crate::request_id::text) {
            self.inner.client_request_id = Some(id.to_owned());
        }
        self
    }

    /// Says whether a repeat may succeed; the default follows the kind.
    #[must_use]
    pub fn with_retryable(mut self, retryable: bool) -> Self {
        self.inner.retryable = retryable;
        self
    }

    /// Sets whether the service may have processed the call although it failed.
    #[must_use]
    pub fn with_may_have_landed(mut self, may: bool) -> Self {
        self.inner.may_have_landed = may;
        self
    }

    /// Records that the error ended a call: the number of attempts, whether any of them was ambiguous, and whether
    /// the call changes nothing.
    #[cfg(feature = "layers")]
    pub(crate) fn end_call(&mut self, attempts: u32, ambiguous: bool, is_read: bool) {
        self.inner.attempts = attempts;
        self.inner.may_have_landed |= ambiguous;
        self.inner.is_read |= is_read;
    }
}

/// Masking of secrets that a service quoted.
#[cfg(feature = "client-core")]
impl Error {
    /// Masks a client's secrets in all texts from the service. A cause that shows a secret, such as a key in an
    /// answer, is replaced by its masked text.
    pub(crate) fn hide(mut self, mask: &Mask) -> Self {
        let inner = &mut *self.inner;
        let texts = [
            Some(&mut inner.message),
            inner.field.as_mut(),
            inner.request_id.as_mut(),
            inner.client_request_id.as_mut(),
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

/// Accessors of the details.
impl Error {
    /// Returns the kind of the failure.
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// Returns the service, if the operation is known.
    pub fn service(&self) -> Option<&'static str> {
        self.inner.service
    }

    /// Returns the name of the operation, if it is known.
    pub fn operation(&self) -> Option<&'static str> {
        self.inner.operation
    }

    /// Returns the HTTP status, if there was an answer.
    pub fn status(&self) -> Option<StatusCode> {
        self.inner.status
    }

    /// Returns the message, without the context that `Display` adds.
    pub fn message(&self) -> &str {
        &self.inner.message
    }

    /// Returns the field or parameter that caused the failure.
    pub fn field(&self) -> Option<&str> {
        self.inner.field.as_deref()
    }

    /// The error details of the service; empty when the response has none that can be read.
    pub fn service_error(&self) -> &ServiceError {
        &self.inner.service_error
    }

    /// Returns the number of attempts; 0 when nothing was sent.
    pub fn attempts(&self) -> u32 {
        self.inner.attempts
    }

    /// The service's id of the request, where its answer named one: see [`request_id`](crate::request_id()).
    pub fn request_id(&self) -> Option<&str> {
        self.inner.request_id.as_deref()
    }

    /// The id that the call was sent with as `X-Request-Id`, where the client or the call gives one.
    pub fn client_request_id(&self) -> Option<&str> {
        self.inner.client_request_id.as_deref()
    }

    /// The answer's body as it came, cut off at 256 KiB; none where no answer came, or nothing of it is kept.
    pub fn body(&self) -> Option<&Bytes> {
        self.inner.body.as_ref()
    }

    /// Returns the first KiB of the answer's body, as text.
    pub fn body_excerpt(&self) -> Option<&str> {
        self.inner.excerpt.as_deref()
    }
}

/// Predicates, which tell how to react.
impl Error {
    /// Whether the call was never sent, because the parameter in [`field`](Self::field) or a setting is wrong.
    pub fn is_invalid_input(&self) -> bool {
        self.kind() == ErrorKind::InvalidInput
    }

    /// Whether no connection could be made: check the URL, the network, the certificates.
    pub fn is_connect(&self) -> bool {
        self.kind() == ErrorKind::Connect
    }

    /// Whether a deadline passed. For operations that are not idempotent, see
    /// [`may_have_landed`](Self::may_have_landed).
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// Whether the service's rate limit was exceeded, also at the last attempt.
    pub fn is_throttled(&self) -> bool {
        self.kind() == ErrorKind::Throttled
    }

    /// Whether the key, token or signature was rejected: repeating does not help.
    pub fn is_auth(&self) -> bool {
        self.kind() == ErrorKind::Auth
    }

    /// Whether the key is valid, but its scopes do not allow this call.
    pub fn is_access_denied(&self) -> bool {
        self.kind() == ErrorKind::AccessDenied
    }

    /// Whether the object does not exist.
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::NotFound
    }

    /// Whether the object exists already. After an ambiguous create this means that the create took effect.
    pub fn is_conflict(&self) -> bool {
        self.kind() == ErrorKind::Conflict
    }

    /// The service does not accept the arguments; see [`service_error`](Self::service_error).
    pub fn is_validation(&self) -> bool {
        self.kind() == ErrorKind::Validation
    }

    /// Whether the answer differs from the service's documentation; see [`body_excerpt`](Self::body_excerpt).
    pub fn is_decode(&self) -> bool {
        self.kind() == ErrorKind::Decode
    }

    /// Whether the service itself answered with an error.
    pub fn is_service(&self) -> bool {
        use ErrorKind::{
            AccessDenied, Auth, Conflict, NotFound, Partial, Service, Throttled, Validation,
        };
        matches!(
            self.kind(),
            AccessDenied | Auth | Conflict | NotFound | Partial | Service | Throttled | Validation
        )
    }

    /// Whether a repeat may succeed, because the failure is transient. A repeat may still double the effect: for
    /// operations that are not idempotent, check [`may_have_landed`](Self::may_have_landed) too.
    pub fn is_retryable(&self) -> bool {
        self.inner.retryable
    }

    /// Whether the service may have processed the call although it failed. If it is true and the operation is not
    /// idempotent, check the effect (list, get, history) before calling again.
    ///
    /// For a [read](Metadata::is_read) it is never true. The [table](crate::verdict) has every case.
    pub fn may_have_landed(&self) -> bool {
        self.inner.may_have_landed && !self.inner.is_read
    }

    /// Returns the error's row of the [table](crate::verdict).
    pub fn verdict(&self) -> Verdict {
        Verdict::new(self.kind(), self.may_have_landed(), self.is_retryable())
    }
}

impl Error {
    /// Returns the first entry of the service's list of errors, unless the message shows it.
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

/// Leaves out what is not known: a program that ends with an error prints this.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn known<T: fmt::Debug>(out: &mut fmt::DebugStruct<'_, '_>, name: &str, value: Option<&T>) {
            if let Some(value) = value {
                out.field(name, value);
            }
        }
        let inner = &*self.inner;
        let said = Some(&inner.service_error).filter(|said| **said != ServiceError::default());
        let mut out = f.debug_struct("Error");
        out.field("kind", &inner.kind);
        out.field("message", &inner.message);
        known(&mut out, "field", inner.field.as_ref());
        known(&mut out, "operation", inner.operation.as_ref());
        known(&mut out, "status", inner.status.as_ref());
        known(&mut out, "service_error", said);
        known(
            &mut out,
            "attempts",
            Some(&inner.attempts).filter(|attempts| **attempts > 0),
        );
        known(&mut out, "request_id", inner.request_id.as_ref());
        known(
            &mut out,
            "client_request_id",
            inner.client_request_id.as_ref(),
        );
        out.field("may_have_landed", &self.may_have_landed());
        out.field("retryable", &inner.retryable);
        known(&mut out, "source", inner.source.as_ref());
        out.finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.inner.source.as_deref().map(|source| source as _)
    }
}
