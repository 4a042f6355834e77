//! The clock of the store, as far as a process knows it.

use crate::terms::Micros;

/// Two clocks drift apart by at most one part in this many.
const DRIFT: Micros = 800;

/// Bounds of the time of the store less the time of this process.
///
/// An ask is executed between its departure and its answer, so each answer gives two bounds. All answers so far hold
/// together, widened by what clocks drift meanwhile. If they contradict each other, one of the clocks has jumped.
#[derive(Debug, Default)]
pub(super) struct StoreClock {
    bounds: Option<Bounds>,
}

#[derive(Debug, Clone, Copy)]
struct Bounds {
    low: Micros,
    high: Micros,
    /// Time of this process at which they were computed.
    at: Micros,
}

impl Bounds {
    /// The same bounds at a later time.
    fn at(self, now: Micros) -> Self {
        let drift = (now - self.at).max(0) / DRIFT + 1;
        Self {
            low: self.low - drift,
            high: self.high + drift,
            at: now,
        }
    }
}

impl StoreClock {
    /// Learns that it was `store` at the store at some time between `sent` and `received`. Returns whether a clock has
    /// jumped; then only this answer counts.
    pub(super) fn learn(&mut self, sent: Micros, received: Micros, store: Micros) -> bool {
        let new = Bounds {
            low: store - received,
            high: store - sent,
            at: received,
        };
        let both = self.bounds.map(|old| {
            let old = old.at(received);
            Bounds {
                low: old.low.max(new.low),
                high: old.high.min(new.high),
                at: received,
            }
        });
        let jumped = both.is_some_and(|both| both.low > both.high);
        self.bounds = both.filter(|_| !jumped).or(Some(new));
        jumped
    }

    /// Returns the earliest time that it may be at the store; `None` before the first answer.
    pub(super) fn earliest(&self, now: Micros) -> Option<Micros> {
        self.bounds.map(|bounds| now + bounds.at(now).low)
    }

    /// Returns the latest time that it may be at the store.
    pub(super) fn latest(&self, now: Micros) -> Option<Micros> {
        self.bounds.map(|bounds| now + bounds.at(now).high)
    }

    /// Returns a time of this process at which it is surely `store` at the store, or later.
    pub(super) fn surely(&self, store: Micros) -> Micros {
        // The bounds widen until then, so it is computed twice.
        let first = self.bounds.map_or(store, |bounds| store - bounds.low);
        let at = self.bounds.map_or(0, |bounds| bounds.at(first).low);
        self.bounds.map_or(store, |_| store - at + 1)
    }

    /// Returns a time of this process at which it is at most `store` at the store.
    pub(super) fn at_most(&self, store: Micros) -> Micros {
        let first = self.bounds.map_or(store, |bounds| store - bounds.high);
        let at = self.bounds.map_or(0, |bounds| bounds.at(first).high);
        self.bounds.map_or(store, |_| store - at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // D17
    #[test]
    fn d17_all_answers_together_bound_the_clock_of_the_store() {
        let mut clock = StoreClock::default();
        assert_eq!(clock.earliest(0), None);
        // The store is 1,000 ahead. The first way there is slow, the second way back.
        assert!(!clock.learn(0, 100, 1_090));
        assert!(!clock.learn(200, 300, 1_210));
        let (earliest, latest) = (clock.earliest(300).unwrap(), clock.latest(300).unwrap());
        assert!(earliest <= 1_300 && latest >= 1_300, "{earliest} {latest}");
        assert!(latest - earliest < 30, "{earliest} {latest}");
        // Without answers the bounds widen.
        assert!(clock.earliest(800_300).unwrap() < 801_300 - 900);
        for store in [1_300, 5_000, 801_300] {
            assert!(clock.earliest(clock.surely(store)).unwrap() >= store);
            assert!(clock.latest(clock.at_most(store)).unwrap() <= store + 1);
        }
    }

    // D17
    #[test]
    fn d17_a_jump_is_seen_and_only_the_last_answer_counts() {
        for jump in [-5_000_000, -200, 200, 5_000_000] {
            let mut clock = StoreClock::default();
            assert!(!clock.learn(0, 100, 1_050));
            assert!(clock.learn(200, 300, 1_250 + jump), "{jump}");
            assert!(!clock.learn(400, 500, 1_450 + jump), "{jump}");
            assert!(clock.earliest(500).unwrap() <= 1_500 + jump);
            assert!(clock.latest(500).unwrap() >= 1_500 + jump);
        }
    }
}
