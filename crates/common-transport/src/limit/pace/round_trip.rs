//! How fast the line is, and how much it wavers.

use std::time::Duration;

/// The fastest round trip is forgotten after one to two of these: lines change.
const EPOCH: Duration = Duration::from_secs(15);

/// The largest excess that can be smoothed.
const MOST: u64 = u64::MAX / 8;

/// The fastest round trip of late, and the usual distance from it.
#[derive(Debug, Default)]
pub(super) struct RoundTrip {
    /// The fastest of this epoch and of the one before.
    fastest: [Option<Duration>; 2],
    epoch_began: Duration,
    /// Smoothed excess over the fastest, and its smoothed deviation, as TCP keeps them (RFC 6298). In
    /// nanoseconds: dividing a `Duration` costs more than all the rest.
    excess: u64,
    deviation: u64,
}

impl RoundTrip {
    /// Notes one round trip.
    pub(super) fn measured(&mut self, took: Duration, now: Duration) {
        if now.saturating_sub(self.epoch_began) > EPOCH {
            self.fastest = [None, self.fastest[0]];
            self.epoch_began = now;
        }
        self.fastest[0] = Some(self.fastest[0].map_or(took, |fastest| fastest.min(took)));
        self.smooth(self.excess_of(took));
    }

    /// By how much this round trip was slower than the fastest.
    pub(super) fn excess_of(&self, took: Duration) -> Duration {
        let fastest = self.fastest.into_iter().flatten().min();
        took.saturating_sub(fastest.unwrap_or(took))
    }

    /// By how much the next round trip will hardly be exceeded.
    pub(super) fn likely_excess(&self) -> Duration {
        Duration::from_nanos(self.excess.saturating_add(self.deviation.saturating_mul(2)))
    }

    fn smooth(&mut self, excess: Duration) {
        // An answer that took centuries counts as one that took years.
        let excess = u64::try_from(excess.as_nanos()).map_or(MOST, |excess| excess.min(MOST));
        let off = excess.abs_diff(self.excess);
        self.deviation = (self.deviation * 7 + off) / 8;
        self.excess = (self.excess * 7 + excess) / 8;
    }
}
