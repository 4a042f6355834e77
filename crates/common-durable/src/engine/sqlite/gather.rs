//! How long the writer waits for more commits to share one sync.

use std::time::Duration;

/// The part of a commit's time that a gather may take.
const SHARE: u32 = 10;

/// The weight of the newest commit in the average is one in this many.
const WEIGHT: u32 = 8;

/// Sizes and times of the last commits.
///
/// The writer waits until as many jobs have come as the last batch held, and at most a tenth of a commit's time. So a
/// single sender waits for nothing, and a fast disk is not slowed down.
#[derive(Debug, Default)]
pub(super) struct Gather {
    last: usize,
    commit: Duration,
}

impl Gather {
    /// Takes note of a batch.
    pub(super) fn note(&mut self, jobs: usize, commit: Duration) {
        self.last = jobs;
        self.commit = if self.commit.is_zero() {
            commit
        } else {
            (self.commit * (WEIGHT - 1) + commit) / WEIGHT
        };
    }

    /// Returns how long to wait while so many jobs are there, or `None` to begin.
    pub(super) fn wait(&self, jobs: usize) -> Option<Duration> {
        (jobs < self.last && !self.commit.is_zero()).then_some(self.commit / SHARE)
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
}
