//! Events for metrics, independent of telemetry crates.

use std::time::Duration;

use http::StatusCode;

use crate::{ErrorKind, Metadata};

/// An observer of attempts and calls. Its methods run within the call, so they should be fast.
///
/// Give it to [`TraceLayer::observe`](crate::trace::TraceLayer::observe), or to the client's builder.
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
    /// Called at the end of an attempt. An attempt that the call's deadline cuts off is reported only as the end of
    /// the call.
    fn attempt_ended(&self, attempt: &AttemptEnded) {
        let _ = attempt;
    }

    /// Called at the end of a call, also when its caller dropped it.
    fn call_ended(&self, call: &CallEnded) {
        let _ = call;
    }
}

/// The end of an attempt.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct AttemptEnded {
    /// The operation, if known.
    pub operation: Option<&'static Metadata>,
    /// Number of the attempt, from 1.
    pub number: u32,
    /// Time from the wait for a permit to the last byte of the answer.
    pub took: Duration,
    /// The outcome of the attempt.
    pub outcome: Outcome,
    /// Whether another attempt follows.
    pub repeats: bool,
}

/// The end of a call.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct CallEnded {
    /// The operation, if known.
    pub operation: Option<&'static Metadata>,
    /// Number of attempts that were begun.
    pub attempts: u32,
    /// Time of the whole call.
    pub took: Duration,
    /// Time of waiting for the rate limit, as a part of `took`.
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
    /// An answer with this status, success or failure.
    Answered(StatusCode),
    /// No answer.
    Failed(ErrorKind),
    /// The caller dropped it.
    Dropped,
}
