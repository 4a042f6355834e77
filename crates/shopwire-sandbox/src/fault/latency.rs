//! How long a slow answer takes.

use std::time::Duration;

use super::draw::{Purpose, unit};

/// Longest latency, also of one draw.
pub(super) const LONGEST: Duration = Duration::from_secs(3_600);

/// Shortest median of a spread latency.
const SHORTEST: Duration = Duration::from_micros(1);

/// The 99th percentile of the standard normal distribution.
const Z99: f64 = 2.326_347_874_040_841;

/// How long a slow answer takes: always the same, or spread as the latencies of real services are.
///
/// ```
/// use shopwire_sandbox::Latency;
/// use std::time::Duration;
///
/// let spread = Latency::lognormal(Duration::from_millis(80), Duration::from_millis(900));
/// // The same seed gives the same latencies.
/// assert_eq!(spread.sample(7, 0), spread.sample(7, 0));
/// assert_ne!(spread.sample(7, 0), spread.sample(7, 1));
/// assert_eq!(Latency::fixed(Duration::from_millis(80)).sample(7, 0), Duration::from_millis(80));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Latency(pub(super) Profile);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Profile {
    Fixed(Duration),
    Lognormal { p50: Duration, p99: Duration },
}

impl Latency {
    /// Every answer takes `time` longer, at most an hour.
    pub fn fixed(time: Duration) -> Self {
        Self(Profile::Fixed(time.min(LONGEST)))
    }

    /// Half of the answers take less than `p50` longer, and 99 of 100 less than `p99` (lognormal distribution). No
    /// draw is longer than an hour. A `p99` below `p50` counts as `p50`; a `p50` of zero counts as a microsecond.
    pub fn lognormal(p50: Duration, p99: Duration) -> Self {
        let p50 = p50.clamp(SHORTEST, LONGEST);
        let p99 = p99.clamp(p50, LONGEST);
        Self(Profile::Lognormal { p50, p99 })
    }

    /// Returns the latency of the request with this number, counted from 0, for a seed.
    pub fn sample(&self, seed: u64, number: u64) -> Duration {
        match self.0 {
            Profile::Fixed(time) => time,
            Profile::Lognormal { p50, p99 } => {
                let (p50, p99) = (p50.as_secs_f64(), p99.as_secs_f64());
                let sigma = (p99 / p50).ln() / Z99;
                let seconds = p50 * (sigma * normal(seed, number)).exp();
                Duration::from_secs_f64(seconds.min(LONGEST.as_secs_f64()))
            }
        }
    }
}

impl From<Duration> for Latency {
    fn from(time: Duration) -> Self {
        Self::fixed(time)
    }
}

/// Returns a draw of the standard normal distribution (Box and Muller).
fn normal(seed: u64, number: u64) -> f64 {
    // The first draw is taken from 1, since the logarithm of 0 has no value.
    let radius = (-2.0 * (1.0 - unit(seed, number, Purpose::LatencyRadius)).ln()).sqrt();
    let angle = std::f64::consts::TAU * unit(seed, number, Purpose::LatencyAngle);
    radius * angle.cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantiles(latency: Latency, seed: u64) -> [f64; 3] {
        const COUNT: usize = 100_000;
        let mut draws: Vec<f64> = (0..COUNT as u64)
            .map(|number| latency.sample(seed, number).as_secs_f64() * 1_000.0)
            .collect();
        draws.sort_by(f64::total_cmp);
        [0.5, 0.9, 0.99].map(|part| draws[(part * COUNT as f64) as usize])
    }

    #[test]
    fn s6_the_quantiles_of_a_profile_are_those_that_were_asked_for() {
        let (p50, p99) = (Duration::from_millis(80), Duration::from_millis(900));
        // The 90th percentile follows from the two: 80 × (900 / 80)^(1.2816 / 2.3263).
        let wanted = [80.0, 303.4, 900.0];
        for seed in [0, 7, u64::MAX] {
            let found = quantiles(Latency::lognormal(p50, p99), seed);
            for (found, wanted) in found.iter().zip(wanted) {
                assert!(
                    (found / wanted - 1.0).abs() < 0.05,
                    "{seed}: {found} for {wanted}"
                );
            }
        }
    }

    #[test]
    fn s6_no_profile_leaves_its_bounds() {
        let ms = Duration::from_millis;
        assert_eq!(quantiles(Latency::lognormal(ms(5), ms(1)), 1), [5.0; 3]);
        let wild = Latency::lognormal(Duration::ZERO, Duration::MAX);
        assert!((0..10_000).all(|number| wild.sample(3, number) <= LONGEST));
        assert_eq!(Latency::fixed(Duration::MAX).sample(0, 0), LONGEST);
    }
}
