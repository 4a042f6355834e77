//! The part of one process: arithmetic only, without clock, lock, task or socket.
//!
//! A process asks the store for slots, starts a request at the time of each, and says what came of it. Times are
//! microseconds of the process, unless they are called stamps: these are times of the store.

use std::{collections::VecDeque, mem, num::NonZeroU32};

use crate::{
    Away,
    protocol::{Answer, Ask, Slot, Told},
    terms::{Micros, Terms},
};

mod clock;
mod feedback;
mod own_share;
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

    /// Records the answer to the ask with this number.
    pub(crate) fn answered(&mut self, number: u64, now: Micros, answer: Answer) {
        let Some(asked) = self.asked.take_if(|asked| asked.number == number) else {
            return;
        };
        if self.clock.learn(asked.at, now, answer.now()) {
            // If the store has begun a new epoch since the ask before, it knows.
            self.has_jumped |= answer.epoch().is_none_or(|epoch| epoch == asked.ask.epoch);
            self.slots.clear();
        }
        self.has_other_terms = matches!(answer, Answer::OtherTerms { .. });
        match answer {
            Answer::Done(told) => self.told(now, &asked.ask, told),
            Answer::TooLate { .. } => {
                self.restore(asked.ask);
                self.ask_at = now + AGAIN;
            }
            Answer::OtherTerms { .. } => {
                self.restore(asked.ask);
                self.ask_at = now + self.terms.beat;
            }
        }
    }

    /// Records that the ask with this number has failed.
    pub(crate) fn failed(&mut self, number: u64, now: Micros) {
        if self
            .asked
            .as_ref()
            .is_some_and(|asked| asked.number == number)
        {
            self.gave_up(now);
        }
    }

    fn begin(&mut self, now: Micros, ask: Ask) -> Step {
        let number = self.next_ask;
        self.next_ask += 1;
        self.is_urgent = false;
        self.asked = Some(Asked {
            number,
            at: now,
            ask: ask.clone(),
        });
        Step::Ask { number, ask }
    }

    fn told(&mut self, now: Micros, ask: &Ask, told: Told) {
        self.known = Some(Known {
            epoch: told.epoch,
            version: told.version,
            members: told.members,
            share: told.share,
            at: now,
        });
        self.lost_since = None;
        self.ask_at = self.clock.at_most(told.come).max(now + 500);
        // The store waits for the news that this process no longer uses its own share.
        self.is_urgent |= ask.is_away;
        self.tickets = tickets(ask.waiting, &told.slots, self.terms.turn);
        if ask.has_jumped {
            self.has_jumped = false;
        }
        if self.has_jumped {
            // Slots by a clock that has jumped may come too early.
            self.unused.extend(told.slots.iter().map(|slot| slot.stamp));
            self.is_urgent = true;
        } else {
            self.slots.extend(told.slots);
            self.slots.make_contiguous().sort_by_key(|slot| slot.stamp);
        }
    }

    fn gave_up(&mut self, now: Micros) {
        if let Some(asked) = self.asked.take() {
            self.restore(asked.ask);
        }
        self.lost_since.get_or_insert(now);
        self.tickets = [0; 2];
        self.ask_at = now + RETRY;
    }

    /// Keeps for the next ask what this one has not brought to the store, as far as is known.
    fn restore(&mut self, ask: Ask) {
        self.unused.extend(ask.unused);
        self.late_sent += ask.late_sent;
        self.pause = self.pause.max(ask.pause);
    }

    fn has_to_ask(&self, now: Micros, waiting: [usize; 2]) -> bool {
        if self.ask_at <= now {
            return true;
        }
        let is_new = self.known.is_none() && self.next_ask == 0;
        let wanted = self.wanted(waiting);
        let wants_more =
            (0..2).any(|class| wanted[class].min(self.terms.turn) > self.tickets[class]);
        self.lost_since.is_none()
            && !self.has_other_terms
            && (self.is_urgent || wants_more || is_new)
    }

    /// Returns how many slots are wanted for each priority, besides those at hand.
    fn wanted(&self, waiting: [usize; 2]) -> [i64; 2] {
        let mut wanted = waiting.map(|count| count as i64);
        for slot in &self.slots {
            wanted[slot.class] = (wanted[slot.class] - 1).max(0);
        }
        wanted
    }

    fn ask(&mut self, now: Micros, waiting: [usize; 2]) -> Ask {
        while self.slots.len() > waiting.iter().sum() {
            self.unused
                .extend(self.slots.pop_back().map(|slot| slot.stamp));
        }
        let known = self.known;
        let kept = self.kept(now);
        Ask {
            waiting: self.wanted(waiting),
            unused: mem::take(&mut self.unused),
            version: known.map_or(0, |known| known.version),
            epoch: known.map_or(0, |known| known.epoch),
            members: kept.map_or(0, |known| known.members),
            share: kept.map_or(0, |known| known.share),
            void: self
                .clock
                .earliest(now)
                .map_or(0, |store| store + self.terms.patience()),
            pause: mem::take(&mut self.pause),
            open: (self.slots.len() + self.started.held().count()) as i64,
            late: self.started.late(),
            late_sent: mem::take(&mut self.late_sent),
            is_away: self.lost_since.is_some() && self.away == Away::Share,
            is_leaving: false,
            has_jumped: self.has_jumped,
        }
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

    /// Returns the time from which the process may use its own share.
    fn own_share_from(&self) -> Option<Micros> {
        self.lost_since
            .map(|since| since + self.terms.own_share_after())
    }

    /// Returns the places of the own share, if the process may use them now.
    fn share(&self, now: Micros) -> Option<i64> {
        if self.away == Away::Refuse || self.own_share_from()? > now {
            return None;
        }
        let share = match self.kept(now) {
            Some(known) => known.share,
            None => self.terms.cap / i64::from(self.at_most?.get()),
        };
        Some(share).filter(|share| *share > 0)
    }

    /// Returns the last answer, unless it is so old that the store may have given away the share of this process.
    fn kept(&self, now: Micros) -> Option<Known> {
        // The store gives it away after `forget`; by then all that was started on it has to be a window old.
        let margin = self.terms.window + self.terms.guard + self.terms.window / 2;
        let is_kept = |known: &Known| now < known.at + self.terms.forget - margin;
        self.known.filter(is_kept)
    }

    fn next_on_share(&self, share: i64) -> Option<Micros> {
        self.own_share
            .next(share - self.started.late(), &self.terms)
    }
}

/// Returns the tickets that stay after these slots.
fn tickets(waiting: [i64; 2], slots: &[Slot], turn: i64) -> [i64; 2] {
    let mut left = waiting;
    for slot in slots {
        left[slot.class] -= 1;
    }
    left.map(|left| left.clamp(0, turn))
}
