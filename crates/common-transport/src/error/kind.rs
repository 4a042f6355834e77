//! The kinds of failure.

/// The kind of an [`Error`](super::Error).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The call was never sent: a parameter, URL or configuration is wrong.
    InvalidInput,
    /// No connection could be made: name, route, refusal, TLS.
    Connect,
    /// The connection broke.
    Transport,
    /// A deadline passed.
    Timeout,
    /// The service reports too many requests.
    Throttled,
    /// The service rejects the key, token or signature.
    Auth,
    /// The key is valid, but lacks the permission.
    AccessDenied,
    /// The object, path or account does not exist.
    NotFound,
    /// The object exists already.
    Conflict,
    /// The service rejects the arguments.
    Validation,
    /// The service failed (5xx), or refused for a reason it does not classify.
    Service,
    /// A part of a batch was accepted, and a part refused.
    Partial,
    /// The answer differs from the service's documentation.
    Decode,
    /// The answer is larger than the configured limit.
    BodyLimit,
}

impl ErrorKind {
    /// Whether repeating a call that failed with this kind may succeed.
    pub(super) const fn is_transient(self) -> bool {
        matches!(
            self,
            Self::Connect | Self::Transport | Self::Timeout | Self::Throttled
        )
    }

    /// Returns the name of the kind for machine-readable output.
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
