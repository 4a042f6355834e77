//! One page of a list, the same type for all services.

use common_model::{Odd, civil::DateTime};

use crate::walk::ListEnd;
#[cfg(feature = "client")]
use crate::walk::{PageInfo, rows_aside};

/// One page of a list, or one portion of a history.
///
/// A count is `None` when the response lacks it or holds something other than a number.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Number of items in the whole list at the time of the response.
    pub total_count: Option<u64>,
    /// Number of this page according to the response, from 1. A walk may read a page again, so the numbers may go back.
    pub current_page: Option<u64>,
    /// Maximum number of items on a page of this list.
    pub page_size: Option<u64>,
    /// End of the list at the time of the response.
    pub end: ListEnd,
    /// Link to the next page, unchanged, for services that link their pages.
    pub next: Option<String>,
    /// Time at which the response was generated, in the account's time zone; only in histories of RetailCRM.
    pub generated_at: Option<DateTime>,
    /// The parts of the response that were set aside because they have the wrong type.
    pub odd: Vec<Odd>,
}

impl<T> Page<T> {
    /// A page with these items and no further information.
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

    /// Sets the link to the next page. A page without a link, or with an empty one, is the last.
    pub fn set_next(&mut self, next: Option<String>) {
        self.next = next.filter(|next| !next.is_empty());
        self.end = match self.next {
            Some(_) => ListEnd::Further,
            None => ListEnd::Here,
        };
    }

    /// Whether the response says that this is the last page. `false` when the response does not say where the list
    /// ends.
    pub fn is_last(&self) -> bool {
        match self.end {
            ListEnd::Here => true,
            ListEnd::AtPage(last) => self.current_page.is_some_and(|current| current >= last),
            _ => false,
        }
    }

    /// Number of pages in the whole list, when the response has it.
    pub fn page_count(&self) -> Option<u64> {
        match self.end {
            ListEnd::AtPage(last) => Some(last),
            _ => None,
        }
    }

    /// The information about the page for the walk.
    #[cfg(feature = "client")]
    pub(super) fn meta(&self) -> PageInfo {
        PageInfo::new(self.end)
            .total_count(self.total_count)
            .current_page(self.current_page)
            .page_size(self.page_size)
            .rows_aside(rows_aside(&self.odd))
    }

    /// Keeps the items whose mark is `true`, and items without a mark.
    #[cfg(feature = "client")]
    pub(super) fn retain(&mut self, marks: Vec<bool>) {
        let mut marks = marks.into_iter();
        self.items.retain(|_| marks.next().unwrap_or(true));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // C1
    #[test]
    fn c1_a_page_with_a_link_is_not_the_last() {
        let mut page = Page::new(vec![1]);
        for (next, end) in [
            (Some("?page=2"), ListEnd::Further),
            (Some(""), ListEnd::Here),
            (None, ListEnd::Here),
        ] {
            page.set_next(next.map(str::to_owned));
            assert_eq!(page.next.as_deref(), next.filter(|next| !next.is_empty()));
            assert_eq!(page.end, end);
        }
    }
}
