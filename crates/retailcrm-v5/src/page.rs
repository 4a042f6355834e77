//! Operations that answer in pages (acceptance rows R21 to R24).

use common_model::civil::DateTime;
use common_transport::Operation;

use crate::shared::Pagination;

/// The page sizes the service offers (acceptance row RE9).
///
/// ```
/// # use retailcrm_v5::{PageSize, users};
/// let call = users::List::new().limit(PageSize::P50);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PageSize {
    /// 20, the service's default.
    P20,
    /// 50
    P50,
    /// 100, which every list takes.
    P100,
    /// 250, which not every list takes.
    P250,
}

impl From<PageSize> for common_model::Integer {
    fn from(size: PageSize) -> Self {
        i64::from(size).into()
    }
}

impl From<PageSize> for i64 {
    fn from(size: PageSize) -> Self {
        match size {
            PageSize::P20 => 20,
            PageSize::P50 => 50,
            PageSize::P100 => 100,
            PageSize::P250 => 250,
        }
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where the page stands; its `limit` is the number of items in the answer, or the size that was asked for
    /// (acceptance row R23).
    pub pagination: Option<Pagination>,
    /// When the answer was made, where the service says so: in histories.
    pub generated_at: Option<DateTime>,
}

impl<T> Page<T> {
    /// A page.
    pub fn new(items: Vec<T>, pagination: Option<Pagination>) -> Self {
        Self {
            items,
            pagination,
            generated_at: None,
        }
    }

    /// Whether the page says that none follows, at the time it was made.
    pub fn is_last(&self) -> bool {
        let Some(meta) = &self.pagination else {
            return true;
        };
        match (meta.current_page, meta.total_page_count) {
            (Some(current), Some(total)) => current >= total,
            _ => false,
        }
    }
}

/// An operation that answers in pages, numbered from 1.
pub trait Paged: Operation {
    /// What the pages hold.
    type Item;

    /// Asks for a page, and for `size` items where the call names no size.
    fn turn_to(&mut self, page: i64, size: PageSize);

    /// Takes an answer apart.
    fn page(output: Self::Output) -> Page<Self::Item>;

    /// What tells an item from others: its `id`, else its code; none when it has neither.
    fn identity(item: &Self::Item) -> Option<String>;
}

/// A list of changes, which can be read from an id on (acceptance row RE10).
pub trait History: Paged {
    /// Asks for what came after this entry, or from where the filter says without one; for `size` items where the
    /// call names no size. The request names no page: the service refuses one beside an id.
    fn since(&mut self, id: Option<i64>, size: PageSize);

    /// The id of an entry.
    fn id(item: &Self::Item) -> Option<i64>;
}
