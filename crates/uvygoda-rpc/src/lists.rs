//! The lists of the service. It has no pages: a list is one page, walked by one request.

use std::borrow::Cow;

use common_api::{Layout, ListEntry, Page, Paged, RawItem, answer::Reply, walk::ListEnd};
use common_transport::{Error, Metadata};

use crate::{answer, catalog, orders, products};

fn check<'r>(_: &'static Metadata, reply: Reply<'r>) -> Result<Cow<'r, str>, Error> {
    answer::success(reply)
}

/// Nothing beside a list says anything of it.
fn about(_: &str, _: &str, _: &mut Page<RawItem>) {}

macro_rules! lists {
    ($($list:path => $field:ident as $member:literal of $item:ty),+ $(,)?) => {$(
        impl Paged for $list {
            type Item = $item;
            type Cursor = ();

            const LAYOUT: Layout = Layout::new(check, &[$member], about)
                .identities(&["ID"])
                .end(ListEnd::Here);

            fn page(output: Self::Output) -> Page<$item> {
                let items = output.$field.map(|items| items.into_vec());
                let mut page = Page::new(items.unwrap_or_default());
                page.end = ListEnd::Here;
                page
            }

            fn identity(item: &$item) -> Option<Cow<'_, str>> {
                item.id.map(|id| id.to_string().into())
            }
        }
    )+};
}

lists! {
    products::List => items as "ITEMS" of crate::products::Product,
    catalog::Sections => sections as "SECTIONS" of crate::catalog::Section,
    catalog::SectionProperties => properties as "PROPERTIES" of crate::shared::Property,
    orders::Stages => stages as "STAGES" of crate::orders::NamedItem,
    orders::OrderProperties => properties as "PROPERTIES" of crate::orders::NamedItem,
}

/// All lists of the service, for programs that choose one at run time.
pub fn lists() -> &'static [ListEntry] {
    LISTS
}

/// A list is one page, so nothing is written into the parameters.
static LISTS: &[ListEntry] = &[
    ListEntry::of::<products::List>("getProductList", |_, _| {}),
    ListEntry::of::<catalog::Sections>("getSections", |_, _| {}),
    ListEntry::of::<catalog::SectionProperties>("getSectionProperties", |_, _| {}),
    ListEntry::of::<orders::Stages>("getStages", |_, _| {}),
    ListEntry::of::<orders::OrderProperties>("getOrderProperties", |_, _| {}),
];

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
