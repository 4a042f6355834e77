//! Operations that answer in pages.

use common_api::{Layout, Page, RawItem, WireFormat as _, walk::ListEnd};
use common_model::from_json;

use crate::{shared::Pagination, wire::Wire};

/// The page sizes that the service offers.
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

/// The items of an answer with the pagination of their list. Numbers below zero are ignored.
///
/// `limit` is the number of items in the answer, or the size that was asked for; the documents leave it open. Either way
/// a page with fewer items is the last one.
pub(crate) fn page<T>(items: Vec<T>, pagination: Option<Pagination>) -> Page<T> {
    let mut page = Page::new(items);
    tell(&mut page, pagination.as_ref());
    page
}

fn tell<T>(page: &mut Page<T>, pagination: Option<&Pagination>) {
    let number = |of: fn(&Pagination) -> Option<i64>| u64::try_from(pagination.and_then(of)?).ok();
    page.total_count = number(|known| known.total_count);
    page.current_page = number(|known| known.current_page).filter(|page| *page > 0);
    page.page_size = number(|known| known.limit);
    page.end = number(|known| known.total_page_count).map_or(ListEnd::Unknown, ListEnd::AtPage);
}

/// The number of a page as the service takes it.
pub(crate) fn number(page: u64) -> i64 {
    i64::try_from(page).unwrap_or(i64::MAX)
}

/// The places of the items of a list, and their identities.
pub(crate) const fn layout(
    lists: &'static [&'static str],
    identities: &'static [&'static str],
) -> Layout {
    Layout::new(Wire::success, lists, about).identities(identities)
}

/// Reads a member beside the list.
fn about(member: &str, json: &str, page: &mut Page<RawItem>) {
    match member {
        "pagination" => tell(page, from_json(json).ok().as_ref()),
        "generatedAt" => page.generated_at = from_json(json).ok(),
        _ => {}
    }
}
