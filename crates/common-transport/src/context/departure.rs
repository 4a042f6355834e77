//! Telling the limiter when the request of the running attempt leaves.

use std::sync::{Mutex, MutexGuard, PoisonError, atomic::Ordering::Relaxed};

use super::{Context, HELD, LET_THROUGH, SENT};
use crate::limit::{PermitOutcome, Reporter};

/// Who tells the limiter of the running attempt, where one counts it.
#[derive(Default)]
pub(super) struct Departure(Mutex<Option<Reporter>>);

impl Departure {
    fn lock(&self) -> MutexGuard<'_, Option<Reporter>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reporter(&self) -> Option<Reporter> {
        self.lock().clone()
    }
}

impl Context {
    /// A limiter lets a request pass, and hears by `reporter`, where it counts. What becomes of it others must tell.
    #[inline(always)]
    pub(crate) fn let_through(&self, reporter: Option<&Reporter>) {
        // Of two limiters, one of which does not count, the other one hears.
        if reporter.is_some() || !self.is_let_through() {
            *self.shared.departure.lock() = reporter.cloned();
        }
        self.shared.marks.fetch_or(SENT | LET_THROUGH, Relaxed);
    }

    fn is_let_through(&self) -> bool {
        self.shared.marks.load(Relaxed) & LET_THROUGH != 0
    }

    /// Tells the limiter that the request is held by somebody who will mark it as sent.
    pub(super) fn tell_held(&self) {
        if let Some(reporter) = self.shared.departure.reporter()
            && self.shared.marks.fetch_or(HELD, Relaxed) & HELD == 0
        {
            reporter.held();
        }
    }

    /// Tells the limiter that the request leaves, if it was told that it is held.
    pub(super) fn tell_sent(&self) {
        if self.take_held()
            && let Some(reporter) = self.shared.departure.reporter()
        {
            reporter.sent();
        }
    }

    /// Tells the limiter that the request is held by a body that knows itself when it leaves; gives whom it tells.
    #[cfg(feature = "client-core")]
    pub(super) fn tell_held_by_body(&self) -> Option<Reporter> {
        if !self.is_let_through() {
            return None;
        }
        let reporter = self.shared.departure.reporter()?;
        // Somebody outside may have held it before.
        if !self.take_held() {
            reporter.held();
        }
        Some(reporter)
    }

    /// What the limiter is to hear of an attempt of this permit that has ended without an answer.
    pub(crate) fn end_permit(&self, own: &Reporter) -> PermitOutcome {
        let running = self.shared.departure.lock().take();
        if running.is_some_and(|running| running.is(own)) && self.take_held() {
            PermitOutcome::Unsent
        } else {
            PermitOutcome::Lost
        }
    }

    /// Whether it was held by marks until now.
    fn take_held(&self) -> bool {
        self.shared.marks.fetch_and(!HELD, Relaxed) & HELD != 0
    }
}
