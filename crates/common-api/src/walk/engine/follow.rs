//! The check whether a page follows the rows seen so far, and the steps back when it may not.

use std::hash::BuildHasher as _;

use super::{Care, Held, Read, Walk};

/// Number of pages before a loss that are read a second time: they may have lost rows unnoticed.
const LOOK_BACK: u64 = 8;

/// Number of page boundaries after a loss that are checked from both sides.
pub(super) const GUARDED: u32 = 8;

/// A list that loses rows more often than once in this number of pages is restless.
const PAGES_PER_LOSS: u64 = 16;

impl<P> Walk<P> {
    /// Whether the list loses rows so often that each boundary is checked from both sides.
    pub(super) fn is_restless(&self) -> bool {
        self.care == Care::Always
            || (self.losses > 0 && self.losses.saturating_mul(PAGES_PER_LOSS) >= self.highest)
    }

    /// Whether the next boundary is checked from both sides.
    fn is_guarded(&self) -> bool {
        self.care != Care::OnHints || self.is_restless() || self.guarded > 0
    }

    /// Whether no unseen row can stand before this page: it begins the list, it holds a row that was seen, or there is
    /// no hint that the list has changed since the previous page.
    pub(super) fn follows(&self, read: &Read) -> bool {
        let Some(front) = &self.front else {
            return true;
        };
        if read.number <= self.floor || read.has_no_identity() || self.has_seen(read) {
            return true;
        }
        // The same page again, unchanged, even if empty.
        let is_again = read.number == front.number && read.rows == front.rows;
        let comes_after = read.comes_after(front) && read.has_totals_of(front);
        is_again || (comes_after && !self.is_guarded())
    }

    pub(super) fn has_seen(&self, read: &Read) -> bool {
        self.seen_on(read) > 0
    }

    /// Number of rows of this page that were seen.
    pub(super) fn seen_on(&self, read: &Read) -> u64 {
        let rows = read.rows.iter().flatten();
        rows.filter(|row| self.seen.contains(**row)).count() as u64
    }

    /// Moves the front to this page.
    pub(super) fn accept(&mut self, read: Read, page: P) {
        let front = self.front.as_ref();
        self.is_front_confirmed = front.is_some_and(|front| front.number == read.number);
        self.is_front_early = false;
        self.give(&read, page);
        if read.number > self.reached {
            self.reached = read.number;
            self.aside = self.aside.saturating_add(read.meta.rows_aside);
            let places = read
                .rows
                .iter()
                .map(|row| self.hasher.hash_one((read.number, row)));
            self.trail[0] = places.fold(self.trail[0], u64::wrapping_add);
        }
        self.highest = self.highest.max(read.number);
        self.front = Some(read);
    }

    /// Makes the new rows of a page ready to be returned.
    fn give(&mut self, read: &Read, page: P) {
        let is_first = read.number > self.highest;
        let seen = &mut self.seen;
        let mut fresh = |row: &Option<u64>| row.map_or(is_first, |row| seen.insert(row));
        let fresh: Vec<bool> = read.rows.iter().map(&mut fresh).collect();
        let new = fresh.iter().filter(|is_new| **is_new).count();
        self.given += new as u64;
        if new > 0 {
            self.ready.push_back((page, fresh));
        }
    }

    /// Accepts the page that was held back, if the previous page, read again, shows that it follows.
    pub(super) fn accept_held(&mut self) {
        let Some(front) = &self.front else { return };
        let Some(held) = self.held.take() else { return };
        if !held.read.comes_after(front) {
            // The walk has not reached it yet.
            self.held = (held.read.number > front.number).then_some(held);
            return;
        }
        let overlaps = self.has_seen(&held.read);
        let is_quiet = self.care == Care::OnHints && !self.is_restless() && !held.disturbed;
        let is_still = !held.disturbed && !overlaps && front.rows == held.before.rows;
        // The page before ended with the same row before and after the held one was read.
        let dips = held.read.rows_lost_since(&held.before, 1) > 0
            && front.rows_lost_since(&held.read, 1) == 0
            && !front.has_totals_of(&held.read);
        let is_bracketed = held.age == 1 && front.ends_like(&held.before) && !dips;
        // It came with the same total as the page before, and only then rows came in front.
        let is_pushed = held.age == 1
            && held.read.has_totals_of(&held.before)
            && front.is_pushed_from(&held.before);
        if overlaps || is_quiet || is_bracketed || is_pushed {
            self.guarded = self.guarded.saturating_sub(1);
            if held.disturbed {
                self.guarded = self.guarded.max(1);
            }
            self.accept(held.read, held.page);
            if is_still {
                self.accept_ahead();
            }
        } else if self.pass > 0 {
            // In a later pass, the rows say nothing about rows before them, so none has to wait.
            self.give(&held.read, held.page);
        }
    }

    /// Goes back to an earlier page, since unseen rows may stand between the front and this page.
    pub(super) fn step_back(&mut self, read: Read, page: P) {
        let Some(front) = &self.front else { return };
        let lost = read.rows_lost_since(front, self.size);
        let pages = lost.div_ceil(self.size.max(1)).max(1);
        let mut target = read.number.saturating_sub(pages);
        if lost > 0 {
            let unchecked = self.looked_back.saturating_add(1);
            target = target.min(unchecked.max(read.number.saturating_sub(LOOK_BACK)));
            self.looked_back = self.looked_back.max(read.number - 1);
            self.guarded = GUARDED;
        }
        self.ask = target.clamp(self.floor, read.number.saturating_sub(1).max(self.floor));
        if read.comes_after(front) {
            self.held = Some(Held {
                before: front.clone(),
                read,
                page,
                age: 0,
                disturbed: false,
            });
        }
    }
}
