//! When the next attempt may start: arithmetic alone, no clock, no lock, no waker.
//!
//! What the server counts by is unknown, and it counts arrivals, which nobody here can see. What can be
//! seen is each start and each answer, and the arrival lies between them. So:
//!
//! - **Cap.** A start waits until the start `cap` places before it is a second old, so no sliding second
//!   holds more starts than the cap, whatever else happens here.
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

use std::{collections::VecDeque, num::NonZeroU32};

use super::nanos::Nanos;

mod round_trip;
mod temper;

use round_trip::RoundTrip;
use temper::Temper;

/// What the cap counts in.
const WINDOW: Nanos = Nanos::from_secs(1);

/// A start this old holds nothing up, however slow its answer was.
const FORGOTTEN: Nanos = Nanos::from_secs(2);

/// So many starts are kept without a look at their age.
const CROWD: usize = 64;

/// How far a start may be late (timers are) without delaying all that follow.
const CATCH_UP: Nanos = Nanos::from_millis(2);

/// The moments of one key. All times are counted from the limiter's beginning.
#[derive(Debug)]
pub(super) struct Pace {
    cap: usize,
    interval: Nanos,
    /// The last `cap` starts, oldest first; with a large cap those that count.
    starts: VecDeque<Start>,
    /// With so many the old ones are looked at.
    crowd: usize,
    /// The number of the start that comes next.
    next_number: u64,
    /// When the next start is due by the gap.
    due: Nanos,
    /// Nothing starts before this: the server wants to be left alone.
    held_until: Nanos,
    round_trip: RoundTrip,
    temper: Temper,
}

#[derive(Debug)]
struct Start {
    at: Nanos,
    /// How long its answer took; unknown before it came.
    took: Option<Nanos>,
}

impl Pace {
    pub(super) fn new(cap: NonZeroU32) -> Self {
        let cap_count = cap.get() as usize;
        let interval = WINDOW.part(u64::from(cap.get()));
        Self {
            cap: cap_count,
            interval,
            starts: VecDeque::new(),
            crowd: CROWD.min(cap_count),
            next_number: 0,
            due: Nanos::ZERO,
            held_until: Nanos::ZERO,
            round_trip: RoundTrip::default(),
            temper: Temper::new(interval),
        }
    }

    /// The least time between two starts, when nothing slows them down.
    pub(super) fn interval(&self) -> Nanos {
        self.interval
    }

    /// The earliest moment for the next start, as far as is known at `now`.
    pub(super) fn earliest(&mut self, now: Nanos) -> Nanos {
        self.temper.calm(now);
        self.due
            .max(self.held_until)
            .max(self.after_cap())
            .max(self.after_strict_gap())
    }

    /// Records a start and gives it a number; call it only when [`earliest`](Self::earliest) has come.
    pub(super) fn start(&mut self, now: Nanos) -> u64 {
        if self.starts.len() == self.crowd {
            self.thin_out(now);
        }
        self.starts.push_back(Start {
            at: now,
            took: None,
        });
        let gap = self.temper.stretched(self.interval);
        self.due = (self.due + gap).max(now + gap - CATCH_UP);
        self.next_number += 1;
        self.next_number - 1
    }

    /// Makes room for another start: the cap needs as many as it counts, and none that is forgotten.
    #[cold]
    fn thin_out(&mut self, now: Nanos) {
        if self.crowd == self.cap {
            self.starts.pop_front();
            return;
        }
        while self
            .starts
            .front()
            .is_some_and(|first| first.at + FORGOTTEN < now)
        {
            self.starts.pop_front();
        }
        if self.starts.len() == self.crowd {
            self.crowd = self.cap.min(self.crowd * 2);
        }
    }

    /// An answer has come to the start with this number.
    pub(super) fn answered(&mut self, number: u64, now: Nanos) {
        self.temper.answered();
        self.measure(number, now);
    }

    /// A refusal has come to the start with this number.
    pub(super) fn throttled(&mut self, number: u64, now: Nanos, retry_after: Option<Nanos>) {
        let started = self.measure(number, now);
        let pause = self.temper.throttled(started, now);
        self.held_until = self.held_until.max(now + retry_after.unwrap_or(pause));
    }

    /// Notes the round trip; gives back when it began, as far as it is still known.
    fn measure(&mut self, number: u64, now: Nanos) -> Option<Nanos> {
        let back = usize::try_from(self.next_number.checked_sub(number + 1)?).ok()?;
        let index = self.starts.len().checked_sub(back + 1)?;
        let start = self.starts.get_mut(index)?;
        let took = now - start.at;
        start.took = Some(took);
        self.round_trip.measured(took, now);
        Some(start.at)
    }

    fn after_cap(&self) -> Nanos {
        if self.starts.len() < self.cap {
            return Nanos::ZERO;
        }
        let first = &self.starts[0];
        let longest = self.temper.longest_excess();
        let excess = self
            .excess(first)
            .map_or(longest, |excess| excess.min(longest));
        first.at + WINDOW + excess + self.temper.margin()
    }

    fn after_strict_gap(&self) -> Nanos {
        let Some(last) = self.starts.back().filter(|_| self.temper.is_strict()) else {
            return Nanos::ZERO;
        };
        let likely = || self.round_trip.likely_excess();
        let excess = self.excess(last).unwrap_or_else(likely);
        last.at + self.temper.stretched(self.interval) + excess.min(self.temper.longest_excess())
    }

    /// How much later than the fastest it arrived at the latest.
    fn excess(&self, start: &Start) -> Option<Nanos> {
        Some(self.round_trip.excess_of(start.took?))
    }
}

#[cfg(test)]
mod tests;
