//! The script once more, in Rust: for virtual time, and to be compared with the script.

use crate::{
    protocol::Ask,
    terms::{Micros, Terms},
};

mod rules;
mod state;

pub(super) use rules::Rule;
use state::{Given, Member, State};

const HIGH_IN_A_ROW: i64 = 3;
const CLOCK_SLACK: Micros = 1_000;
const CATCH_UP: Micros = 2_000;
const STRETCH_STEP: i64 = 40;
const LONGEST_STRETCH: i64 = 3_000;
const CALM: i64 = 40;

/// The store: what stands under one key.
#[derive(Debug, Clone, Default)]
pub(super) struct Twin {
    state: Option<State>,
    without: Option<Rule>,
}

impl Twin {
    /// A store that leaves out a rule.
    pub(super) fn without(rule: Option<Rule>) -> Self {
        Self {
            state: None,
            without: rule,
        }
    }

    /// One ask, executed at `now` by the store's clock in this run of the server.
    pub(super) fn step(
        &mut self,
        now: Micros,
        run: u64,
        id: &str,
        terms: &Terms,
        ask: &Ask,
    ) -> Vec<i64> {
        if ask.void > 0 && now > ask.void && self.without != Some(Rule::Void) {
            return vec![0, now];
        }
        let mut old = self.state.clone();
        if let Some(state) = &old
            && state.terms != *terms
        {
            let others = state.members.iter().filter(|member| member.id != id);
            if others
                .into_iter()
                .any(|member| !state.is_forgotten(member, now))
            {
                return vec![2, now];
            }
            old = None;
        }
        let jumped = |state: &State| {
            ask.has_jumped && ask.epoch == state.epoch && self.without != Some(Rule::Jump)
        };
        let mut state = match old {
            Some(state)
                if state.run == run && now >= state.last - CLOCK_SLACK && !jumped(&state) =>
            {
                state
            }
            old => State::new(old, now, run, terms, self.without),
        };
        if now - state.last > terms.absent {
            state.silent += now - state.last;
        }
        state.last = state.last.max(now);
        let is_stray = |member: &Member| {
            member.id == id && member.knows && ask.epoch > 0 && ask.epoch != state.epoch
        };
        if state.members.iter().any(is_stray) {
            return vec![0, now];
        }
        let mut turn = Turn {
            state: &mut state,
            now,
            id,
            ask,
            terms,
            without: self.without,
        };
        let answer = turn.answer();
        self.state = Some(state);
        answer
    }

    /// Forgets everything, as a store does that comes back empty.
    pub(super) fn clear(&mut self) {
        self.state = None;
    }
}

/// One ask at work.
struct Turn<'a> {
    state: &'a mut State,
    now: Micros,
    id: &'a str,
    ask: &'a Ask,
    terms: &'a Terms,
    without: Option<Rule>,
}

/// What the members leave.
struct Places {
    /// For stamps.
    left: i64,
    my_share: i64,
}

impl Turn<'_> {
    fn answer(&mut self) -> Vec<i64> {
        let me = self.come_in();
        let places = self.places(me);
        self.refusals();
        self.settle_stamps();
        if self.ask.is_leaving {
            return self.leave(me);
        }
        self.keep_tickets(0, self.ask.waiting[0]);
        self.keep_tickets(1, self.ask.waiting[1]);
        self.give(me, places.left);
        let (mine, others): (Vec<_>, Vec<_>) = self
            .state
            .given
            .drain(..)
            .partition(|slot| slot.id == self.id);
        self.state.given = others;
        if self.without != Some(Rule::Open) {
            self.state.members[me].open += mine.len() as i64;
        }
        for class in 0..2 {
            let told = mine.iter().filter(|slot| slot.class == class).count() as i64;
            self.keep_tickets(class, (self.ask.waiting[class] - told).max(0));
        }
        let come = self.come(places.left);
        self.state.members[me].come = come;
        let state = &self.state;
        let mut answer = vec![
            1,
            self.now,
            state.epoch,
            state.version,
            state.count,
            places.my_share,
            come,
        ];
        answer.extend(
            mine.iter()
                .flat_map(|slot| [slot.stamp, slot.class as i64 + 1]),
        );
        answer
    }

    /// Finds the asker among the members, or makes it one. Returns its place.
    fn come_in(&mut self) -> usize {
        let (now, ask, terms) = (self.now, self.ask, self.terms);
        let came_back = ask.epoch > 0 && ask.epoch != self.state.epoch;
        if came_back {
            self.state.known = self.state.known.max(ask.members);
        }
        for place in (0..self.state.members.len()).rev() {
            let member = &self.state.members[place];
            if member.id != self.id && self.state.is_forgotten(member, now) {
                self.state.members.remove(place);
                self.state.change_members(now);
            }
        }
        let known = self
            .state
            .members
            .iter()
            .position(|member| member.id == self.id);
        let me = known.unwrap_or_else(|| {
            self.state.change_members(now);
            let back = if ask.epoch > 0 {
                now + terms.window + terms.guard
            } else {
                0
            };
            self.state.members.push(Member {
                id: self.id.to_owned(),
                joined: self.state.version,
                seen: now,
                version: 0,
                back,
                open: 0,
                late: 0,
                come: now,
                is_away: false,
                refuses: false,
                silent: 0,
                knows: !came_back,
                is_counted: came_back && ask.members > 0,
                is_old: false,
                kept: if came_back { ask.share } else { 0 },
                share: ask.share,
            });
            self.state.members.len() - 1
        });
        let silent = self.state.silent;
        let epoch = self.state.epoch;
        let member = &mut self.state.members[me];
        if ask.epoch == epoch {
            member.knows = true;
            member.is_old = member.is_counted;
        }
        if !ask.is_away && (member.is_away || now - member.seen > terms.absent) {
            member.back = now + terms.window + terms.guard;
        }
        member.seen = now;
        member.version = if came_back { 0 } else { ask.version };
        member.open = if self.without == Some(Rule::Open) {
            0
        } else {
            ask.open
        };
        member.late = if self.without == Some(Rule::Late) {
            0
        } else {
            ask.late
        };
        member.is_away = ask.is_away;
        member.refuses = ask.refuses;
        member.silent = silent;
        self.count_the_lost();
        me
    }

    fn count_the_lost(&mut self) {
        let (now, state) = (self.now, &mut *self.state);
        if now - state.silent > state.epoch + self.terms.forget {
            state.known = 0;
        }
        let old = state.members.iter().filter(|member| member.is_old).count() as i64;
        let lost = (state.known - old).max(0);
        let is_young = now < state.epoch + self.terms.hold() && self.without != Some(Rule::Hold);
        let is_closed = lost > 0 || is_young;
        if state.is_closed && !is_closed {
            state.change_members(now);
            for member in &mut state.members {
                member.joined = state.version;
            }
        }
        state.is_closed = is_closed;
        let counted = state
            .members
            .iter()
            .filter(|member| member.is_counted)
            .count() as i64;
        state.count = state.members.len() as i64 - counted + state.known.max(counted);
    }

    fn places(&mut self, me: usize) -> Places {
        let (now, cap) = (self.now, self.terms.cap);
        let absent = self.terms.absent;
        let state = &mut *self.state;
        let members = state.members.len() as i64;
        let share_of_each = match self.without {
            Some(Rule::WholeShare) => (cap + members - 1) / members,
            _ => cap / members,
        };
        let is_closed = state.is_closed && self.without != Some(Rule::SharesOfTheLost);
        let share_of = |member: &Member| {
            if is_closed {
                member.kept
            } else {
                share_of_each
            }
        };
        let mut left = match is_closed {
            true => state.members.iter().map(|member| member.kept).sum(),
            false => cap,
        };
        let mut my_share = share_of(&state.members[me]);
        let asker = &mut state.members[me];
        if asker.version == state.version
            && (asker.back <= now || self.without == Some(Rule::ShareOfTheReturned))
        {
            asker.share = my_share;
        }
        let joined = asker.joined;
        for (place, member) in state.members.iter().enumerate() {
            let is_unseen =
                member.is_away || !member.knows || now - member.seen > absent || member.back > now;
            if is_unseen && self.without != Some(Rule::ShareOfTheAbsent) {
                let kept_back = match self.without {
                    _ if member.refuses => 0,
                    Some(Rule::LargestShare) => share_of(member),
                    _ => share_of(member).max(member.share),
                };
                left -= kept_back.max(member.open);
            } else if now + self.terms.ahead - member.seen > self.terms.window {
                left -= member.open;
            }
            left -= member.late;
            if place != me && member.version < joined && self.without != Some(Rule::Acknowledged) {
                my_share = 0;
            }
        }
        let member = &mut state.members[me];
        member.share = member.share.max(my_share);
        Places {
            left: left.max(0),
            my_share,
        }
    }

    fn refusals(&mut self) {
        let (now, state) = (self.now, &mut *self.state);
        if self.ask.pause > 0 {
            state.held = state.held.max(now + self.ask.pause);
            if now > state.calm {
                state.stretch = LONGEST_STRETCH.min(state.stretch + STRETCH_STEP);
                state.calm = now;
            }
        } else if state.stretch > 0 && now - state.calm >= CALM * self.terms.window {
            state.stretch -= STRETCH_STEP;
            state.calm = now;
        }
    }

    fn settle_stamps(&mut self) {
        let (now, state) = (self.now, &mut *self.state);
        for stamp in &self.ask.unused {
            state.forget_stamp(*stamp);
        }
        if self.without != Some(Rule::Late) {
            for _ in 0..self.ask.late_sent {
                let place = state.stamps.iter().rposition(|stamp| *stamp <= now);
                state.add_stamp(place.map_or(0, |place| place + 1), now);
            }
        }
        for place in (0..state.given.len()).rev() {
            let slot = &state.given[place];
            let is_mine = self.ask.is_leaving && slot.id == self.id;
            if slot.stamp + self.terms.age < now || is_mine {
                let slot = state.given.remove(place);
                state.forget_stamp(slot.stamp);
            }
        }
    }

    fn keep_tickets(&mut self, class: usize, wanted: i64) {
        let wanted = wanted.min(self.terms.turn);
        let given = self.state.given.iter();
        let given = given
            .filter(|slot| slot.id == self.id && slot.class == class)
            .count();
        let line = &mut self.state.lines[class];
        let mut have = (line.iter().filter(|owner| *owner == self.id).count() + given) as i64;
        for _ in have..wanted {
            line.push(self.id.to_owned());
        }
        for place in (0..line.len()).rev() {
            if have > wanted && line[place] == self.id {
                line.remove(place);
                have -= 1;
            }
        }
    }

    fn leave(&mut self, me: usize) -> Vec<i64> {
        self.keep_tickets(0, 0);
        self.keep_tickets(1, 0);
        let me = self.state.members.remove(me);
        self.state.known = (self.state.known - i64::from(me.is_counted)).max(0);
        self.state.count = (self.state.count - 1).max(0);
        self.state.change_members(self.now);
        let members = self.state.count;
        vec![
            1,
            self.now,
            self.state.epoch,
            self.state.version,
            members,
            0,
            self.now,
        ]
    }

    fn gap(&self, left: i64) -> Micros {
        match left {
            0 => self.terms.window,
            left => self.terms.window / left * (1_000 + self.state.stretch) / 1_000,
        }
    }

    fn next_stamp(&self, left: i64) -> Micros {
        let state = &self.state;
        let stamp = state.due.max(state.held).max(self.now);
        let guard = if self.without == Some(Rule::Guard) {
            0
        } else {
            self.terms.guard
        };
        let oldest = state.stamps.len().checked_sub(left as usize);
        match oldest.filter(|_| left > 0) {
            Some(place) => stamp.max(state.stamps[place] + self.terms.window + guard),
            None => stamp,
        }
    }

    fn give(&mut self, me: usize, left: i64) {
        let gap = self.gap(left);
        while left > 0 && self.state.lines.iter().any(|line| !line.is_empty()) {
            let stamp = self.next_stamp(left);
            if stamp > self.now + self.terms.ahead {
                break;
            }
            let state = &mut *self.state;
            let class = state.next_class();
            if class == 1 {
                state.passed = 0;
            } else if !state.lines[1].is_empty() {
                state.passed += 1;
            }
            let owner = state.lines[class].remove(0);
            let place = state.members.iter().position(|member| member.id == owner);
            let is_there = place.is_some_and(|place| {
                let member = &state.members[place];
                !member.is_away && (place == me || member.come + self.terms.age >= self.now)
            });
            if is_there {
                state.add_stamp(state.stamps.len(), stamp);
                state.due = (state.due + gap).max(stamp + gap - CATCH_UP.min(gap - 1));
                state.given.push(Given {
                    id: owner,
                    stamp,
                    class,
                });
            }
        }
    }

    fn come(&self, left: i64) -> Micros {
        let state = &self.state;
        let mut come = self.now + self.terms.beat;
        for (class, line) in state.lines.iter().enumerate() {
            let Some(ahead) = line.iter().position(|owner| owner == self.id) else {
                continue;
            };
            let mut before = ahead as i64;
            if class == 1 {
                let passing = (HIGH_IN_A_ROW * (before + 1) - state.passed).max(0);
                before += passing.min(state.lines[0].len() as i64);
            }
            let turn = match left {
                0 => self.now + self.terms.window / 10,
                left => self.next_stamp(left) + before * self.gap(left),
            };
            come = come.min((turn - self.terms.ahead / 2).max(self.now + 500));
        }
        come
    }
}
