//! A reason why a request was refused, or what was odd about it.

use std::fmt;

use serde_json::{Value, json};

/// One reason why a request was refused, or one thing that is odd about an accepted request.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// The part of the request or of the sandbox that it is about.
    pub kind: ReasonKind,
    /// The path of the field: `order.items[0].quantity`; `None` when it is about the request as a whole.
    pub field: Option<String>,
    /// Describes what is wrong, without the field.
    pub message: String,
    /// More about the reason. For [`ReasonKind::Limit`]: `{"window_ms", "allowed", "requests"}`.
    pub detail: Option<Value>,
}

/// The part of the request or of the sandbox that a reason is about.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReasonKind {
    /// A field that the API's description does not allow, or that the service ignores.
    Schema,
    /// A missing or wrong key, token or login.
    Key,
    /// A scope that the key lacks.
    Scope,
    /// The rate limit.
    Limit,
    /// The signature.
    Signature,
    /// The method or path.
    Route,
    /// A fault that a test caused.
    Fault,
    /// A rule of the service: the request is well formed, and the account's data do not allow it.
    Refused,
}

impl ReasonKind {
    /// Returns the name as text: `schema`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::Key => "key",
            Self::Scope => "scope",
            Self::Limit => "limit",
            Self::Signature => "signature",
            Self::Route => "route",
            Self::Fault => "fault",
            Self::Refused => "refused",
        }
    }
}

impl fmt::Display for ReasonKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Reason {
    pub(crate) fn new(kind: ReasonKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            field: None,
            message: message.into(),
            detail: None,
        }
    }

    /// Names the field that the reason is about.
    #[must_use]
    pub(crate) fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    #[must_use]
    pub(crate) fn with_detail(mut self, detail: Value) -> Self {
        self.detail = Some(detail);
        self
    }

    /// Returns the reason as the admin API shows it.
    pub fn to_json(&self) -> Value {
        json!({
            "kind": self.kind.as_str(),
            "field": self.field,
            "message": self.message,
            "detail": self.detail,
        })
    }
}

/// `schema: order.items[0].quantity: must be integer`.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.kind)?;
        if let Some(field) = &self.field {
            write!(f, "{field}: ")?;
        }
        f.write_str(&self.message)
    }
}
