//! The position of a clock, and sums of times.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

/// The position of the clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hand {
    /// The time at the anchor.
    pub(super) time: Timestamp,
    /// The moment of the runtime from which a running clock counts; `None` when it is frozen.
    pub(super) anchor: Option<Instant>,
}

impl Hand {
    pub(super) fn new(time: Timestamp, is_frozen: bool) -> Self {
        Self {
            time,
            anchor: (!is_frozen).then(Instant::now),
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        match self.anchor {
            Some(anchor) => later(self.time, anchor.elapsed()),
            None => self.time,
        }
    }

    /// Goes forward to a time, and never back.
    pub(super) fn jump(&mut self, to: Timestamp) {
        if to > self.now() {
            self.time = to;
            self.anchor = self.anchor.map(|_| Instant::now());
        }
    }
}

/// Writes a time in RFC 3339 with milliseconds.
#[cfg(any(test, feature = "admin"))]
pub(crate) fn rfc3339(time: Timestamp) -> String {
    format!("{time:.3}")
}

/// Adds a duration to a time; ends at the last time that there is.
pub(crate) fn later(time: Timestamp, by: Duration) -> Timestamp {
    time.checked_add(by).unwrap_or(Timestamp::MAX)
}
