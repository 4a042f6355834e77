//! Numbers of deliveries that were accepted and rejected.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::Reason;

/// The counts of a receiver and its clones since it was built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Deliveries that were accepted: stored, or handled completely.
    pub taken: u64,
    /// Deliveries that are being read or stored now.
    pub in_flight: usize,
    rejected: [u64; Reason::ALL.len()],
}

impl Counts {
    /// Returns the number of deliveries that were rejected, for any reason.
    #[must_use]
    pub fn rejected(&self) -> u64 {
        self.rejected.iter().sum()
    }

    /// Returns the number of deliveries that were rejected for this reason.
    #[must_use]
    pub fn rejected_for(&self, reason: Reason) -> u64 {
        self.rejected[reason as usize]
    }

    /// Returns the numbers of rejected deliveries by reason, zeros too.
    pub fn reasons(&self) -> impl Iterator<Item = (Reason, u64)> {
        Reason::ALL.into_iter().zip(self.rejected)
    }
}

#[derive(Debug, Default)]
pub(super) struct Counters {
    taken: AtomicU64,
    rejected: [AtomicU64; Reason::ALL.len()],
}

impl Counters {
    pub(super) fn took(&self) {
        self.taken.fetch_add(1, Relaxed);
    }

    pub(super) fn rejected(&self, reason: Reason) {
        self.rejected[reason as usize].fetch_add(1, Relaxed);
    }

    pub(super) fn counts(&self, in_flight: usize) -> Counts {
        Counts {
            taken: self.taken.load(Relaxed),
            in_flight,
            rejected: self.rejected.each_ref().map(|count| count.load(Relaxed)),
        }
    }
}
