//! The part of one process: arithmetic only, without clock, lock, task or socket.
//!
//! A process asks the store for slots, starts a request at the time of each, and says what came of it. Times are
//! microseconds of the process, unless they are called stamps: these are times of the store.

use std::{collections::VecDeque, num::NonZeroU32};

use crate::{
    Away,
    protocol::{Ask, Slot},
    terms::{Micros, Terms},
};

mod answers;
mod asking;
mod clock;
mod feedback;
mod own_share;
mod shares;
mod started;

use clock::StoreClock;
use own_share::OwnShare;
use started::{Origin, Started};

/// Time between two asks while the store does not answer.
const RETRY: Micros = 100_000;

/// Time between two asks while the store answers at once, but nothing else.
const AGAIN: Micros = 10_000;

/// The first asks also connect and load the script, so that their answers are slow.
const FIRST_ASKS: u64 = 2;

/// The keeper of one host and class in one process.
#[derive(Debug)]
pub(crate) struct Keeper {
    terms: Terms,
    away: Away,
    at_most: Option<NonZeroU32>,
    clock: StoreClock,
    /// The last answer.
    known: Option<Known>,
    /// Slots that are not used yet, in their order.
    slots: VecDeque<Slot>,
    next_number: u64,
    started: Started,
    own_share: OwnShare,
    /// Stamps to give back with the next ask.
    unused: Vec<Micros>,
    /// Late requests that have left since the last ask.
    late_sent: i64,
    /// A pause to report with the next ask.
    pause: Micros,
    refusals_in_a_row: u32,
    /// A clock has jumped, and the store does not know it yet.
    has_jumped: bool,
    /// Another process uses other terms.
    has_other_terms: bool,
    /// The ask that has no answer yet.
    asked: Option<Asked>,
    next_ask: u64,
    /// Tickets that the store has of this process.
    tickets: [i64; 2],
    ask_at: Micros,
    is_urgent: bool,
    /// Time since which the store does not answer.
    lost_since: Option<Micros>,
}

#[derive(Debug)]
struct Asked {
    number: u64,
    at: Micros,
    ask: Ask,
}

/// The last answer of the store about this process.
#[derive(Debug, Clone, Copy)]
struct Known {
    epoch: Micros,
    version: i64,
    members: i64,
    share: i64,
    at: Micros,
}

/// The next action.
#[derive(Debug)]
pub(crate) enum Step {
    /// Ask this now. The answer belongs to this number.
    Ask { number: u64, ask: Ask },
    /// Come again at this time, or when anything has changed.
    Wait { until: Micros },
}

/// The reason why no call can start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The store was never reached, so it is unknown who else counts under this cap.
    NeverReached,
    /// The store does not answer, and there is no share to go on with.
    Away,
    /// Another process uses other terms.
    OtherTerms,
}

impl Keeper {
    pub(crate) fn new(terms: Terms, away: Away, at_most: Option<NonZeroU32>) -> Self {
        Self {
            terms,
            away,
            at_most,
            clock: StoreClock::default(),
            known: None,
            slots: VecDeque::new(),
            next_number: 0,
            started: Started::default(),
            own_share: OwnShare::default(),
            unused: Vec::new(),
            late_sent: 0,
            pause: 0,
            refusals_in_a_row: 0,
            has_jumped: false,
            has_other_terms: false,
            asked: None,
            next_ask: 0,
            tickets: [0; 2],
            ask_at: Micros::MIN,
            is_urgent: false,
            lost_since: None,
        }
    }

    pub(crate) fn terms(&self) -> &Terms {
        &self.terms
    }

    #[cfg(test)]
    pub(crate) fn was_answered(&self, since: Micros) -> bool {
        self.known.is_some_and(|known| known.at >= since)
    }

    /// Whether the store has to hear something at once.
    pub(crate) fn is_urgent(&self) -> bool {
        self.is_urgent
    }

    /// Starts a request, if the time of a slot has come; returns the number of its permit.
    pub(crate) fn start(&mut self, now: Micros) -> Option<u64> {
        self.return_old_slots(now);
        let number = self.next_number;
        if self.has_slot(now) {
            let slot = self.slots.pop_front()?;
            self.started.grant(number, Origin::Slot(slot.stamp));
        } else {
            let share = self.share(now)?;
            let next = self.next_on_share(share)?;
            if next > now {
                return None;
            }
            self.own_share.start(number, now, share, &self.terms);
            self.started.grant(number, Origin::OwnShare);
        }
        self.next_number += 1;
        Some(number)
    }

    /// Whether a request can start now.
    pub(crate) fn can_start(&mut self, now: Micros) -> bool {
        self.return_old_slots(now);
        let on_share = || self.next_on_share(self.share(now)?);
        self.has_slot(now) || on_share().is_some_and(|next| next <= now)
    }

    /// Returns the reason why nothing will start for now.
    pub(crate) fn refusal(&self, now: Micros) -> Option<Refusal> {
        if self.has_other_terms {
            return Some(Refusal::OtherTerms);
        }
        let is_over = self.own_share_from().is_some_and(|from| from <= now);
        if !is_over || self.share(now).is_some() {
            return None;
        }
        Some(match self.known {
            Some(_) => Refusal::Away,
            None => Refusal::NeverReached,
        })
    }

    /// Whether every permit is too old when its time has surely come, since the store answers too slowly.
    pub(crate) fn is_store_slow(&self, now: Micros) -> bool {
        let bounds = self.clock.earliest(now).zip(self.clock.latest(now));
        let is_vague = bounds.is_some_and(|(earliest, latest)| latest - earliest > self.terms.age);
        is_vague && self.next_ask > FIRST_ASKS && self.lost_since.is_none()
    }

    /// Returns the next action, with `waiting` calls of high and of low priority.
    pub(crate) fn step(&mut self, now: Micros, waiting: [usize; 2]) -> Step {
        self.return_old_slots(now);
        self.note_late_ones(now);
        if let Some(asked) = &self.asked
            && asked.at + self.terms.patience() <= now
        {
            self.gave_up(now);
        }
        if self.asked.is_none() && self.has_to_ask(now, waiting) {
            let ask = self.ask(now, waiting);
            return self.begin(now, ask);
        }
        Step::Wait {
            until: self.next_change(now, waiting),
        }
    }

    /// Returns the ask that says goodbye; `None` if the store does not know this process, or cannot be reached.
    pub(crate) fn goodbye(&mut self, now: Micros) -> Option<Step> {
        if self.known.is_none() || self.lost_since.is_some() {
            return None;
        }
        let is_held = self.started.late() > 0 || self.started.held().next().is_some();
        if is_held || !self.own_share.is_quiet(now, &self.terms) {
            // Requests may still leave that the store does not know of.
            return Some(Step::Wait { until: now + RETRY });
        }
        let mut ask = self.ask(now, [0; 2]);
        ask.is_leaving = true;
        Some(self.begin(now, ask))
    }

    /// Returns the time at which something changes by itself.
    fn next_change(&self, now: Micros, waiting: [usize; 2]) -> Micros {
        let slot = self.slots.front().map(|slot| {
            let ripe = self.clock.surely(slot.stamp);
            let old = || self.clock.at_most(slot.stamp + self.terms.age) + 1;
            if ripe > now { ripe } else { old() }
        });
        let late = self
            .started
            .held()
            .map(|(_, stamp)| self.clock.at_most(stamp + self.terms.age) + 1);
        let ask = match &self.asked {
            Some(asked) => asked.at + self.terms.patience(),
            None => self.ask_at,
        };
        let share = self.own_share_from().filter(|from| *from > now);
        let on_share = || self.next_on_share(self.share(now)?);
        let own = if waiting == [0; 2] { None } else { on_share() };
        let others = [slot, late.min(), share, own].into_iter().flatten();
        others.fold(ask, Micros::min).max(now + 1)
    }

    fn has_slot(&self, now: Micros) -> bool {
        let earliest = self.clock.earliest(now);
        let is_ripe = |slot: &Slot| earliest.is_some_and(|earliest| earliest >= slot.stamp);
        self.slots.front().is_some_and(is_ripe)
    }

    /// Whether a permit with this stamp is too old.
    fn is_old(&self, stamp: Micros, now: Micros) -> bool {
        let latest = self.clock.latest(now);
        latest.is_none_or(|latest| latest - stamp > self.terms.age)
    }

    fn return_old_slots(&mut self, now: Micros) {
        while let Some(slot) = self.slots.front()
            && self.is_old(slot.stamp, now)
        {
            self.unused.push(slot.stamp);
            self.slots.pop_front();
        }
    }
}
