//! A fault and the requests for which it happens.

use std::fmt;
use std::time::Duration;

use http::{Method, Request};
use serde_json::json;

use crate::journal::{Reason, ReasonKind};

/// A fault that happens once, for the first matching request.
///
/// ```
/// use shopwire_sandbox::{Fault, ResetAt};
/// use std::time::Duration;
///
/// let fault = Fault::reset(ResetAt::AfterCommit)
///     .on(http::Method::POST, "/marketplaces/v1/products/")
///     .times(2)
///     .delayed(Duration::from_millis(20));
/// assert_eq!(format!("{fault:?}"), "Fault(Reset(AfterCommit) on POST /marketplaces/v1/products/ x2)");
/// ```
#[derive(Clone)]
pub struct Fault {
    pub(crate) kind: Kind,
    method: Option<Method>,
    path: Option<String>,
    pub(super) times: u32,
    pub(super) skip: u32,
    pub(crate) delay: Duration,
    pub(crate) retry_after: Option<Duration>,
}

/// The time of a connection reset, relative to the effect of the request.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetAt {
    /// After the request was read; it has no effect.
    BeforeCommit,
    /// While the service works: the effect lands *after* the reset.
    DuringCommit,
    /// After the effect has landed; no byte of the answer is sent.
    AfterCommit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Latency,
    Unavailable,
    Status(u16),
    Reset(ResetAt),
    Stall,
    StallInBody,
    Truncated,
    Html,
    FlippedShapes,
    TrailingCommas,
    PhpWarning,
    LostCallback,
}

impl Kind {
    /// Returns the name as text: `stall_in_body`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Latency => "latency",
            Self::Unavailable => "unavailable",
            Self::Status(_) => "status",
            Self::Reset(ResetAt::BeforeCommit) => "reset_before_commit",
            Self::Reset(ResetAt::DuringCommit) => "reset_during_commit",
            Self::Reset(ResetAt::AfterCommit) => "reset_after_commit",
            Self::Stall => "stall",
            Self::StallInBody => "stall_in_body",
            Self::Truncated => "truncated",
            Self::Html => "html",
            Self::FlippedShapes => "flipped_shapes",
            Self::TrailingCommas => "trailing_commas",
            Self::PhpWarning => "php_warning",
            Self::LostCallback => "lost_callback",
        }
    }

    /// Returns what the fault does to a request, as the end of "the fault …".
    const fn effect(self) -> &'static str {
        match self {
            Self::Latency => "delayed the answer",
            Self::Unavailable | Self::Status(_) => {
                "answered in place of the service, which did not process the request"
            }
            Self::Reset(ResetAt::BeforeCommit) => {
                "reset the connection before the service processed the request"
            }
            Self::Reset(ResetAt::DuringCommit) => {
                "reset the connection, and the service processed the request after that"
            }
            Self::Reset(ResetAt::AfterCommit) => {
                "reset the connection after the service had processed the request"
            }
            Self::Stall => "kept the answer back; the service processed the request",
            Self::StallInBody => {
                "stopped in the middle of the answer, and kept the connection open"
            }
            Self::Truncated => "closed the connection in the middle of the answer",
            Self::Html => "replaced the answer by an HTML page; the service processed the request",
            Self::FlippedShapes => "exchanged PHP's shapes in the answer",
            Self::TrailingCommas => "added commas to the JSON of the answer",
            Self::PhpWarning => "wrote a PHP warning before the JSON of the answer",
            Self::LostCallback => "dropped a callback",
        }
    }
}

impl Fault {
    /// Returns the reason that the journal shows.
    pub(crate) fn reason(&self) -> Reason {
        let (name, effect) = (self.kind.name(), self.kind.effect());
        let detail = json!({
            "fault": name,
            "delay_ms": u64::try_from(self.delay.as_millis()).unwrap_or(u64::MAX),
        });
        let message = format!("the fault {name} {effect}");
        Reason::new(ReasonKind::Fault, message).with_detail(detail)
    }

    /// Delays the answer by `by`; it is otherwise normal.
    pub fn latency(by: Duration) -> Self {
        Self::new(Kind::Latency).delayed(by)
    }

    /// Answers with the throttling page: HTTP 503 with an HTML body. The request is not processed.
    pub fn unavailable() -> Self {
        Self::new(Kind::Unavailable)
    }

    /// Answers with a bare HTTP status and an HTML body. The request is not processed.
    pub fn status(status: http::StatusCode) -> Self {
        Self::new(Kind::Status(status.as_u16()))
    }

    /// Resets the TCP connection.
    pub fn reset(at: ResetAt) -> Self {
        Self::new(Kind::Reset(at))
    }

    /// Sends nothing after the effect has landed; the connection stays open.
    pub fn stall() -> Self {
        Self::new(Kind::Stall)
    }

    /// Sends the head and half of the body, and then nothing; the connection stays open.
    pub fn stall_in_body() -> Self {
        Self::new(Kind::StallInBody)
    }

    /// Sends half of the announced body, and then closes the connection.
    pub fn truncated() -> Self {
        Self::new(Kind::Truncated)
    }

    /// Answers with an HTML page and HTTP 200 after the effect has landed.
    pub fn html() -> Self {
        Self::new(Kind::Html)
    }

    /// Exchanges the shapes of PHP in the answer: keyed maps and lists, `{}` and `[]`, `null` and `false`, ids as
    /// numbers and as text.
    pub fn flipped_shapes() -> Self {
        Self::new(Kind::FlippedShapes)
    }

    /// Adds a comma before every closing brace and bracket of the answer.
    pub fn trailing_commas() -> Self {
        Self::new(Kind::TrailingCommas)
    }

    /// Adds a byte order mark and a PHP warning before the JSON of the answer.
    pub fn php_warning() -> Self {
        Self::new(Kind::PhpWarning)
    }

    /// Drops a due callback or webhook event. Requests are not affected.
    pub fn lost_callback() -> Self {
        Self::new(Kind::LostCallback)
    }

    fn new(kind: Kind) -> Self {
        Self {
            kind,
            method: None,
            path: None,
            times: 1,
            skip: 0,
            delay: Duration::ZERO,
            retry_after: None,
        }
    }

    /// Restricts the fault to requests with this method whose path starts with `path`. Uvygoda has only one path, so
    /// there `path` is also compared with the RPC method's name. A lost callback ignores the restriction.
    #[must_use]
    pub fn on(mut self, method: Method, path: impl Into<String>) -> Self {
        self.method = Some(method);
        self.path = Some(path.into());
        self
    }

    /// Sets how many times the fault happens. Default: once.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    /// Sets how many matching requests pass before the fault happens. Default: none.
    #[must_use]
    pub fn after(mut self, skip: u32) -> Self {
        self.skip = skip;
        self
    }

    /// Adds `Retry-After` to the answer, in whole seconds, rounded up.
    #[must_use]
    pub fn retry_after(mut self, time: Duration) -> Self {
        self.retry_after = Some(time);
        self
    }

    /// Adds a wait before the request is processed.
    #[must_use]
    pub fn delayed(mut self, by: Duration) -> Self {
        self.delay = by;
        self
    }

    /// Whether the fault is waiting for this request.
    pub(super) fn matches<B>(&self, request: &Request<B>) -> bool {
        let path = request.uri().path();
        let rpc = request
            .headers()
            .get("method")
            .and_then(|value| value.to_str().ok());
        self.kind != Kind::LostCallback
            && self
                .method
                .as_ref()
                .is_none_or(|method| method == request.method())
            && self.path.as_deref().is_none_or(|start| {
                path.starts_with(start) || rpc.is_some_and(|name| name.trim() == start)
            })
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fault({:?}", self.kind)?;
        if let (Some(method), Some(path)) = (&self.method, &self.path) {
            write!(f, " on {method} {path}")?;
        }
        write!(f, " x{})", self.times)
    }
}
