//! One fault: what goes wrong, and for which request.

use std::fmt;
use std::time::Duration;

use http::{Method, Request};

/// One thing that goes wrong, once, for the first request it matches.
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

/// Where a connection is reset, seen from the effect of the request.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetAt {
    /// The request was read; nothing came of it.
    BeforeCommit,
    /// The connection goes down while the service works: the effect lands *after* the reset.
    DuringCommit,
    /// The effect has landed; no byte of the answer is sent.
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

impl Fault {
    /// The answer is late by `by`, and otherwise as it should be.
    pub fn latency(by: Duration) -> Self {
        Self::new(Kind::Latency).delayed(by)
    }

    /// The throttling page: HTTP 503 with an HTML body; the request is not processed.
    pub fn unavailable() -> Self {
        Self::new(Kind::Unavailable)
    }

    /// A bare HTTP status with an HTML body; the request is not processed.
    pub fn status(status: http::StatusCode) -> Self {
        Self::new(Kind::Status(status.as_u16()))
    }

    /// A TCP reset.
    pub fn reset(at: ResetAt) -> Self {
        Self::new(Kind::Reset(at))
    }

    /// The effect lands, then no byte is ever sent; the connection stays open.
    pub fn stall() -> Self {
        Self::new(Kind::Stall)
    }

    /// Head and half of the body are sent, then nothing; the connection stays open.
    pub fn stall_in_body() -> Self {
        Self::new(Kind::StallInBody)
    }

    /// Half of the announced body is sent, then the connection is closed.
    pub fn truncated() -> Self {
        Self::new(Kind::Truncated)
    }

    /// The effect lands, and the answer is an HTML page with HTTP 200.
    pub fn html() -> Self {
        Self::new(Kind::Html)
    }

    /// PHP shapes are turned round in the answer: keyed maps and lists, `{}` and `[]`, `null` and
    /// `false`, ids as numbers and as text.
    pub fn flipped_shapes() -> Self {
        Self::new(Kind::FlippedShapes)
    }

    /// A comma stands before every closing brace and bracket of the answer.
    pub fn trailing_commas() -> Self {
        Self::new(Kind::TrailingCommas)
    }

    /// A byte order mark and a PHP warning stand before the JSON of the answer.
    pub fn php_warning() -> Self {
        Self::new(Kind::PhpWarning)
    }

    /// A callback or webhook event that was due is never sent. Requests are left alone.
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

    /// Only requests with this method whose path starts with `path`. For Uvygoda, whose path never
    /// varies, `path` is compared with the RPC method's name too. Lost callbacks match anything.
    #[must_use]
    pub fn on(mut self, method: Method, path: impl Into<String>) -> Self {
        self.method = Some(method);
        self.path = Some(path.into());
        self
    }

    /// Happens this many times instead of once.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    /// Lets this many matching requests through first.
    #[must_use]
    pub fn after(mut self, skip: u32) -> Self {
        self.skip = skip;
        self
    }

    /// The answer says when to come again (`Retry-After`, whole seconds, rounded up).
    #[must_use]
    pub fn retry_after(mut self, time: Duration) -> Self {
        self.retry_after = Some(time);
        self
    }

    /// Waits before the request is worked on.
    #[must_use]
    pub fn delayed(mut self, by: Duration) -> Self {
        self.delay = by;
        self
    }

    /// Whether this is the request that it waits for.
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
