//! What a portion of a history means for whoever reads on by ids. It does no IO.

use common_model::Odd;

use super::{History, Page};
use crate::walk::{ListEnd, SeenRows};

/// How far a history was read.
#[derive(Debug, Default)]
pub(super) struct Reading {
    start: Option<i64>,
    /// The highest id that was read.
    pub(super) since: Option<i64>,
    given: SeenRows,
    /// How many changes without an id were given out that stand behind the position.
    pub(super) unnamed: usize,
    /// How often the position has stayed where it is.
    pub(super) stayed: u32,
    /// What of the last portion was set aside.
    pub(super) odd: Vec<Odd>,
}

/// What a portion means for the reading.
pub(super) enum Next {
    /// The position rose, or there is something to give.
    Given { is_last: bool },
    /// Nothing is newer.
    Nothing,
    /// Nothing came, and the service counts so many portions.
    Missing { portions: u64 },
}

impl Reading {
    /// Behind this change, and behind so many without an id that follow it.
    pub(super) fn behind(since: Option<i64>, unnamed: usize) -> Self {
        Self {
            start: since,
            since,
            unnamed,
            ..Self::default()
        }
    }

    /// Goes on behind a later change.
    pub(super) fn skip_to(&mut self, id: i64) {
        let id = self.since.map_or(id, |since| since.max(id));
        (self.since, self.start) = (Some(id), Some(id));
        (self.stayed, self.unnamed) = (0, 0);
    }

    /// Takes the portion in: leaves in it what is to be given out, and moves the position.
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

/// Where the changes without an id stand in a portion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Unnamed {
    /// Before the first id: perhaps those that stood behind the last one of the portion before.
    before: usize,
    /// Behind the highest id: those that the next portion begins with.
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

/// The portions behind this one. Where the answer does not say, a portion that is not empty may have one behind it.
fn left<T>(portion: &Page<T>) -> u64 {
    match portion.end {
        ListEnd::AtPage(last) => last.saturating_sub(portion.current_page.unwrap_or(1)),
        ListEnd::Here => 0,
        ListEnd::Further => 1,
        ListEnd::Unknown => u64::from(!portion.items.is_empty()),
    }
}
