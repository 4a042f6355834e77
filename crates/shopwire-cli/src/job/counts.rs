//! Describes what the calls of a job cost, told by the client.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::Relaxed},
};
use std::time::Duration;

use common_transport::observe::{AttemptEnded, Observer, Outcome};
use http::StatusCode;

/// Counts of requests; clones share them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    requests: AtomicU64,
    throttled: AtomicU64,
    repeated: AtomicU64,
    waited: AtomicU64,
}

impl Counts {
    pub(crate) fn requests(&self) -> u64 {
        self.0.requests.load(Relaxed)
    }

    /// Number of requests that the service refused, since they came too fast.
    pub(crate) fn throttled(&self) -> u64 {
        self.0.throttled.load(Relaxed)
    }

    /// Number of requests that were sent again.
    pub(crate) fn repeated(&self) -> u64 {
        self.0.repeated.load(Relaxed)
    }

    /// Time of waiting for the limiter, of all requests.
    pub(crate) fn waited(&self) -> Duration {
        Duration::from_micros(self.0.waited.load(Relaxed))
    }
}

impl Observer for Counts {
    fn attempt_ended(&self, attempt: &AttemptEnded<'_>) {
        let too_fast = [
            StatusCode::SERVICE_UNAVAILABLE,
            StatusCode::TOO_MANY_REQUESTS,
        ];
        let throttled =
            matches!(attempt.outcome, Outcome::Answered(status) if too_fast.contains(&status));
        self.0.requests.fetch_add(1, Relaxed);
        self.0.throttled.fetch_add(u64::from(throttled), Relaxed);
        self.0
            .repeated
            .fetch_add(u64::from(attempt.repeats), Relaxed);
        let waited = u64::try_from(attempt.waited.as_micros()).unwrap_or(u64::MAX);
        self.0.waited.fetch_add(waited, Relaxed);
    }
}
