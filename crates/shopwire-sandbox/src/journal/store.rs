//! The stored exchanges, within one budget of bytes.
//!
//! Three parts of an exchange are dropped at different times, always of the oldest exchange first: headers and bodies
//! when the whole is over its budget, query and reasons when all of these are over their share, and the summary
//! when the summaries are over theirs. The shares keep a place for the bodies of new requests however many summaries
//! there are.

use std::collections::VecDeque;
use std::sync::Arc;

use super::entry::{Content, Entry, Kept};
use crate::names::ServiceName;

/// Bytes of everything that is kept.
pub(super) const BUDGET: usize = 32 << 20;

/// Bytes of all summaries, enough for more than 100,000.
const SUMMARIES: usize = 21 << 20;

/// Bytes of all queries and reasons.
const NOTES: usize = 4 << 20;

/// The stored exchanges, oldest first. Their ids follow one another.
#[derive(Debug)]
pub(super) struct Store {
    entries: VecDeque<Box<Entry>>,
    /// The id of the next exchange.
    next: u64,
    /// Exchanges with lower ids have no content any more.
    without_content: u64,
    /// Exchanges with lower ids have no notes any more.
    without_notes: u64,
    summaries: usize,
    notes: usize,
    contents: usize,
    totals: [usize; 3],
}

impl Default for Store {
    fn default() -> Self {
        Self {
            entries: VecDeque::new(),
            next: 1,
            without_content: 1,
            without_notes: 1,
            summaries: 0,
            notes: 0,
            contents: 0,
            totals: [0; 3],
        }
    }
}

impl Store {
    /// Returns the id of the next exchange.
    pub(super) fn next(&self) -> u64 {
        self.next
    }

    /// Adds an exchange, which has the next id.
    pub(super) fn push(&mut self, entry: Entry) {
        self.totals[entry.service as usize] += 1;
        self.next += 1;
        self.summaries += entry.bytes();
        self.notes += entry.notes.as_ref().map_or(0, |notes| notes.bytes());
        self.entries.push_back(Box::new(entry));
        self.shrink();
    }

    /// Returns the number of exchanges with a service, also of those that are not kept.
    pub(super) fn total(&self, service: ServiceName) -> usize {
        self.totals[service as usize]
    }

    /// Returns the bytes of everything that is kept.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.summaries + self.notes + self.contents
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &Entry> + ExactSizeIterator {
        self.entries.iter().map(Box::as_ref)
    }

    pub(super) fn get(&self, id: u64) -> Option<&Entry> {
        self.entries.get(self.index(id)?).map(Box::as_ref)
    }

    /// Changes the summary of a kept exchange. It must not change the length of a text.
    pub(super) fn change(&mut self, id: u64, change: impl FnOnce(&mut Entry)) {
        let entry = self.index(id).and_then(|at| self.entries.get_mut(at));
        entry.map(Box::as_mut).map(change);
    }

    /// Changes query and reasons of an exchange that still has them.
    pub(super) fn change_notes(&mut self, id: u64, change: impl FnOnce(&mut Kept)) {
        let Some(at) = self.index(id).filter(|_| id >= self.without_notes) else {
            return;
        };
        let notes = &mut self.entries[at].notes;
        let before = notes.as_ref().map_or(0, |notes| notes.bytes());
        let kept = Arc::make_mut(notes.get_or_insert_default());
        change(kept);
        self.notes = self.notes + kept.bytes() - before;
        self.shrink();
    }

    /// Changes headers and bodies of an exchange that still has them.
    pub(super) fn change_content(&mut self, id: u64, change: impl FnOnce(&mut Content)) {
        let Some(at) = self.index(id).filter(|_| id >= self.without_content) else {
            return;
        };
        let content = &mut self.entries[at].content;
        let before = content.as_ref().map_or(0, |content| content.bytes());
        let kept = Arc::make_mut(content.get_or_insert_default());
        change(kept);
        self.contents = self.contents + kept.bytes() - before;
        self.shrink();
    }

    /// Drops all exchanges. Ids go on.
    pub(super) fn clear(&mut self) {
        let next = self.next;
        *self = Self {
            next,
            without_content: next,
            without_notes: next,
            ..Self::default()
        };
    }

    fn first(&self) -> u64 {
        self.next - self.entries.len() as u64
    }

    fn index(&self, id: u64) -> Option<usize> {
        usize::try_from(id.checked_sub(self.first())?).ok()
    }

    /// Drops the oldest parts until all are within their bounds.
    fn shrink(&mut self) {
        while self.summaries > SUMMARIES && self.drop_summary() {}
        while self.notes > NOTES && self.drop_notes() {}
        while self.summaries + self.notes + self.contents > BUDGET && self.drop_content() {}
    }

    fn drop_content(&mut self) -> bool {
        let id = self.without_content.max(self.first());
        self.without_content = id + 1;
        let entry = self.index(id).and_then(|at| self.entries.get_mut(at));
        let Some(entry) = entry else { return false };
        self.contents -= entry.content.take().map_or(0, |content| content.bytes());
        true
    }

    fn drop_notes(&mut self) -> bool {
        let id = self.without_notes.max(self.first());
        self.without_notes = id + 1;
        let entry = self.index(id).and_then(|at| self.entries.get_mut(at));
        let Some(entry) = entry else { return false };
        self.notes -= entry.notes.take().map_or(0, |notes| notes.bytes());
        true
    }

    fn drop_summary(&mut self) -> bool {
        let Some(entry) = self.entries.pop_front() else {
            return false;
        };
        self.summaries -= entry.bytes();
        self.notes -= entry.notes.map_or(0, |notes| notes.bytes());
        self.contents -= entry.content.map_or(0, |content| content.bytes());
        true
    }
}

#[cfg(test)]
mod tests;
