//! Telling the limiter when the request of the running attempt leaves.

#[cfg(feature = "client-core")]
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::limit::{Outcome, Permit, Reporter};

/// The permit of the running attempt, as far as a transport has to know of it.
#[derive(Default)]
pub(super) struct Departure(Mutex<Option<Running>>);

struct Running {
    reporter: Reporter,
    /// Whether the limiter was told, by [`Context::mark_unsent`](super::Context::mark_unsent), that the request is
    /// held, and not yet that it leaves.
    is_held: bool,
}

impl Departure {
    /// An attempt begins under this permit.
    pub(super) fn begin(&self, permit: &Permit) {
        let running = permit.reporter().map(|reporter| Running {
            reporter: reporter.clone(),
            is_held: false,
        });
        *self.lock() = running;
    }

    /// The request is held by somebody who will mark it as sent.
    pub(super) fn hold(&self) {
        if let Some(reporter) = self.turn(true) {
            reporter.held();
        }
    }

    /// The request that was held leaves.
    pub(super) fn send(&self) {
        if let Some(reporter) = self.turn(false) {
            reporter.sent();
        }
    }

    /// Whom to tell that it is held or is not, if that is news. Wakers are called outside of the lock.
    fn turn(&self, is_held: bool) -> Option<Reporter> {
        let mut running = self.lock();
        let running = running.as_mut()?;
        if running.is_held == is_held {
            return None;
        }
        running.is_held = is_held;
        Some(running.reporter.clone())
    }

    /// The request is held by a body that knows itself when it leaves, and tells this one.
    #[cfg(feature = "client-core")]
    pub(super) fn hand_over(&self) -> Option<Reporter> {
        let mut running = self.lock();
        let running = running.as_mut()?;
        let reporter = running.reporter.clone();
        let is_known = mem::take(&mut running.is_held);
        if !is_known {
            reporter.held();
        }
        Some(reporter)
    }

    /// What the limiter is to hear of an attempt that has ended without an answer.
    pub(super) fn end(&self, permit: &Permit) -> Outcome {
        let mut running = self.lock();
        let is_same = |running: &mut Running| {
            let own = permit.reporter();
            own.is_some_and(|own| running.reporter.is(own))
        };
        match running.take_if(is_same) {
            Some(Running { is_held: true, .. }) => Outcome::Unsent,
            _ => Outcome::Lost,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Running>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
