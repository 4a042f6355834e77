//! The kinds of failure.

/// What kind of failure an [`Error`](super::Error) is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The call was never sent: a parameter, URL or configuration is wrong.
    InvalidInput,
    /// No connection: name, route, refusal, TLS.
    Connect,
    /// The connection broke after the request began to be sent.
    Transport,
    /// A deadline passed.
    Timeout,
    /// The service says: too many requests.
    Throttled,
    /// The service does not accept the key, token or signature.
    Auth,
    /// The key is good, and not allowed to do this.
    AccessDenied,
    /// The object, path or account does not exist.
    NotFound,
    /// The object exists already.
    Conflict,
    /// The service does not accept the arguments.
    Validation,
    /// The service failed (5xx), or refused for a reason it does not classify.
    Service,
    /// Part of a batch was accepted, part refused.
    Partial,
    /// The answer is not what the service documents.
    Decode,
    /// The answer is larger than the configured limit.
    BodyLimit,
}

impl ErrorKind {
    /// Whether a repeat of a call that failed so may succeed.
    pub(super) const fn is_transient(self) -> bool {
        matches!(
            self,
            Self::Connect | Self::Transport | Self::Timeout | Self::Throttled
        )
    }

    /// The kind's name as machine-readable output shows it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidInput => "invalid_input",
            Self::Connect => "connect",
            Self::Transport => "transport",
            Self::Timeout => "timeout",
            Self::Throttled => "throttled",
            Self::Auth => "auth",
            Self::AccessDenied => "access_denied",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::Validation => "validation",
            Self::Service => "service",
            Self::Partial => "partial",
            Self::Decode => "decode",
            Self::BodyLimit => "body_limit",
        }
    }
}
