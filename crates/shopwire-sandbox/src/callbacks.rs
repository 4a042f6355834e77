//! Counters of what the sandbox has posted on its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many callbacks or webhook events were posted. Clones share the counters.
#[derive(Clone, Debug, Default)]
pub struct Callbacks {
    counters: Arc<[AtomicUsize; 3]>,
}

impl Callbacks {
    /// Posted, and answered with 2xx.
    pub fn delivered_count(&self) -> usize {
        self.counters[0].load(Ordering::Relaxed)
    }

    /// Posted or tried, and not answered with 2xx. They are not repeated.
    pub fn failed_count(&self) -> usize {
        self.counters[1].load(Ordering::Relaxed)
    }

    /// Swallowed by a fault.
    pub fn lost_count(&self) -> usize {
        self.counters[2].load(Ordering::Relaxed)
    }

    pub(crate) fn delivered(&self) {
        self.counters[0].fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn failed(&self) {
        self.counters[1].fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn lost(&self) {
        self.counters[2].fetch_add(1, Ordering::Relaxed);
    }
}
