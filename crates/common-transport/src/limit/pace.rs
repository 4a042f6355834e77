//! When the next attempt may start: arithmetic alone, no clock, no lock, no waker.
//!
//! What the server counts by is unknown, and it counts arrivals, which nobody here can see. What can be
//! seen is when each request leaves and when its answer comes, and the arrival lies between them. So:
//!
//! - **Cap.** A start waits until the request that left `cap` places before it is a second old, so no sliding
//!   second holds more departures than the cap, whatever else happens here.
//! - **Held.** Between its permit and its departure a request may wait for a connection. Until it leaves it keeps
//!   its place, and its second begins when it leaves. One that ends without having left gives its place back.
//! - **Excess.** If that earlier request took longer than the fastest round trip known, the difference is
//!   added: it may have arrived that much late. With it no sliding second holds more *arrivals* than the
//!   cap, as long as the network is not faster than it has ever been. On a line without jitter the excess
//!   is nought and the pace exactly the cap.
//! - **Gap.** Starts are spread evenly, for the servers that count in small steps.
//! - **Doubt.** A lone refusal in spite of all that adds a little to the excess, and lets it be larger.
//! - **Strict.** Three of them close together mean a server that wants even gaps between *arrivals*. From then
//!   on each start also waits one whole gap after the latest possible arrival of the one before. After a
//!   quiet time the looser way is tried again, more and more rarely.
//! - **Stretch.** Refusals even so stretch the gaps: someone else uses the same cap. Quiet shrinks them.

use std::num::NonZeroU32;

use super::nanos::Nanos;

mod penalty;
mod places;
mod round_trip;

use penalty::Penalty;
use places::{FORGOTTEN, Left, Places};
use round_trip::RoundTrip;

/// What the cap counts in.
const WINDOW: Nanos = Nanos::from_secs(1);

/// How far a start may be late (timers are) without delaying all that follow.
const CATCH_UP: Nanos = Nanos::from_millis(2);

/// Nobody is left alone for longer, whatever was asked for: a moment has to stay one.
const LONGEST_PAUSE: Nanos = Nanos::from_secs(365 * 24 * 3600);

/// The moment of a start that waits for a request that is held: when that leaves or ends, nobody knows.
pub(super) const UNKNOWN: Nanos = Nanos::MAX;

/// The moments of one key. All times are counted from the limiter's beginning.
#[derive(Debug)]
pub(super) struct Pace {
    interval: Nanos,
    places: Places,
    /// The number of the start that comes next.
    next_number: u64,
    /// When the next start is due by the gap.
    due: Nanos,
    /// Nothing starts before this: the server wants to be left alone.
    paused_until: Nanos,
    round_trip: RoundTrip,
    penalty: Penalty,
}

impl Pace {
    pub(super) fn new(cap: NonZeroU32) -> Self {
        Self::starting_with(cap, 0)
    }

    /// One that gives its first start this number.
    pub(super) fn starting_with(cap: NonZeroU32, next_number: u64) -> Self {
        let interval = WINDOW.part(u64::from(cap.get()));
        Self {
            interval,
            places: Places::new(cap.get() as usize),
            next_number,
            due: Nanos::ZERO,
            paused_until: Nanos::ZERO,
            round_trip: RoundTrip::default(),
            penalty: Penalty::new(interval),
        }
    }

    /// The number of the start that comes next.
    pub(super) fn next_number(&self) -> u64 {
        self.next_number
    }

    /// The least time between two starts, when nothing slows them down.
    pub(super) fn interval(&self) -> Nanos {
        self.interval
    }

    /// The earliest moment for the next start, as far as is known at `now`; [`UNKNOWN`] when it hangs on a request
    /// that is held.
    #[inline(always)]
    pub(super) fn earliest(&mut self, now: Nanos) -> Nanos {
        self.penalty.calm(now);
        let earliest = self.due.max(self.paused_until).max(self.after_cap());
        if self.penalty.is_strict() {
            earliest.max(self.after_strict_gap())
        } else {
            earliest
        }
    }

    /// Records a start and gives it a number; call it only when [`earliest`](Self::earliest) has come.
    pub(super) fn start(&mut self, now: Nanos) -> u64 {
        let number = self.next_number;
        self.next_number += 1;
        self.places.take(number, now);
        let gap = self.penalty.stretched(self.interval);
        self.due = (self.due + gap).max(now + gap - CATCH_UP);
        number
    }

    /// A transport holds the request of the start with this number, and will say when it leaves.
    pub(super) fn held(&mut self, number: u64, now: Nanos) {
        self.places.hold(number, now);
    }

    /// The request of the start with this number leaves.
    pub(super) fn sent(&mut self, number: u64, now: Nanos) {
        self.places.leave(number, now);
    }

    /// The request of the start with this number never left, and never will.
    pub(super) fn unsent(&mut self, number: u64) {
        self.places.withdraw(number);
    }

    /// An answer has come to the start with this number.
    pub(super) fn answered(&mut self, number: u64, now: Nanos) {
        self.penalty.answered();
        self.measure(number, now);
    }

    /// A refusal has come to the start with this number.
    pub(super) fn throttled(&mut self, number: u64, now: Nanos, retry_after: Option<Nanos>) {
        let left = self.measure(number, now);
        let pause = self.penalty.throttled(left, now);
        let pause = retry_after.unwrap_or(pause).min(LONGEST_PAUSE);
        self.paused_until = self.paused_until.max(now + pause);
    }

    /// Notes the round trip; gives back when it began, as far as it is still known.
    #[inline(always)]
    fn measure(&mut self, number: u64, now: Nanos) -> Option<Nanos> {
        if self.places.leave(number, now) {
            // What is answered has left, although nobody told; when, nobody knows.
            return Some(now);
        }
        let left = self.places.find(number)?;
        let (at, took) = (left.at, left.answered(now));
        self.round_trip.measured(took, now);
        Some(at)
    }

    /// When the cap lets another one start.
    #[inline(always)]
    fn after_cap(&self) -> Nanos {
        match self.places.surplus() {
            0 => Nanos::ZERO,
            surplus => self.after_oldest(surplus),
        }
    }

    /// When so many of the oldest requests no longer count.
    fn after_oldest(&self, count: usize) -> Nanos {
        let Some(oldest) = self.places.oldest(count) else {
            return UNKNOWN;
        };
        let arrivals = oldest.map(|left| self.latest_arrival(left));
        let last = arrivals.max().unwrap_or(Nanos::ZERO);
        last + WINDOW + self.penalty.margin()
    }

    /// When a request arrived at the latest, were the fastest way no way at all.
    fn latest_arrival(&self, left: &Left) -> Nanos {
        let longest = self.penalty.longest_excess();
        let excess = self.excess(left);
        left.at + excess.map_or(longest, |excess| excess.min(longest))
    }

    /// When a server that wants even gaps lets another one start. One that is held would arrive together with it;
    /// for one that is held very long the others do not wait.
    #[cold]
    fn after_strict_gap(&self) -> Nanos {
        let after_held = self.places.last_held().map(|since| since + FORGOTTEN);
        let after_left = self.places.last().map(|last| {
            let likely = || self.round_trip.likely_excess();
            let excess = self.excess(last).unwrap_or_else(likely);
            last.at
                + self.penalty.stretched(self.interval)
                + excess.min(self.penalty.longest_excess())
        });
        after_held.max(after_left).unwrap_or(Nanos::ZERO)
    }

    /// How much later than the fastest it arrived at the latest.
    fn excess(&self, left: &Left) -> Option<Nanos> {
        Some(self.round_trip.excess_of(left.took()?))
    }
}

#[cfg(test)]
mod tests;
