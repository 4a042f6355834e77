//! The retry policy: number of attempts, waits and budget.

use std::{
    fmt,
    hash::{BuildHasher, RandomState},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use super::Budget;

/// The policy for retries: number of attempts, waits and budget. Clones share the budget and the randomness.
///
/// ```
/// use std::time::Duration;
/// use common_transport::RetryPolicy;
///
/// let policy = RetryPolicy::new().max_attempts(3).waits(Duration::from_millis(50), Duration::from_secs(1));
/// assert_eq!(policy.attempts(), 3);
/// assert_eq!(RetryPolicy::none().attempts(), 1);
/// ```
#[derive(Clone)]
pub struct RetryPolicy {
    max_attempts: u32,
    first_wait: Duration,
    longest_wait: Duration,
    budget: Arc<Budget>,
    /// Whether the budget was set explicitly. Otherwise the policy of one call uses the budget of the client.
    has_own_budget: bool,
    random: Arc<dyn Fn() -> u64 + Send + Sync>,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 4,
            first_wait: Duration::from_millis(200),
            longest_wait: Duration::from_secs(10),
            budget: Arc::default(),
            has_own_budget: false,
            random: Arc::new(seeded_by_the_system()),
        }
    }
}

impl RetryPolicy {
    /// The defaults: 4 attempts, waits up to 0.2, 0.4 and 0.8 s, and a budget of 20 % of the calls plus 10 retries.
    pub fn new() -> Self {
        Self::default()
    }

    /// A policy without retries.
    pub fn none() -> Self {
        Self::new().max_attempts(1)
    }

    /// Sets the maximum number of attempts, including the first one. 0 counts as 1.
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// Sets the waits. The wait before the first retry is a random part of `first`; the bound doubles with each retry,
    /// up to `longest`.
    #[must_use]
    pub fn waits(mut self, first: Duration, longest: Duration) -> Self {
        self.first_wait = first;
        self.longest_wait = longest;
        self
    }

    /// Sets the budget, which other policies may share.
    #[must_use]
    pub fn budget(mut self, budget: Arc<Budget>) -> Self {
        self.budget = budget;
        self.has_own_budget = true;
        self
    }

    /// Sets the source of randomness of the waits. Each call of `random` returns 64 random bits.
    #[must_use]
    pub fn randomness(mut self, random: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        self.random = Arc::new(random);
        self
    }

    /// The maximum number of attempts.
    pub fn attempts(&self) -> u32 {
        self.max_attempts
    }

    /// The budget of a call with `policy`. `self` is the policy of the client.
    pub(super) fn budget_for<'p>(&'p self, policy: &'p Self) -> &'p Budget {
        match policy.has_own_budget {
            true => &policy.budget,
            false => &self.budget,
        }
    }

    /// The wait after this number of attempts: a random part of the bound (full jitter).
    pub(super) fn wait_after(&self, attempts: u32) -> Duration {
        let doublings = attempts.saturating_sub(1).min(31);
        let bound = self
            .first_wait
            .saturating_mul(1 << doublings)
            .min(self.longest_wait);
        let fraction = (self.random)() >> 32;
        let nanos = (bound.as_nanos() * u128::from(fraction)) >> 32;
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }
}

impl fmt::Debug for RetryPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryPolicy")
            .field("max_attempts", &self.max_attempts)
            .field("first_wait", &self.first_wait)
            .field("longest_wait", &self.longest_wait)
            .field("budget", &self.budget)
            .finish_non_exhaustive()
    }
}

/// A source random enough for waits: the keyed hash of the standard library over a counter.
fn seeded_by_the_system() -> impl Fn() -> u64 + Send + Sync {
    let keys = RandomState::new();
    let counter = AtomicU64::new(0);
    move || keys.hash_one(counter.fetch_add(1, Relaxed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(random: u64) -> Vec<u128> {
        let policy = RetryPolicy::new()
            .waits(Duration::from_millis(200), Duration::from_secs(1))
            .randomness(move || random);
        (1..7)
            .map(|attempts| policy.wait_after(attempts).as_millis())
            .collect()
    }

    #[test]
    fn n91_waits_are_a_random_part_of_a_doubling_bound() {
        assert_eq!(waits(0), [0; 6]);
        assert_eq!(waits(1 << 63), [100, 200, 400, 500, 500, 500]);
        assert_eq!(waits(u64::MAX), [199, 399, 799, 999, 999, 999]);
    }
}
