//! Events of calls and attempts, for metrics. The feature `metrics` has an observer that records them.

#[cfg(feature = "metrics")]
mod metrics;

use std::time::Duration;

use http::{
    StatusCode, Uri,
    uri::{Authority, Scheme},
};

#[cfg(feature = "metrics")]
#[cfg_attr(docsrs, doc(cfg(feature = "metrics")))]
pub use self::metrics::Metrics;

use crate::{ErrorKind, Metadata};

/// An observer of attempts and calls. Its methods run within the call, so they should be fast.
///
/// Give it to [`TraceLayer::observer`](crate::trace::TraceLayer::observer), or to the client's builder.
///
/// ```
/// use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
/// use common_transport::observe::{CallEnded, Observer, Outcome};
///
/// /// Counts calls that failed.
/// #[derive(Default)]
/// struct Failures(AtomicU32);
///
/// impl Observer for Failures {
///     fn call_ended(&self, call: &CallEnded) {
///         if let Outcome::Failed(kind) = call.outcome {
///             println!("{} failed: {}", call.operation.map_or("?", |o| o.name), kind.as_str());
///             self.0.fetch_add(1, Relaxed);
///         }
///     }
/// }
/// ```
pub trait Observer: Send + Sync {
    /// An attempt has ended. For an attempt that the call's deadline cuts off, only `call_ended` is called.
    fn attempt_ended(&self, attempt: &AttemptEnded<'_>) {
        let _ = attempt;
    }

    /// A call has ended, or was dropped by its caller.
    fn call_ended(&self, call: &CallEnded<'_>) {
        let _ = call;
    }
}

/// The end of an attempt.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct AttemptEnded<'c> {
    /// The operation, if known.
    pub operation: Option<&'static Metadata>,
    /// Host and port of the request, if known.
    pub server: Option<Server<'c>>,
    /// Number of the attempt, from 1.
    pub number: u32,
    /// Time from the start of the wait for a permit to the last byte of the response.
    pub took: Duration,
    /// Time of waiting for the rate limiter, as a part of `took`.
    pub waited: Duration,
    /// The outcome of the attempt.
    pub outcome: Outcome,
    /// Whether another attempt follows.
    pub repeats: bool,
}

/// The end of a call.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct CallEnded<'c> {
    /// The operation, if known.
    pub operation: Option<&'static Metadata>,
    /// Host and port of the request, if known.
    pub server: Option<Server<'c>>,
    /// Number of attempts that were begun.
    pub attempts: u32,
    /// Time of the whole call.
    pub took: Duration,
    /// Time of waiting for the rate limiter, as a part of `took`.
    pub waited: Duration,
    /// The outcome of the call.
    pub outcome: Outcome,
    /// Whether the service may have processed the call although no success was received.
    pub may_have_landed: bool,
}

/// The outcome of an attempt or a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// A response with this status, success or failure.
    Answered(StatusCode),
    /// No response.
    Failed(ErrorKind),
    /// The caller dropped it.
    Dropped,
}

impl Outcome {
    /// OpenTelemetry's `error.type` of this outcome: a status of 400 or more, the kind of a failure, or `cancelled` for
    /// a dropped call or attempt. `None` when it is not an error.
    pub fn error_type(&self) -> Option<&str> {
        match self {
            Self::Answered(status) if status.is_client_error() || status.is_server_error() => {
                Some(status.as_str())
            }
            Self::Answered(_) => None,
            Self::Failed(kind) => Some(kind.as_str()),
            Self::Dropped => Some("cancelled"),
        }
    }
}

/// Host and port of a request, with the names of OpenTelemetry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Server<'a> {
    /// `server.address`: a host name or an IP address, without brackets.
    pub address: &'a str,
    /// `server.port`; set for the default port of a scheme, too.
    pub port: Option<u16>,
}

impl<'a> Server<'a> {
    pub(crate) fn of(uri: &'a Uri) -> Option<Self> {
        let authority = uri.authority()?;
        Some(Self::new(authority, uri.port_u16().or(default_port(uri))))
    }

    pub(crate) fn new(authority: &'a Authority, port: Option<u16>) -> Self {
        let host = authority.host();
        let bare = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'));
        Self {
            address: bare.unwrap_or(host),
            port,
        }
    }
}

fn default_port(uri: &Uri) -> Option<u16> {
    let scheme = uri.scheme()?;
    if *scheme == Scheme::HTTPS {
        Some(443)
    } else {
        (*scheme == Scheme::HTTP).then_some(80)
    }
}
