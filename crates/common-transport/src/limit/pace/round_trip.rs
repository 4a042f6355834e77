//! How fast the line is, and how much it wavers.

use super::Nanos;

/// The fastest round trip is forgotten after one to two of these: lines change.
const EPOCH: Nanos = Nanos::from_secs(15);

/// The fastest round trip of late, and the usual distance from it.
#[derive(Debug)]
pub(super) struct RoundTrip {
    /// The fastest of this epoch.
    fastest: Nanos,
    /// The fastest of this epoch and of the one before.
    fastest_of_two: Nanos,
    epoch_began: Nanos,
    /// Smoothed excess over the fastest, and its smoothed deviation, as TCP keeps them (RFC 6298).
    excess: Nanos,
    deviation: Nanos,
}

impl Default for RoundTrip {
    fn default() -> Self {
        Self {
            fastest: Nanos::MAX,
            fastest_of_two: Nanos::MAX,
            epoch_began: Nanos::ZERO,
            excess: Nanos::ZERO,
            deviation: Nanos::ZERO,
        }
    }
}

impl RoundTrip {
    /// Notes one round trip.
    pub(super) fn measured(&mut self, took: Nanos, now: Nanos) {
        if now - self.epoch_began > EPOCH {
            self.fastest_of_two = self.fastest;
            self.fastest = Nanos::MAX;
            self.epoch_began = now;
        }
        self.fastest = self.fastest.min(took);
        self.fastest_of_two = self.fastest_of_two.min(took);
        self.smooth(self.excess_of(took));
    }

    /// By how much this round trip was slower than the fastest.
    pub(super) fn excess_of(&self, took: Nanos) -> Nanos {
        took - self.fastest_of_two
    }

    /// By how much the next round trip will hardly be exceeded.
    pub(super) fn likely_excess(&self) -> Nanos {
        self.excess + self.deviation * 2
    }

    fn smooth(&mut self, excess: Nanos) {
        self.deviation = self.deviation.smoothed(excess.abs_diff(self.excess));
        self.excess = self.excess.smoothed(excess);
    }
}
