//! Evaluation of the portions of a history, without IO: new changes, next position, end.

use common_model::Odd;

use super::{History, Page};
use crate::walk::{ListEnd, SeenRows};

/// Progress of the reading of a history.
#[derive(Debug, Default)]
pub(super) struct Reading {
    start: Option<i64>,
    /// The highest id that was read.
    pub(super) since: Option<i64>,
    given: SeenRows,
    /// Number of changes without an id that were returned and come after the position.
    pub(super) unnamed: usize,
    /// Number of portions in a row that did not advance the position.
    pub(super) stayed: u32,
    /// Parts of the last portion that were set aside.
    pub(super) odd: Vec<Odd>,
}

/// The outcome of a portion.
pub(super) enum Next {
    /// The position advanced, or there are changes to return.
    Given { is_last: bool },
    /// There is nothing newer.
    Nothing,
    /// The portion is empty, although the service counts this number of portions.
    Missing { portions: u64 },
}

impl Reading {
    /// Starts after this change and after `unnamed` changes without an id that follow it.
    pub(super) fn behind(since: Option<i64>, unnamed: usize) -> Self {
        Self {
            start: since,
            since,
            unnamed,
            ..Self::default()
        }
    }

    /// Continues after a later change.
    pub(super) fn skip_to(&mut self, id: i64) {
        let id = self.since.map_or(id, |since| since.max(id));
        (self.since, self.start) = (Some(id), Some(id));
        (self.stayed, self.unnamed) = (0, 0);
    }

    /// Evaluates a portion: leaves only the new changes in it, and advances the position.
    pub(super) fn read<O: History>(&mut self, portion: &mut Page<O::Item>) -> Next {
        let left = left(portion);
        let newest = portion.items.iter().filter_map(O::id).max();
        let has_risen = newest > self.since;
        let order = Unnamed::of(portion.items.iter().map(O::id));
        let known = self.unnamed.min(order.before);
        self.unnamed = match has_risen {
            true => order.behind,
            false => self.unnamed.max(order.before),
        };
        let (start, given, mut met) = (self.start, &mut self.given, 0);
        portion.items.retain(|item| match O::id(item) {
            Some(id) => start.is_none_or(|start| id > start) && given.insert(id.cast_unsigned()),
            None => {
                met += 1;
                met > known
            }
        });
        self.since = self.since.max(newest);
        self.odd.clone_from(&portion.odd);
        self.stayed = if has_risen { 0 } else { self.stayed + 1 };
        let is_empty = portion.items.is_empty();
        if left == 0 {
            self.stayed = 0;
            return match is_empty {
                true => Next::Nothing,
                false => Next::Given { is_last: true },
            };
        }
        if is_empty && !has_risen {
            let portions = portion.page_count().unwrap_or(1);
            return Next::Missing { portions };
        }
        Next::Given { is_last: false }
    }
}

/// Places of the changes without an id in a portion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Unnamed {
    /// Number before the first id. They may be the changes after the last id of the previous portion.
    before: usize,
    /// Number after the highest id. The next portion begins with them.
    behind: usize,
}

impl Unnamed {
    fn of(ids: impl Iterator<Item = Option<i64>>) -> Self {
        let mut unnamed = Self {
            before: 0,
            behind: 0,
        };
        let mut highest = None;
        for id in ids {
            match id {
                None if highest.is_none() => unnamed.before += 1,
                None => unnamed.behind += 1,
                Some(_) if id > highest => (highest, unnamed.behind) = (id, 0),
                Some(_) => {}
            }
        }
        unnamed
    }
}

/// Number of portions after this one. When the response does not tell, a portion with changes counts as followed by
/// one.
fn left<T>(portion: &Page<T>) -> u64 {
    match portion.end {
        ListEnd::AtPage(last) => last.saturating_sub(portion.current_page.unwrap_or(1)),
        ListEnd::Here => 0,
        ListEnd::Further => 1,
        ListEnd::Unknown => u64::from(!portion.items.is_empty()),
    }
}
