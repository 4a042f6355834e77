//! Until when an answer is worked on.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::Relaxed},
};

use common_model::Options;

/// Says whether to stop: see [`Decoding::attach_until`](super::Decoding::attach_until).
pub type Stop = Arc<dyn Fn() -> bool + Send + Sync>;

/// What all work on one answer asks whether to go on. It remembers that it said no: whatever that work then made of
/// its half is not what the answer says.
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

    /// Whether some work was stopped.
    pub(super) fn has_stopped(&self) -> bool {
        self.has_stopped.load(Relaxed)
    }

    /// Does something with settings that ask this clock.
    pub(crate) fn within<T>(
        &self,
        options: Options<'_>,
        work: impl FnOnce(&Options<'_>) -> T,
    ) -> T {
        let stop = || self.says_stop();
        work(&options.stop(&stop))
    }
}
