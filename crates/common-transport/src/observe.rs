//! What can be counted: events for metrics, without a telemetry crate.

use std::time::Duration;

use http::StatusCode;

use crate::{ErrorKind, Metadata};

/// Hears of every attempt and every call. Methods are called on the path of the call: they should be quick.
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
    /// An attempt has ended. One that the call's deadline cuts off is told by the end of the call alone.
    fn attempt_ended(&self, attempt: &AttemptEnded) {
        let _ = attempt;
    }

    /// A call has ended, or was dropped by its caller.
    fn call_ended(&self, call: &CallEnded) {
        let _ = call;
    }
}

/// The end of an attempt.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct AttemptEnded {
    /// The operation, where it is known.
    pub operation: Option<&'static Metadata>,
    /// 1 for the first.
    pub number: u32,
    /// From the wait for a permit to the last byte of the answer.
    pub took: Duration,
    /// How it ended.
    pub outcome: Outcome,
    /// Whether another attempt follows.
    pub repeats: bool,
}

/// The end of a call.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct CallEnded {
    /// The operation, where it is known.
    pub operation: Option<&'static Metadata>,
    /// How many attempts were begun.
    pub attempts: u32,
    /// All of it.
    pub took: Duration,
    /// The part that went into waiting for the rate limit.
    pub waited: Duration,
    /// How it ended.
    pub outcome: Outcome,
    /// Whether the service may have processed it although it was not answered with a success.
    pub may_have_landed: bool,
}

/// How an attempt or a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// With an answer of this status, good or bad.
    Answered(StatusCode),
    /// Without an answer.
    Failed(ErrorKind),
    /// The caller dropped it.
    Dropped,
}
