//! Growing waits between attempts.

use std::time::Duration;

/// Shortest wait. Asking a service more often gains nothing, and a wait of zero would make tests with a paused clock
/// loop forever.
pub const LEAST_WAIT: Duration = Duration::from_millis(10);

/// Waits that double up to a longest one. A wait is never shorter than [`LEAST_WAIT`], even if a shorter one is
/// configured.
///
/// ```
/// use std::time::Duration;
/// use common_api::Waits;
///
/// let seconds = Duration::from_secs;
/// let mut waits = Waits::new(seconds(1), seconds(3));
/// assert_eq!([waits.take(), waits.take(), waits.take()], [seconds(1), seconds(2), seconds(3)]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waits {
    next: Duration,
    longest: Duration,
}

impl Waits {
    /// Builds waits that begin with `first`, or with `longest` if that is shorter.
    #[must_use]
    pub fn new(first: Duration, longest: Duration) -> Self {
        let longest = longest.max(LEAST_WAIT);
        Self {
            next: first.clamp(LEAST_WAIT, longest),
            longest,
        }
    }

    /// Returns the next wait.
    pub fn take(&mut self) -> Duration {
        let wait = self.next;
        self.next = wait.saturating_mul(2).min(self.longest);
        wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Waits at the extremes of what can be configured.
    const EXTREMES: [Duration; 8] = [
        Duration::ZERO,
        Duration::from_nanos(1),
        Duration::from_nanos(999_999),
        Duration::from_millis(1),
        Duration::from_secs(1),
        Duration::from_secs(u32::MAX as u64),
        Duration::from_secs(u64::MAX),
        Duration::MAX,
    ];

    // H14
    #[test]
    fn h14_waits_at_their_extremes_grow_from_the_least_to_the_longest() {
        for (first, longest) in EXTREMES.iter().flat_map(|a| EXTREMES.map(|b| (*a, b))) {
            let mut waits = Waits::new(first, longest);
            let taken: Vec<_> = (0..200).map(|_| waits.take()).collect();
            assert!(taken.is_sorted(), "{first:?} {longest:?}");
            assert!(taken[0] >= LEAST_WAIT && taken[0] >= first.min(longest));
            assert_eq!(taken[199], longest.max(LEAST_WAIT), "{first:?}");
        }
    }
}
