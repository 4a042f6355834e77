//! The pace of a process on its own share, while it cannot reach the store.

use std::collections::VecDeque;

use crate::terms::{Micros, Terms};

/// A start that comes late by less does not delay all later ones.
const CATCH_UP: Micros = 2_000;

/// The starts on the own share, oldest first. Times are of the process.
#[derive(Debug, Default)]
pub(super) struct OwnShare {
    starts: VecDeque<(u64, Micros)>,
    due: Micros,
}

impl OwnShare {
    /// Returns the time of the next start, if `places` are left of the share; `None` if none is left.
    pub(super) fn next(&self, places: i64, terms: &Terms) -> Option<Micros> {
        let places = usize::try_from(places).ok().filter(|places| *places > 0)?;
        let oldest = self
            .starts
            .len()
            .checked_sub(places)
            .map(|place| self.starts[place].1);
        let free = oldest.map_or(Micros::MIN, |at| at + terms.window + terms.guard);
        Some(free.max(self.due))
    }

    /// Records a start.
    pub(super) fn start(&mut self, number: u64, now: Micros, share: i64, terms: &Terms) {
        let gap = terms.window / share.max(1);
        self.due = (self.due + gap).max(now + gap - CATCH_UP.min(gap));
        self.leave(number, now, terms);
    }

    /// Records a departure.
    pub(super) fn leave(&mut self, number: u64, now: Micros, terms: &Terms) {
        self.starts.push_back((number, now));
        if self.starts.len() as i64 > terms.cap {
            self.starts.pop_front();
        }
    }

    /// Forgets a start whose request has not left.
    pub(super) fn withdraw(&mut self, number: u64) {
        self.starts.retain(|(start, _)| *start != number);
    }

    /// Whether every departure is at least a window old.
    pub(super) fn is_quiet(&self, now: Micros, terms: &Terms) -> bool {
        let last = self.starts.back();
        last.is_none_or(|(_, at)| at + terms.window + terms.guard <= now)
    }
}
