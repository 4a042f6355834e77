//! Counters of callbacks and webhook events that the sandbox has posted.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Numbers of callbacks or webhook events that were posted. Clones share the counters.
#[derive(Clone, Debug, Default)]
pub struct Callbacks {
    counters: Arc<[AtomicUsize; 3]>,
}

impl Callbacks {
    /// Returns how many were posted and answered with 2xx.
    pub fn delivered_count(&self) -> usize {
        self.counters[0].load(Ordering::Relaxed)
    }

    /// Returns how many were tried, but not answered with 2xx. They are not repeated.
    pub fn failed_count(&self) -> usize {
        self.counters[1].load(Ordering::Relaxed)
    }

    /// Returns how many were dropped by a fault.
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
