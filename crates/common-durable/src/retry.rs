//! When failed work is delivered again.

use std::time::Duration;

use crate::Timestamp;

/// When failed work becomes due again. Its key waits until then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Retry {
    /// After a pause that doubles with each claim.
    Backoff(Backoff),
    /// After a pause.
    After(Duration),
    /// At a wall time.
    At(Timestamp),
}

impl Default for Retry {
    fn default() -> Self {
        Self::Backoff(Backoff::default())
    }
}

impl Retry {
    /// Returns the pause before the next delivery.
    ///
    /// `claims` is the number of claims so far, `now` the wall time, and `chance` a random number that spreads retries
    /// of work that failed together.
    pub fn pause(&self, claims: u32, now: Timestamp, chance: u32) -> Duration {
        match *self {
            Self::Backoff(backoff) => backoff.pause(claims, chance),
            Self::After(pause) => pause,
            Self::At(time) => time.since(now),
        }
    }
}

/// Pauses that double from claim to claim. A paused event holds its whole key, so the pauses have a maximum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Backoff {
    /// Pause after the first claim.
    pub first: Duration,
    /// The longest pause.
    pub most: Duration,
}

impl Backoff {
    /// Makes a backoff of a first and a longest pause.
    pub const fn new(first: Duration, most: Duration) -> Self {
        Self { first, most }
    }

    /// Returns the pause after so many claims, shortened by up to a quarter by `chance`.
    pub fn pause(&self, claims: u32, chance: u32) -> Duration {
        let doublings = claims.saturating_sub(1).min(31);
        let full = self.first.saturating_mul(1 << doublings).min(self.most);
        full.mul_f64(1.0 - 0.25 * f64::from(chance) / f64::from(u32::MAX))
    }
}

impl Default for Backoff {
    /// From one second to five minutes.
    fn default() -> Self {
        Self::new(Duration::from_secs(1), Duration::from_secs(300))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d4_backoff_doubles_to_its_maximum() {
        let backoff = Backoff::default();
        let seconds: Vec<_> = [1, 2, 3, 9, 10, u32::MAX]
            .map(|claims| backoff.pause(claims, 0).as_secs())
            .to_vec();
        assert_eq!(seconds, [1, 2, 4, 256, 300, 300]);
        assert_eq!(backoff.pause(0, 0), Duration::from_secs(1));
        assert_eq!(backoff.pause(10, u32::MAX), Duration::from_secs(225));
    }

    #[test]
    fn d4_a_retry_at_a_time_that_has_passed_is_due_at_once() {
        let now = Timestamp::from_millis(5_000);
        let pause = |time| Retry::At(Timestamp::from_millis(time)).pause(1, now, 0);
        assert_eq!(pause(4_000), Duration::ZERO);
        assert_eq!(pause(7_000), Duration::from_secs(2));
    }
}
