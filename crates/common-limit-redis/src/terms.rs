//! The numbers of the algorithm, which all processes must share.

use std::num::NonZeroU32;

use crate::RedisLimitsOptions;

/// Microseconds: a span, or a moment by the clock that the context names.
pub(crate) type Micros = i64;

pub(crate) const MILLISECOND: Micros = 1_000;
pub(crate) const SECOND: Micros = 1_000_000;

/// Longest time between two asks of a process that has nothing to ask for.
const BEAT: Micros = 400 * MILLISECOND;
/// Tickets that a process has in each line at most.
const TURN: i64 = 2;
/// The number of the layout of what the script keeps. A version of this crate that changes it takes the next one, so that
/// two versions refuse each other.
const LAYOUT: i64 = 1;

/// The terms of one host and class. They are a part of each ask: a process with other terms is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Terms {
    /// Starts in a window.
    pub(crate) cap: i64,
    pub(crate) window: Micros,
    /// Time that is added to the window: the age of a permit, and the spread of the network.
    pub(crate) guard: Micros,
    /// Age at which a permit goes back unused.
    pub(crate) age: Micros,
    /// How far ahead a slot is given.
    pub(crate) ahead: Micros,
    /// Silence after which a member may be on its own share.
    pub(crate) absent: Micros,
    /// Silence after which a member is forgotten.
    pub(crate) forget: Micros,
    /// Longest time between two asks of a process.
    pub(crate) silence: Micros,
    pub(crate) beat: Micros,
    pub(crate) turn: i64,
}

impl Terms {
    pub(crate) fn new(cap: NonZeroU32, options: &RedisLimitsOptions) -> Self {
        let micros = |duration: std::time::Duration| {
            Micros::try_from(duration.as_micros()).unwrap_or(Micros::MAX / 1_000)
        };
        let age = micros(options.permit_age);
        Self {
            cap: i64::from(cap.get()),
            window: SECOND,
            guard: age + micros(options.spread),
            age,
            // Two ways to the store and back, and some time for the process.
            ahead: 2 * age + 80 * MILLISECOND,
            absent: 1_500 * MILLISECOND,
            forget: micros(options.forget_after),
            silence: BEAT + 100 * MILLISECOND,
            beat: BEAT,
            turn: TURN,
        }
    }

    /// Time after which an ask without an answer is given up.
    pub(crate) fn patience(&self) -> Micros {
        (4 * self.age).max(200 * MILLISECOND)
    }

    /// Time without slots, after an ask was given up, until a process may use its own share. By then the store keeps
    /// the share back, and whatever started before is a window old.
    pub(crate) fn own_share_after(&self) -> Micros {
        self.absent + self.window + self.guard + self.ahead
    }

    /// How long nothing starts in a new epoch.
    #[cfg(test)]
    pub(crate) fn hold(&self) -> Micros {
        self.silence + self.window + self.guard + self.ahead
    }

    /// The terms as the script reads them.
    pub(crate) fn argument(&self) -> String {
        let Self {
            cap,
            window,
            guard,
            age,
            ahead,
            absent,
            forget,
            silence,
            beat,
            turn,
        } = self;
        format!(
            "{LAYOUT} {cap} {window} {guard} {age} {ahead} {absent} {forget} {silence} {beat} {turn}"
        )
    }
}
