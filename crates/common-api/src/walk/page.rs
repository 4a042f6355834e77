//! What a walk is told of a page.

use common_model::Odd;

/// What an answer says of the page it holds and of the list behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct PageInfo {
    /// The rows of the whole list at this moment.
    pub total_count: Option<u64>,
    /// The number of this page, as the answer counts, from 1.
    pub current_page: Option<u64>,
    /// Where the list ends.
    pub end: ListEnd,
    /// The rows of the page that were set aside, since they are not of their type: see [`rows_aside`].
    pub rows_aside: u64,
}

impl PageInfo {
    /// An answer that says where its list ends.
    #[must_use]
    pub fn new(end: ListEnd) -> Self {
        Self {
            end,
            ..Self::default()
        }
    }

    /// Adds the rows of the whole list.
    #[must_use]
    pub fn total_count(mut self, rows: Option<u64>) -> Self {
        self.total_count = rows;
        self
    }

    /// Adds the rows that were set aside.
    #[must_use]
    pub fn rows_aside(mut self, rows: u64) -> Self {
        self.rows_aside = rows;
        self
    }

    /// Adds the number of the page.
    #[must_use]
    pub fn current_page(mut self, page: Option<u64>) -> Self {
        self.current_page = page;
        self
    }
}

/// How many rows of a page were set aside: of the parts that are not of their type, those that are an element of the
/// page's list itself.
pub fn rows_aside(odd: &[Odd]) -> u64 {
    let is_row = |odd: &&Odd| odd.path.ends_with(']') && odd.path.matches('[').count() == 1;
    odd.iter().filter(is_row).count() as u64
}

/// Where a list ends, as far as an answer tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ListEnd {
    /// It does not say. Where no page of the walk does, the walk ends with the first page that holds nothing new.
    #[default]
    Unknown,
    /// With the page of this number.
    AtPage(u64),
    /// With this page.
    Here,
    /// Behind this page: there is a next one.
    Further,
}

/// The rows of one page as a walk sees them: hashes of their identities.
#[derive(Debug, Clone)]
pub(super) struct Read {
    pub(super) number: u64,
    pub(super) rows: Vec<Option<u64>>,
    pub(super) meta: PageInfo,
}

impl Read {
    /// Whether this is the page behind `other`.
    pub(super) fn comes_after(&self, other: &Self) -> bool {
        other.number.checked_add(1) == Some(self.number)
    }

    /// With those that were set aside.
    pub(super) fn rows_in_all(&self) -> u64 {
        (self.rows.len() as u64).saturating_add(self.meta.rows_aside)
    }

    pub(super) fn has_no_identity(&self) -> bool {
        !self.rows.is_empty() && self.rows.iter().all(Option::is_none)
    }

    /// Whether both hold the same rows, as far as rows can be told apart.
    pub(super) fn has_rows_of(&self, other: &Self) -> bool {
        !self.rows.is_empty() && !self.has_no_identity() && self.rows == other.rows
    }

    /// Whether nothing that the answers say tells the list of the one from the list of the other.
    pub(super) fn has_totals_of(&self, other: &Self) -> bool {
        let (mine, theirs) = (self.meta, other.meta);
        match (mine.total_count, theirs.total_count) {
            (Some(mine), Some(theirs)) => mine == theirs,
            _ => match (mine.end, theirs.end) {
                (ListEnd::AtPage(mine), ListEnd::AtPage(theirs)) => mine == theirs,
                _ => true,
            },
        }
    }

    /// By how many rows the list is shorter than it was for `earlier`.
    pub(super) fn rows_lost_since(&self, earlier: &Self, size: u64) -> u64 {
        match (earlier.meta.total_count, self.meta.total_count) {
            (Some(before), Some(now)) => before.saturating_sub(now),
            _ => match (earlier.meta.end, self.meta.end) {
                (ListEnd::AtPage(before), ListEnd::AtPage(now)) => {
                    before.saturating_sub(now).saturating_mul(size)
                }
                _ => 0,
            },
        }
    }

    /// By how many rows the list is longer than it was for `earlier`.
    pub(super) fn rows_gained_since(&self, earlier: &Self) -> u64 {
        earlier.rows_lost_since(self, 1)
    }

    /// Whether both end with the same row.
    pub(super) fn ends_like(&self, other: &Self) -> bool {
        self.rows.last() == other.rows.last()
    }

    /// The number of the page for the question whether it is the last: an answer that says it holds an earlier
    /// page than was asked for is believed.
    pub(super) fn stand(&self) -> u64 {
        self.meta
            .current_page
            .map_or(self.number, |page| page.min(self.number))
    }
}
