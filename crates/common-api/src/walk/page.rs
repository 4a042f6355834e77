//! The information about a page that a walk uses.

use common_model::Odd;

/// The information in an answer about its page and the whole list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct PageInfo {
    /// The rows of the whole list at this moment.
    pub total_count: Option<u64>,
    /// Number of this page according to the answer, from 1.
    pub current_page: Option<u64>,
    /// The most rows that a page can hold.
    pub page_size: Option<u64>,
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

    /// Sets the number of rows in the whole list.
    #[must_use]
    pub fn total_count(mut self, rows: Option<u64>) -> Self {
        self.total_count = rows;
        self
    }

    /// Sets the number of rows that were set aside.
    #[must_use]
    pub fn rows_aside(mut self, rows: u64) -> Self {
        self.rows_aside = rows;
        self
    }

    /// Adds the most rows that a page can hold. Behind a last page that holds fewer nothing can stand.
    #[must_use]
    pub fn page_size(mut self, rows: Option<u64>) -> Self {
        self.page_size = rows;
        self
    }

    /// Adds the number of the page.
    #[must_use]
    pub fn current_page(mut self, page: Option<u64>) -> Self {
        self.current_page = page;
        self
    }
}

/// Counts the rows of a page that were set aside. Of the parts of the wrong type it counts those that are elements
/// of the page's list itself.
pub fn rows_aside(odd: &[Odd]) -> u64 {
    let is_row = |odd: &&Odd| odd.path.ends_with(']') && odd.path.matches('[').count() == 1;
    odd.iter().filter(is_row).count() as u64
}

/// The end of a list, as far as an answer tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ListEnd {
    /// It does not say. Where no page of the walk does, the walk ends with the first page that holds nothing new.
    #[default]
    Unknown,
    /// The list ends with the page of this number.
    AtPage(u64),
    /// The list ends with this page.
    Here,
    /// A next page follows.
    Further,
}

/// The rows of one page, as hashes of their identities.
#[derive(Debug, Clone)]
pub(super) struct Read {
    pub(super) number: u64,
    pub(super) rows: Vec<Option<u64>>,
    pub(super) meta: PageInfo,
}

impl Read {
    /// Whether this is the page after `other`.
    pub(super) fn comes_after(&self, other: &Self) -> bool {
        other.number.checked_add(1) == Some(self.number)
    }

    /// Number of rows, including those that were set aside.
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

    /// Whether the answers' totals do not show that the list has changed between the two.
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

    /// Number of rows by which the list is shorter than at `earlier`.
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

    /// Number of rows by which the list is longer than at `earlier`.
    pub(super) fn rows_gained_since(&self, earlier: &Self) -> u64 {
        earlier.rows_lost_since(self, 1)
    }

    /// Whether this is the page `earlier` after nothing but rows in front came: as many as the total tells pushed its
    /// rows back.
    pub(super) fn is_pushed_from(&self, earlier: &Self) -> bool {
        let gained = usize::try_from(self.rows_gained_since(earlier)).unwrap_or(usize::MAX);
        let kept = earlier.rows.len().saturating_sub(gained);
        gained > 0
            && kept > 0
            && self.rows.len() == earlier.rows.len()
            && self.rows[gained..] == earlier.rows[..kept]
    }

    /// Whether both end with the same row.
    pub(super) fn ends_like(&self, other: &Self) -> bool {
        self.rows.last() == other.rows.last()
    }

    /// The page number for deciding whether this is the last page. An answer with a lower number than was requested
    /// is believed.
    pub(super) fn stand(&self) -> u64 {
        self.meta
            .current_page
            .map_or(self.number, |page| page.min(self.number))
    }
}
