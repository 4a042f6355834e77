//! The state behind one key.

use super::{HIGH_IN_A_ROW, Rule};
use crate::terms::{Micros, Terms};

#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) run: u64,
    pub(super) terms: Terms,
    pub(super) epoch: Micros,
    pub(super) last: Micros,
    pub(super) silent: Micros,
    pub(super) version: i64,
    pub(super) held: Micros,
    pub(super) due: Micros,
    pub(super) stretch: i64,
    pub(super) calm: Micros,
    pub(super) stamps: Vec<Micros>,
    pub(super) given: Vec<Given>,
    pub(super) lines: [Vec<String>; 2],
    pub(super) passed: i64,
    pub(super) members: Vec<Member>,
    pub(super) count: i64,
    pub(super) known: i64,
    pub(super) is_closed: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Given {
    pub(super) id: String,
    pub(super) stamp: Micros,
    pub(super) class: usize,
}

#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) id: String,
    pub(super) joined: i64,
    pub(super) seen: Micros,
    pub(super) version: i64,
    pub(super) back: Micros,
    pub(super) open: i64,
    pub(super) late: i64,
    pub(super) come: Micros,
    pub(super) is_away: bool,
    pub(super) refuses: bool,
    pub(super) silent: Micros,
    pub(super) knows: bool,
    pub(super) is_counted: bool,
    pub(super) is_old: bool,
    pub(super) kept: i64,
    pub(super) share: i64,
}

impl State {
    pub(super) fn new(
        old: Option<Self>,
        now: Micros,
        run: u64,
        terms: &Terms,
        without: Option<Rule>,
    ) -> Self {
        let version = old.as_ref().map_or(now, |old| now.max(old.version + 1));
        let hold = match without {
            Some(Rule::Hold) => 0,
            _ => terms.hold(),
        };
        Self {
            run,
            terms: *terms,
            epoch: now,
            last: now,
            silent: 0,
            version,
            held: now + hold,
            due: 0,
            stretch: 0,
            calm: now,
            stamps: Vec::new(),
            given: Vec::new(),
            lines: Default::default(),
            passed: 0,
            members: Vec::new(),
            count: 0,
            known: old.map_or(0, |old| old.count),
            is_closed: true,
        }
    }

    pub(super) fn is_forgotten(&self, member: &Member, now: Micros) -> bool {
        now - member.seen - (self.silent - member.silent) > self.terms.forget
    }

    pub(super) fn change_members(&mut self, now: Micros) {
        self.version = now.max(self.version + 1);
    }

    pub(super) fn forget_stamp(&mut self, stamp: Micros) {
        if let Some(place) = self.stamps.iter().rposition(|known| *known == stamp) {
            self.stamps.remove(place);
        }
    }

    pub(super) fn add_stamp(&mut self, place: usize, stamp: Micros) {
        self.stamps.insert(place, stamp);
        if self.stamps.len() as i64 > self.terms.cap {
            self.stamps.remove(0);
        }
    }

    pub(super) fn next_class(&self) -> usize {
        let is_low = self.lines[0].is_empty() || self.passed >= HIGH_IN_A_ROW;
        usize::from(is_low && !self.lines[1].is_empty())
    }
}
