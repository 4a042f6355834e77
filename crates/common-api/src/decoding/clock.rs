//! The stop check for the work on an answer.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::Relaxed},
};

use common_model::Options;

/// A stop check, see [`Decoding::attach_until`](super::Decoding::attach_until).
pub type Stop = Arc<dyn Fn() -> bool + Send + Sync>;

/// The stop check for all work on one answer. It remembers that it returned true: results of work that was stopped
/// halfway must not count.
#[derive(Default)]
pub(crate) struct Clock {
    stops: Vec<Stop>,
    has_stopped: AtomicBool,
}

impl Clock {
    pub(super) fn new(stops: impl IntoIterator<Item = Stop>) -> Self {
        Self {
            stops: stops.into_iter().collect(),
            has_stopped: AtomicBool::new(false),
        }
    }

    /// Whether to stop now.
    pub(crate) fn says_stop(&self) -> bool {
        let stops = self.stops.iter().any(|stop| stop());
        if stops {
            self.has_stopped.store(true, Relaxed);
        }
        stops
    }

    /// Whether any work was stopped.
    pub(super) fn has_stopped(&self) -> bool {
        self.has_stopped.load(Relaxed)
    }

    /// Runs work with settings that call this stop check.
    pub(crate) fn within<T>(
        &self,
        options: Options<'_>,
        work: impl FnOnce(&Options<'_>) -> T,
    ) -> T {
        let stop = || self.says_stop();
        work(&options.stop(&stop))
    }
}
