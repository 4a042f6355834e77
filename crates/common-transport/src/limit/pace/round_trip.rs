//! The fastest round trip, and the usual deviation from it.

use super::Nanos;

/// Lifetime of the fastest round trip: it is forgotten after one to two of these, since lines change.
const EPOCH: Nanos = Nanos::from_secs(15);

/// The fastest recent round trip, and the usual deviation from it.
#[derive(Debug)]
pub(super) struct RoundTrip {
    /// Fastest round trip of this epoch.
    fastest: Nanos,
    /// Fastest round trip of this epoch and the previous one.
    fastest_of_two: Nanos,
    epoch_began: Nanos,
    /// Smoothed excess over the fastest, and its smoothed deviation, as in TCP (RFC 6298).
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
    /// Records a round trip.
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

    /// Returns by how much this round trip was slower than the fastest.
    pub(super) fn excess_of(&self, took: Nanos) -> Nanos {
        took - self.fastest_of_two
    }

    /// Returns the excess that the next round trip will probably stay below.
    pub(super) fn likely_excess(&self) -> Nanos {
        self.excess + self.deviation * 2
    }

    fn smooth(&mut self, excess: Nanos) {
        self.deviation = self.deviation.smoothed(excess.abs_diff(self.excess));
        self.excess = self.excess.smoothed(excess);
    }
}
