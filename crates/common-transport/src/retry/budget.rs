//! How many repeats a client may add to its calls.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// Calls and repeats are remembered for one to two of these.
const HALF: Duration = Duration::from_secs(10);

/// Repeats are at most a share of the calls of the last 10 to 20 seconds, plus a few so that a client
/// with little to do can repeat at all.
#[derive(Debug)]
pub struct Budget {
    percent: u32,
    reserve: u32,
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    /// When the present half ends.
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
    /// Repeats may be `percent` of the calls, plus `reserve`.
    pub fn new(percent: u32, reserve: u32) -> Self {
        Self {
            percent,
            reserve,
            counts: Mutex::default(),
        }
    }

    /// Notes a call.
    pub fn call(&self) {
        self.call_at(Instant::now());
    }

    /// Notes a call that begins `now`.
    pub(super) fn call_at(&self, now: Instant) {
        self.with(now, |counts| counts.now.calls += 1);
    }

    /// Takes one repeat out of the budget; false when nothing is left.
    pub fn try_repeat(&self) -> bool {
        self.with(Instant::now(), |counts| {
            let calls = u64::from(counts.now.calls + counts.before.calls);
            let repeats = u64::from(counts.now.repeats + counts.before.repeats);
            let allowed = calls * u64::from(self.percent) / 100 + u64::from(self.reserve);
            let granted = repeats < allowed;
            counts.now.repeats += u32::from(granted);
            granted
        })
    }

    fn with<T>(&self, now: Instant, f: impl FnOnce(&mut Counts) -> T) -> T {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.turn(now);
        f(&mut counts)
    }
}

impl Counts {
    /// Forgets what is older than two halves.
    fn turn(&mut self, now: Instant) {
        let turns = *self.turns.get_or_insert_with(|| now + HALF);
        if now < turns {
            return;
        }
        let fresh = now < turns + HALF;
        self.before = if fresh { self.now } else { Count::default() };
        self.now = Count::default();
        self.turns = Some(now + HALF);
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
}
