//! A fault and the requests for which it happens.

use std::fmt;
use std::time::Duration;

use http::Method;

use super::kind::{Kind, ResetAt};
use super::latency::Latency;

/// A fault that happens once, for the first matching request, unless it is told otherwise.
///
/// ```
/// use shopwire_sandbox::{Fault, Latency, ResetAt};
/// use std::time::Duration;
///
/// let fault = Fault::reset(ResetAt::AfterCommit)
///     .on(http::Method::POST, "/marketplaces/v1/products/")
///     .times(2)
///     .delayed(Duration::from_millis(20));
/// assert_eq!(format!("{fault:?}"), "Fault(Reset(AfterCommit) on POST /marketplaces/v1/products/ x2)");
///
/// // One in ten calls of `orders.create` is answered with 503, and the same calls in every run.
/// let fault = Fault::unavailable().on_operation("orders.create").rate(0.1).seed(7).always();
/// assert_eq!(format!("{fault:?}"), "Fault(Unavailable on orders.create, rate 0.1 always)");
/// ```
#[derive(Clone, PartialEq)]
pub struct Fault {
    pub(crate) kind: Kind,
    pub(super) operation: Option<String>,
    pub(super) method: Option<Method>,
    pub(super) path: Option<String>,
    pub(super) event: Option<String>,
    /// `None`: always.
    pub(super) times: Option<u32>,
    pub(super) skip: u32,
    pub(super) rate: Option<f64>,
    pub(super) seed: Option<u64>,
    pub(super) delay: Duration,
    pub(super) latency: Option<Latency>,
    pub(super) retry_after: Option<Duration>,
    pub(super) location: Option<String>,
}

impl Fault {
    /// Delays the answer by a time, or by a [`Latency`] that is drawn for each request; it is otherwise normal.
    pub fn latency(by: impl Into<Latency>) -> Self {
        Self::new(Kind::Latency).slowed(by)
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

    pub(super) fn new(kind: Kind) -> Self {
        Self {
            kind,
            operation: None,
            method: None,
            path: None,
            event: None,
            times: Some(1),
            skip: 0,
            rate: None,
            seed: None,
            delay: Duration::ZERO,
            latency: None,
            retry_after: None,
            location: None,
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

    /// Restricts the fault to one operation by its id in the description: `orders.create`; for Uvygoda the name of
    /// the RPC method. A lost callback ignores the restriction.
    #[must_use]
    pub fn on_operation(mut self, id: impl Into<String>) -> Self {
        self.operation = Some(id.into());
        self
    }

    /// Restricts a lost callback to one event, such as `new_order` (see
    /// [`ServiceName::events`](crate::ServiceName::events)). Other faults ignore the restriction.
    #[must_use]
    pub fn on_event(mut self, event: impl Into<String>) -> Self {
        self.event = Some(event.into());
        self
    }

    /// Sets how many times the fault happens. Default: once.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Lets the fault happen for all matching requests, until it is removed.
    #[must_use]
    pub fn always(mut self) -> Self {
        self.times = None;
        self
    }

    /// Sets how many matching requests pass before the fault happens. Default: none.
    #[must_use]
    pub fn after(mut self, skip: u32) -> Self {
        self.skip = skip;
        self
    }

    /// Sets for which part of the matching requests the fault happens, from 0 to 1. Default: for all. The seed
    /// decides which ones they are. A rate outside of 0 to 1 counts as the nearer end.
    #[must_use]
    pub fn rate(mut self, rate: f64) -> Self {
        let rate = if rate.is_nan() {
            0.0
        } else {
            rate.clamp(0.0, 1.0)
        };
        self.rate = (rate < 1.0).then_some(rate);
        self
    }

    /// Sets the seed of rate and latency: the same seed gives the same requests the same faults. Default: a random
    /// seed, which the list of faults shows.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Adds `Retry-After` to the answer, in whole seconds, rounded up.
    #[must_use]
    pub fn retry_after(mut self, time: Duration) -> Self {
        self.retry_after = Some(time);
        self
    }

    /// Adds `Location` to the answer of [`Fault::status`].
    #[must_use]
    pub fn location(mut self, url: impl Into<String>) -> Self {
        self.location = Some(url.into());
        self
    }

    /// Adds a wait before the request is processed.
    #[must_use]
    pub fn delayed(mut self, by: Duration) -> Self {
        self.delay = by;
        self
    }

    /// Adds a latency to any kind of fault, in addition to [`delayed`](Self::delayed). It also passes before the
    /// request is processed.
    #[must_use]
    pub fn slowed(mut self, by: impl Into<Latency>) -> Self {
        self.latency = Some(by.into());
        self
    }

    /// Whether draws decide something.
    pub(super) fn draws(&self) -> bool {
        let spread = self
            .latency
            .is_some_and(|latency| latency != Latency::fixed(latency.sample(0, 0)));
        self.rate.is_some() || spread
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fault({:?}", self.kind)?;
        if let Some(operation) = &self.operation {
            write!(f, " on {operation}")?;
        }
        match (&self.method, &self.path) {
            (Some(method), Some(path)) => write!(f, " on {method} {path}")?,
            (Some(method), None) => write!(f, " on {method}")?,
            (None, Some(path)) => write!(f, " on {path}")?,
            (None, None) => {}
        }
        if let Some(event) = &self.event {
            write!(f, " on {event}")?;
        }
        if let Some(rate) = self.rate {
            write!(f, ", rate {rate}")?;
        }
        match self.times {
            Some(times) => write!(f, " x{times})"),
            None => f.write_str(" always)"),
        }
    }
}
