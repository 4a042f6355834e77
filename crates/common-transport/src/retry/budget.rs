//! The limit on the retries that a client may add to its calls.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use crate::context::later;

/// Half of the window. Calls and retries count for one to two halves.
const HALF: Duration = Duration::from_secs(10);

/// A limit on retries: a share of the calls of the last 10 to 20 seconds, plus a reserve, so that a client with few
/// calls can retry at all.
#[derive(Debug)]
pub struct Budget {
    percent: u32,
    reserve: u32,
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    /// End of the current half.
    turns: Option<Instant>,
    now: Count,
    before: Count,
}

#[derive(Debug, Default, Clone, Copy)]
struct Count {
    calls: u32,
    repeats: u32,
}

impl Default for Budget {
    fn default() -> Self {
        Self::new(20, 10)
    }
}

impl Budget {
    /// Allows retries up to `percent` of the calls, plus `reserve`.
    pub fn new(percent: u32, reserve: u32) -> Self {
        Self {
            percent,
            reserve,
            counts: Mutex::default(),
        }
    }

    /// Counts a call.
    pub fn call(&self) {
        self.call_at(Instant::now());
    }

    /// Counts a call that begins `now`.
    #[inline]
    pub(super) fn call_at(&self, now: Instant) {
        self.with(now, |counts| counts.now.add_call());
    }

    /// Takes one retry out of the budget; `false` when none is left.
    pub fn try_repeat(&self) -> bool {
        self.with(Instant::now(), |counts| {
            let sum = |now: u32, before: u32| u128::from(now) + u128::from(before);
            let calls = sum(counts.now.calls, counts.before.calls);
            let repeats = sum(counts.now.repeats, counts.before.repeats);
            // Each factor has 33 bits at most.
            let allowed = calls * u128::from(self.percent) / 100 + u128::from(self.reserve);
            let granted = repeats < allowed;
            if granted {
                counts.now.repeats = counts.now.repeats.saturating_add(1);
            }
            granted
        })
    }

    fn with<T>(&self, now: Instant, f: impl FnOnce(&mut Counts) -> T) -> T {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.turn(now);
        f(&mut counts)
    }
}

impl Count {
    fn add_call(&mut self) {
        self.calls = self.calls.saturating_add(1);
    }
}

impl Counts {
    /// Starts a new half when the current one has ended, and drops counts that are older than the previous half.
    fn turn(&mut self, now: Instant) {
        let turns = *self.turns.get_or_insert_with(|| later(now, HALF));
        if now < turns {
            return;
        }
        let fresh = now.duration_since(turns) < HALF;
        self.before = if fresh { self.now } else { Count::default() };
        self.now = Count::default();
        self.turns = Some(later(now, HALF));
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn n91_repeats_are_a_share_of_the_calls_and_come_back_with_time() {
        let budget = Budget::new(20, 2);
        for _ in 0..100 {
            budget.call();
        }
        let granted = (0..100).filter(|_| budget.try_repeat()).count();
        assert_eq!(granted, 22);
        advance(HALF).await;
        assert!(!budget.try_repeat(), "still remembered");
        advance(HALF).await;
        let granted = (0..100).filter(|_| budget.try_repeat()).count();
        assert_eq!(granted, 2, "the reserve");
    }

    const COUNTS: [u32; 5] = [0, 1, 100, u32::MAX - 1, u32::MAX];

    /// Budgets with these calls and retries, in this half and in the previous one.
    fn seen(percent: u32, reserve: u32) -> impl Iterator<Item = (Budget, Count, Count)> {
        let counts = || {
            let pairs = COUNTS.iter().flat_map(|calls| COUNTS.map(|n| (*calls, n)));
            pairs.map(|(calls, repeats)| Count { calls, repeats })
        };
        counts().flat_map(move |before| {
            counts().map(move |now| {
                let budget = Budget::new(percent, reserve);
                let mut seen = budget.counts.lock().unwrap();
                (seen.now, seen.before) = (now, before);
                drop(seen);
                (budget, now, before)
            })
        })
    }

    // H14
    #[tokio::test(start_paused = true)]
    async fn h14_no_count_of_a_budget_wraps() {
        for (percent, reserve) in COUNTS.iter().flat_map(|a| COUNTS.map(|b| (*a, b))) {
            for (budget, now, before) in seen(percent, reserve) {
                let wide = |left: u32, right: u32| u128::from(left) + u128::from(right);
                let allowed =
                    wide(now.calls, before.calls) * u128::from(percent) / 100 + u128::from(reserve);
                let repeats = wide(now.repeats, before.repeats);
                assert_eq!(budget.try_repeat(), repeats < allowed, "{budget:?}");
                for _ in 0..3 {
                    budget.call();
                    budget.try_repeat();
                }
                let counts = budget.counts.lock().unwrap().now;
                assert!(counts.calls >= now.calls && counts.repeats >= now.repeats);
            }
        }
    }

    // H14
    #[tokio::test(start_paused = true)]
    async fn h14_no_call_of_a_budget_begins_too_late() {
        let begin = Instant::now();
        let latest = [62, 50, 30, 0].map(|power| Duration::from_secs(1 << power));
        let latest = latest
            .into_iter()
            .find_map(|after| begin.checked_add(after));
        let mut latest = latest.expect("some moment comes after now");
        // To the last second that the clock can count.
        for power in (0..62).rev() {
            latest = latest
                .checked_add(Duration::from_secs(1 << power))
                .unwrap_or(latest);
        }
        let budget = Budget::new(100, 0);
        for now in [latest, begin, latest] {
            budget.call_at(now);
        }
        assert!(budget.try_repeat());
    }
}
