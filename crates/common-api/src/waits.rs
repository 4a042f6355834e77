//! The waits between two tries of the same thing.

use std::time::Duration;

/// The shortest wait. Nobody gains by asking a service more often; and a wait of nothing would keep whoever tests with
/// a paused clock from ever coming to an end.
pub const LEAST_WAIT: Duration = Duration::from_millis(10);

/// Waits of which each is twice as long as the one before, up to a longest one. None is shorter than
/// [`LEAST_WAIT`], whatever was asked for.
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
    /// Begins with `first`, or with `longest` where that is shorter.
    #[must_use]
    pub fn new(first: Duration, longest: Duration) -> Self {
        let longest = longest.max(LEAST_WAIT);
        Self {
            next: first.clamp(LEAST_WAIT, longest),
            longest,
        }
    }

    /// The next wait.
    pub fn take(&mut self) -> Duration {
        let wait = self.next;
        self.next = wait.saturating_mul(2).min(self.longest);
        wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What people set who set waits.
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
