//! One page, whatever service it came from.

use common_model::{Odd, civil::DateTime};

use crate::walk::ListEnd;
#[cfg(feature = "client")]
use crate::walk::{PageInfo, rows_aside};

/// One page of a list, or one portion of a history.
///
/// A count that the answer lacks, or that is not a number there, is `None`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Number of items in the whole list, when the answer was made.
    pub total_count: Option<u64>,
    /// Number of this page according to the answer, from 1.
    pub current_page: Option<u64>,
    /// The most items that a page of this list holds, where the answer says so.
    pub page_size: Option<u64>,
    /// Where the list ends, when the answer was made.
    pub end: ListEnd,
    /// Where the next page is, for services that link their pages: as it came.
    pub next: Option<String>,
    /// When the answer was made: histories of RetailCRM say so, in the account's own time.
    pub generated_at: Option<DateTime>,
    /// The parts of the answer that were set aside, since they are not of their type.
    pub odd: Vec<Odd>,
}

impl<T> Page<T> {
    /// A page of which nothing else is known.
    #[must_use]
    pub fn new(items: Vec<T>) -> Self {
        Self {
            items,
            total_count: None,
            current_page: None,
            page_size: None,
            end: ListEnd::Unknown,
            next: None,
            generated_at: None,
            odd: Vec::new(),
        }
    }

    /// Whether the answer says that no page follows. An answer that does not say where its list ends says no.
    pub fn is_last(&self) -> bool {
        match self.end {
            ListEnd::Here => true,
            ListEnd::AtPage(last) => self.current_page.is_some_and(|current| current >= last),
            _ => false,
        }
    }

    /// The pages of the whole list, where the answer counts them.
    pub fn page_count(&self) -> Option<u64> {
        match self.end {
            ListEnd::AtPage(last) => Some(last),
            _ => None,
        }
    }

    /// What a walk is told.
    #[cfg(feature = "client")]
    pub(super) fn meta(&self) -> PageInfo {
        PageInfo::new(self.end)
            .total_count(self.total_count)
            .current_page(self.current_page)
            .page_size(self.page_size)
            .rows_aside(rows_aside(&self.odd))
    }

    /// Keeps the items whose place is marked, and those without a mark.
    #[cfg(feature = "client")]
    pub(super) fn retain(&mut self, marks: Vec<bool>) {
        let mut marks = marks.into_iter();
        self.items.retain(|_| marks.next().unwrap_or(true));
    }
}
