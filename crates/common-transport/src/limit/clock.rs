//! The clock of one queue.

use std::time::Duration;

use tokio::time::Instant;

use super::nanos::Nanos;
use crate::context::later;

/// A clock goes back by at most this much.
const SLACK: Nanos = Nanos::from_millis(5);

/// A clock that counts from the beginning of one queue.
///
/// A queue may outlive the clock with which it began. In tests each runtime may have its own paused clock, and
/// process-wide limits see all of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    origin: Instant,
    latest: Nanos,
}

impl Clock {
    pub(super) fn new(instant: Instant) -> Self {
        Self {
            origin: instant,
            latest: Nanos::ZERO,
        }
    }

    /// Returns the time at `instant`, which is now. Returns `None` if it belongs to another clock that is behind.
    #[inline]
    pub(super) fn now(&mut self, instant: Instant) -> Option<Nanos> {
        let now = Nanos::from(instant.checked_duration_since(self.origin)?);
        if now + SLACK < self.latest {
            return None;
        }
        self.latest = self.latest.max(now);
        Some(self.latest)
    }

    /// Begins anew at `instant`.
    pub(super) fn restart(&mut self, instant: Instant) -> Nanos {
        *self = Self::new(instant);
        self.latest
    }

    pub(super) fn moment(&self, instant: Instant) -> Nanos {
        instant.saturating_duration_since(self.origin).into()
    }

    pub(super) fn instant(&self, moment: Nanos) -> Instant {
        later(self.origin, Duration::from(moment))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    // F23
    #[test]
    fn f23_a_clock_that_goes_back_is_another_one() {
        let begin = Instant::now();
        let mut clock = Clock::new(begin + SECOND);
        assert_eq!(clock.now(begin), None, "before it began");
        assert_eq!(clock.now(begin + SECOND * 61), Some(Nanos::from_secs(60)));
        let a_little = Duration::from_millis(1);
        let slack = clock.now(begin + SECOND * 61 - a_little);
        assert_eq!(slack, Some(Nanos::from_secs(60)), "it stands still");
        assert_eq!(clock.now(begin + SECOND * 60), None);
        assert_eq!(clock.restart(begin), Nanos::ZERO);
        assert_eq!(clock.now(begin + SECOND), Some(Nanos::from_secs(1)));
        assert_eq!(clock.instant(Nanos::from_secs(1)), begin + SECOND);
    }

    #[test]
    fn h14_no_moment_is_too_far_away() {
        let mut clock = Clock::new(Instant::now());
        for moment in [Nanos::ZERO, Nanos::MAX] {
            let instant = clock.instant(moment);
            assert!(clock.moment(instant) <= moment);
            assert!(clock.now(instant).is_some());
        }
    }
}
