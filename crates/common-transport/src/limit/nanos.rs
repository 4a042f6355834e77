//! Time as limiters count it: nanoseconds in one word.

use std::{
    ops::{Add, Mul, Sub},
    time::Duration,
};

/// A time span, or a moment as the time since the limiter's beginning, in nanoseconds. Arithmetic on one word is
/// much faster than on a [`Duration`]. Sums and differences saturate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Nanos(u64);

impl Nanos {
    pub(super) const ZERO: Self = Self(0);
    pub(super) const MAX: Self = Self(u64::MAX);

    pub(super) const fn from_millis(millis: u64) -> Self {
        Self(millis * 1_000_000)
    }

    pub(super) const fn from_secs(secs: u64) -> Self {
        Self(secs * 1_000_000_000)
    }

    /// Divides the span into equal parts; returns one of them.
    pub(super) const fn part(self, parts: u64) -> Self {
        Self(self.0 / parts)
    }

    /// Moves an eighth of the way to `new`. The result lies between the two, so it cannot overflow.
    pub(super) const fn smoothed(self, new: Self) -> Self {
        Self(self.0 - self.0 / 8 + new.0 / 8)
    }

    pub(super) const fn abs_diff(self, other: Self) -> Self {
        Self(self.0.abs_diff(other.0))
    }
}

impl From<Duration> for Nanos {
    fn from(duration: Duration) -> Self {
        let secs = duration.as_secs().saturating_mul(1_000_000_000);
        Self(secs.saturating_add(u64::from(duration.subsec_nanos())))
    }
}

impl From<Nanos> for Duration {
    fn from(nanos: Nanos) -> Self {
        Self::from_nanos(nanos.0)
    }
}

impl Add for Nanos {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Nanos {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Mul<u64> for Nanos {
    type Output = Self;

    fn mul(self, times: u64) -> Self {
        Self(self.0.saturating_mul(times))
    }
}
