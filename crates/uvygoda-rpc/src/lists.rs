//! The lists of the service. It has no pages: a list is one page, walked by one request.

use std::borrow::Cow;

use common_api::{Layout, Page, Paged, RawItem, answer::Reply, walk::ListEnd};
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
    products::List => items as "ITEMS" of crate::Product,
    catalog::Sections => sections as "SECTIONS" of crate::Section,
    catalog::SectionProperties => properties as "PROPERTIES" of crate::Property,
    orders::Stages => stages as "STAGES" of crate::NamedItem,
    orders::OrderProperties => properties as "PROPERTIES" of crate::NamedItem,
}
