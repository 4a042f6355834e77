//! When a process asks, and for what.

use std::mem;

use super::{Asked, Keeper, Step};
use crate::{Away, protocol::Ask, terms::Micros};

impl Keeper {
    pub(super) fn has_to_ask(&self, now: Micros, waiting: [usize; 2]) -> bool {
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
    pub(super) fn wanted(&self, waiting: [usize; 2]) -> [i64; 2] {
        let mut wanted = waiting.map(|count| count as i64);
        for slot in &self.slots {
            wanted[slot.class] = (wanted[slot.class] - 1).max(0);
        }
        wanted
    }

    pub(super) fn begin(&mut self, now: Micros, ask: Ask) -> Step {
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

    pub(super) fn ask(&mut self, now: Micros, waiting: [usize; 2]) -> Ask {
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
            is_away: self.lost_since.is_some(),
            refuses: self.away == Away::Refuse,
            is_leaving: false,
            has_jumped: self.has_jumped,
        }
    }
}
