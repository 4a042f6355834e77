//! The lists of the service. It has no pages: a list is one page, walked by one request.

use common_api::{Layout, ListEntry, Page, RawItem, WireFormat as _, walk::ListEnd};
use common_model::ListOrMap;

use crate::wire::Wire;

/// Nothing beside a list says anything of it.
fn about(_: &str, _: &str, _: &mut Page<RawItem>) {}

/// The places of the items of a list, and their identities.
pub(crate) const fn layout(
    lists: &'static [&'static str],
    identities: &'static [&'static str],
) -> Layout {
    Layout::new(Wire::success, lists, about)
        .identities(identities)
        .end(ListEnd::Here)
}

/// The items of an answer, which are the whole list.
pub(crate) fn page<T>(items: Option<ListOrMap<T>>) -> Page<T> {
    let mut page = Page::new(items.map(ListOrMap::into_vec).unwrap_or_default());
    page.end = ListEnd::Here;
    page
}

/// All lists of the service, for programs that choose one at run time.
pub fn lists() -> &'static [ListEntry] {
    crate::generated::LISTS
}

#[cfg(test)]
mod tests {
    // J1
    #[test]
    fn j1_every_row_names_an_operation() {
        for list in super::lists() {
            let named =
                |entry: &&common_api::OperationEntry| entry.metadata.name == list.operation();
            assert!(
                crate::operations().iter().any(|entry| named(&entry)),
                "{}",
                list.operation()
            );
        }
    }
}
