//! The answers of the store, and their absence.

use super::{AGAIN, Keeper, Known, RETRY};
use crate::{
    protocol::{Answer, Ask, Slot, Told},
    terms::Micros,
};

impl Keeper {
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

    pub(super) fn gave_up(&mut self, now: Micros) {
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
}

/// Returns the tickets that stay after these slots.
fn tickets(waiting: [i64; 2], slots: &[Slot], turn: i64) -> [i64; 2] {
    let mut left = waiting;
    for slot in slots {
        left[slot.class] -= 1;
    }
    left.map(|left| left.clamp(0, turn))
}
