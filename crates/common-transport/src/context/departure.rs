//! Reports to the limiter when the request of the running attempt leaves.

use std::sync::{Mutex, MutexGuard, PoisonError, atomic::Ordering::Relaxed};

use super::{Context, HELD, LET_THROUGH, SENT};
use crate::limit::{PermitOutcome, Reporter};

/// The reporter to the limiter of the running attempt, if the limiter counts it.
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
    /// Records that a limiter has let a request through. A limiter that counts requests gets its news by `reporter`;
    /// the transport and the layers report to it.
    #[inline(always)]
    pub(crate) fn let_through(&self, reporter: Option<&Reporter>) {
        // With two limiters, of which only one counts requests, the reporter of that one stays.
        if reporter.is_some() || !self.is_let_through() {
            *self.shared.departure.lock() = reporter.cloned();
        }
        self.shared.marks.fetch_or(SENT | LET_THROUGH, Relaxed);
    }

    fn is_let_through(&self) -> bool {
        self.shared.marks.load(Relaxed) & LET_THROUGH != 0
    }

    /// Tells the limiter that the request is held by a layer or transport that will mark it as sent.
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

    /// Tells the limiter that the request is held by a body that itself reports when it leaves. Returns the reporter
    /// for the body.
    #[cfg(feature = "client-core")]
    pub(super) fn tell_held_by_body(&self) -> Option<Reporter> {
        if !self.is_let_through() {
            return None;
        }
        let reporter = self.shared.departure.reporter()?;
        // An outer layer may have held it before.
        if !self.take_held() {
            reporter.held();
        }
        Some(reporter)
    }

    /// The outcome to report to the limiter for an attempt of this permit that ended without a response.
    pub(crate) fn end_permit(&self, own: &Reporter) -> PermitOutcome {
        let running = self.shared.departure.lock().take();
        if running.is_some_and(|running| running.is(own)) && self.take_held() {
            PermitOutcome::Unsent
        } else {
            PermitOutcome::Lost
        }
    }

    /// Clears the flag `HELD`, and returns whether it was set.
    fn take_held(&self) -> bool {
        self.shared.marks.fetch_and(!HELD, Relaxed) & HELD != 0
    }
}
