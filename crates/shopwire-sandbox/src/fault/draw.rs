//! Draws that follow from a seed and a number, so that the same requests meet the same faults.

/// The step of SplitMix64 between two states.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// Describes what a request's draws are for. Each has a sequence of its own.
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose {
    /// Whether the fault happens.
    Rate,
    /// The two draws of a latency.
    LatencyRadius,
    LatencyAngle,
}

/// Returns a number from 0 (inclusive) to 1 (exclusive) for the request with this number.
pub(super) fn unit(seed: u64, number: u64, purpose: Purpose) -> f64 {
    let at = number.wrapping_mul(3).wrapping_add(purpose as u64 + 1);
    // The seed is mixed first: neighbouring seeds would otherwise share most of their sequences.
    let bits = mixed(mixed(seed).wrapping_add(at.wrapping_mul(STEP)));
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

/// The output function of SplitMix64.
fn mixed(state: u64) -> u64 {
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s6_draws_are_even_and_differ_by_seed_number_and_purpose() {
        const COUNT: u64 = 100_000;
        for seed in [0, 1, 2, u64::MAX] {
            let draws = (0..COUNT).map(|number| unit(seed, number, Purpose::Rate));
            let mut tenths = [0_u32; 10];
            for draw in draws {
                tenths[(draw * 10.0) as usize] += 1;
            }
            // The standard deviation of a tenth is 95.
            let even = tenths.iter().all(|tenth| (9_500..=10_500).contains(tenth));
            assert!(even, "seed {seed}: {tenths:?}");
        }
        let at = unit(7, 7, Purpose::Rate);
        assert_eq!(at, unit(7, 7, Purpose::Rate));
        for other in [
            unit(8, 7, Purpose::Rate),
            unit(7, 8, Purpose::Rate),
            unit(7, 7, Purpose::LatencyAngle),
        ] {
            assert_ne!(at, other);
        }
    }
}
