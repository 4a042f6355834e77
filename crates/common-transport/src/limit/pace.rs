//! The time of the next start: arithmetic only, without clock, lock or waker.
//!
//! The server's way of counting is unknown. It counts arrivals, which a client cannot see. A client sees when each
//! request leaves and when its answer comes, and the arrival lies between them. So:
//!
//! - **Cap.** A start waits until the request that left `cap` places before it is a second old. So no sliding second
//!   holds more departures than the cap, whatever the other rules do.
//! - **Held.** Between its permit and its departure a request may wait for a connection. Until it leaves it keeps
//!   its place, and its second begins when it leaves. A request that ends without having left frees its place.
//! - **Excess.** If that earlier request took longer than the fastest known round trip, the difference is added,
//!   since it may have arrived that much later. So no sliding second holds more *arrivals* than the cap, as long as
//!   the network is not faster than ever before. On a line without jitter the excess is zero and the pace is exactly
//!   the cap.
//! - **Gap.** Starts are spread evenly, for servers that count in small steps.
//! - **Doubt.** A single refusal despite these rules adds a little to the excess, and raises its limit.
//! - **Strict.** Three refusals close together mean that the server requires even gaps between *arrivals*. From then
//!   on each start also waits one whole gap after the latest possible arrival of the previous one. After a quiet time
//!   the faster pace is tried again, at growing intervals.
//! - **Stretch.** Further refusals stretch the gaps: another client uses the same cap. Quiet time shrinks them.

use std::num::NonZeroU32;

use super::nanos::Nanos;

mod penalty;
mod places;
mod round_trip;

use penalty::Penalty;
use places::{FORGOTTEN, Left, Places};
use round_trip::RoundTrip;

/// The window in which the cap counts.
const WINDOW: Nanos = Nanos::from_secs(1);

/// Delay of a start (timers are late) that does not delay all later ones.
const CATCH_UP: Nanos = Nanos::from_millis(2);

/// Longest pause that a server can ask for, so that the end of the pause stays a valid moment.
const LONGEST_PAUSE: Nanos = Nanos::from_secs(365 * 24 * 3600);

/// The time of a start that waits for a held request: it is unknown when that leaves or ends.
pub(super) const UNKNOWN: Nanos = Nanos::MAX;

/// The pace of one key. All times are counted from the limiter's beginning.
#[derive(Debug)]
pub(super) struct Pace {
    interval: Nanos,
    places: Places,
    /// Number of the next start.
    next_number: u64,
    /// Time at which the next start is due by the gap.
    due: Nanos,
    /// End of the current pause: the server asked for it.
    paused_until: Nanos,
    round_trip: RoundTrip,
    penalty: Penalty,
}

impl Pace {
    pub(super) fn new(cap: NonZeroU32) -> Self {
        Self::starting_with(cap, 0)
    }

    /// Builds a pace whose first start has this number.
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

    /// Returns the number of the next start.
    pub(super) fn next_number(&self) -> u64 {
        self.next_number
    }

    /// Returns the shortest time between two starts when nothing slows them down.
    pub(super) fn interval(&self) -> Nanos {
        self.interval
    }

    /// Returns the earliest time of the next start, as far as is known at `now`; [`UNKNOWN`] if it depends on a held
    /// request.
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

    /// Records a start and returns its number. Call it only when [`earliest`](Self::earliest) has come.
    pub(super) fn start(&mut self, now: Nanos) -> u64 {
        let number = self.next_number;
        self.next_number += 1;
        self.places.take(number, now);
        let gap = self.penalty.stretched(self.interval);
        self.due = (self.due + gap).max(now + gap - CATCH_UP);
        number
    }

    /// Records that a transport holds the request with this number, and will report when it leaves.
    pub(super) fn held(&mut self, number: u64, now: Nanos) {
        self.places.hold(number, now);
    }

    /// Records that the request with this number leaves.
    pub(super) fn sent(&mut self, number: u64, now: Nanos) {
        self.places.leave(number, now);
    }

    /// Records that the request with this number never left, and will not leave.
    pub(super) fn unsent(&mut self, number: u64) {
        self.places.withdraw(number);
    }

    /// Records an answer to the request with this number.
    pub(super) fn answered(&mut self, number: u64, now: Nanos) {
        self.penalty.answered();
        self.measure(number, now);
    }

    /// Records a refusal of the request with this number.
    pub(super) fn throttled(&mut self, number: u64, now: Nanos, retry_after: Option<Nanos>) {
        let left = self.measure(number, now);
        let pause = self.penalty.throttled(left, now);
        let pause = retry_after.unwrap_or(pause).min(LONGEST_PAUSE);
        self.paused_until = self.paused_until.max(now + pause);
    }

    /// Records the round trip; returns its beginning, if it is still known.
    #[inline(always)]
    fn measure(&mut self, number: u64, now: Nanos) -> Option<Nanos> {
        if self.places.leave(number, now) {
            // An answered request has left, although this was not reported; when it left is unknown.
            return Some(now);
        }
        let left = self.places.find(number)?;
        let (at, took) = (left.at, left.answered(now));
        self.round_trip.measured(took, now);
        Some(at)
    }

    /// Returns the time at which the cap allows another start.
    #[inline(always)]
    fn after_cap(&self) -> Nanos {
        match self.places.surplus() {
            0 => Nanos::ZERO,
            surplus => self.after_oldest(surplus),
        }
    }

    /// Returns the time at which the `count` oldest requests no longer count.
    fn after_oldest(&self, count: usize) -> Nanos {
        let Some(oldest) = self.places.oldest(count) else {
            return UNKNOWN;
        };
        let arrivals = oldest.map(|left| self.latest_arrival(left));
        let last = arrivals.max().unwrap_or(Nanos::ZERO);
        last + WINDOW + self.penalty.margin()
    }

    /// Returns the latest possible arrival of a request, counting the fastest round trip as zero.
    fn latest_arrival(&self, left: &Left) -> Nanos {
        let longest = self.penalty.longest_excess();
        let excess = self.excess(left);
        left.at + excess.map_or(longest, |excess| excess.min(longest))
    }

    /// Returns the time at which a server that requires even gaps allows another start. A held request would arrive
    /// together with it. Requests that are held for very long do not delay others.
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

    /// Returns by how much later than the fastest the request may have arrived.
    fn excess(&self, left: &Left) -> Option<Nanos> {
        Some(self.round_trip.excess_of(left.took()?))
    }
}

#[cfg(test)]
mod tests;
