//! How long a writer waits for more commits to share one sync. Both engines gather by this rule.

use std::time::Duration;

/// The part of a commit's time that a gather may take.
const SHARE: u32 = 10;

/// The weight of the newest commit in the average is one in this many.
const WEIGHT: u32 = 8;

/// The most times in a row that the pause after a fruitless gather is doubled.
const DOUBLINGS: u32 = 5;

/// The measures of the last commits, from which the next gather follows.
///
/// When a commit ends, those who take part in it and those who wait already are all in flight. Callers that send one
/// event after another come back at once, so the writer waits until as many are there again, and at most a tenth of a
/// commit's time. Otherwise the callers fall into two halves that wait for each other's syncs.
///
/// A single sender waits for nothing. Where callers do not come back, a gather brings nothing; then more and more
/// commits begin without one.
#[derive(Debug, Default)]
pub(crate) struct Gather {
    in_flight: usize,
    commit: Duration,
    /// Number of fruitless gathers in a row.
    fruitless: u32,
    /// Number of commits that begin without a gather.
    pause: u32,
}

impl Gather {
    /// Takes note of a commit: how many jobs were in flight when it ended, and how long it took.
    pub(crate) fn note(&mut self, in_flight: usize, commit: Duration) {
        self.in_flight = in_flight;
        self.pause = self.pause.saturating_sub(1);
        self.commit = if self.commit.is_zero() {
            commit
        } else {
            (self.commit * (WEIGHT - 1) + commit) / WEIGHT
        };
    }

    /// Returns how long to wait while so many jobs are there, or `None` to begin.
    pub(crate) fn wait(&self, jobs: usize) -> Option<Duration> {
        let is_worth = self.is_short(jobs) && self.pause == 0 && !self.commit.is_zero();
        is_worth.then_some(self.commit / SHARE)
    }

    /// Whether more jobs are expected.
    pub(crate) fn is_short(&self, jobs: usize) -> bool {
        jobs < self.in_flight
    }

    /// Takes note of a gather: how many jobs were there before it and after it.
    pub(crate) fn gathered(&mut self, before: usize, after: usize) {
        let missed = self.in_flight.saturating_sub(after);
        if missed <= after - before.min(after) {
            self.fruitless = 0;
        } else {
            self.fruitless = (self.fruitless + 1).min(DOUBLINGS);
            self.pause = 1 << self.fruitless;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d2_a_single_sender_does_not_wait() {
        let mut gather = Gather::default();
        assert_eq!(gather.wait(1), None);
        gather.note(1, Duration::from_millis(4));
        assert_eq!(gather.wait(1), None);
    }

    #[test]
    fn d2_many_senders_wait_a_tenth_of_a_commit() {
        let mut gather = Gather::default();
        gather.note(8, Duration::from_millis(4));
        assert_eq!(gather.wait(3), Some(Duration::from_micros(400)));
        assert_eq!(gather.wait(8), None);
        gather.note(3, Duration::from_millis(12));
        assert_eq!(gather.wait(2), Some(Duration::from_micros(500)));
        assert_eq!(gather.wait(3), None);
    }

    #[test]
    fn d2_fruitless_gathers_grow_rare() {
        let mut gather = Gather::default();
        let mut waits = 0;
        for _ in 0..1_000 {
            gather.note(8, Duration::from_millis(4));
            if gather.wait(4).is_some() {
                waits += 1;
                gather.gathered(4, 5);
            }
        }
        assert!((20..40).contains(&waits), "{waits}");
        // One that brings most of the missing makes up for all.
        while gather.wait(4).is_none() {
            gather.note(8, Duration::from_millis(4));
        }
        gather.gathered(4, 7);
        gather.note(8, Duration::from_millis(4));
        assert!(gather.wait(4).is_some());
    }
}
