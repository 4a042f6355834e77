//! The lists of the service: pages that link to the next one.

use std::{borrow::Cow, collections::VecDeque};

use bytes::Bytes;
use common_api::{Cursor, Layout, ListEntry, Page, Paged, RawItem, walk::ListEnd};
use common_model::from_json;
use common_transport::{BaseUrl, Error};
use http::{Request, Uri};

use crate::{
    PageCursor, answer, categories, categories::CategoryPageEnvelope, orders,
    orders::OrderPageEnvelope, products, products::ProductPageEnvelope,
};

/// How many addresses are kept, so that a walk can go back.
const ADDRESSES: usize = 64;

/// The addresses of the pages, by their place in the walk. The last 64 are kept: a walk goes back no further.
#[derive(Debug)]
pub struct Links {
    cursor: Option<PageCursor>,
    /// The number of the first address.
    oldest: u64,
    addresses: VecDeque<Uri>,
    /// The link to the next page in the last of these pages.
    next: Option<String>,
}

impl Default for Links {
    fn default() -> Self {
        Self {
            cursor: None,
            oldest: 1,
            addresses: VecDeque::new(),
            next: None,
        }
    }
}

impl Links {
    /// The request of the first page, which no page links to.
    fn first(&mut self, base_url: &BaseUrl, request: Request<Bytes>) -> Request<Bytes> {
        if self.cursor.is_none() {
            self.cursor = Some(PageCursor::new(base_url, &request));
            self.addresses.push_back(request.uri().clone());
        }
        request
    }

    fn known(&self, page: u64) -> Option<&Uri> {
        let place = page.checked_sub(self.oldest)?;
        self.addresses.get(usize::try_from(place).ok()?)
    }

    /// The request of the page behind those that were walked over.
    fn follow(&mut self) -> Result<Request<Bytes>, Error> {
        let (Some(cursor), Some(next)) = (&mut self.cursor, &self.next) else {
            return Err(Error::invalid_input("next", "no page names it"));
        };
        let request = cursor.follow(next)?;
        self.addresses.push_back(request.uri().clone());
        if self.addresses.len() > ADDRESSES {
            self.addresses.pop_front();
            self.oldest += 1;
        }
        Ok(request)
    }
}

/// A read without a body.
fn get(uri: &Uri) -> Request<Bytes> {
    let mut request = Request::new(Bytes::new());
    *request.uri_mut() = uri.clone();
    request
}

impl Cursor for Links {
    fn request(
        &mut self,
        page: u64,
        base_url: &BaseUrl,
        call: &dyn Fn() -> Result<Request<Bytes>, Error>,
    ) -> Result<Request<Bytes>, Error> {
        if page == 1 {
            return Ok(self.first(base_url, call()?));
        }
        match self.known(page).map(get) {
            Some(request) => {
                self.cursor
                    .get_or_insert_with(|| PageCursor::new(base_url, &request));
                Ok(request)
            }
            None => self.follow(),
        }
    }

    /// A page before the last one says nothing new.
    fn note(&mut self, page: u64, next: Option<&str>) {
        let behind = self.oldest.saturating_add(self.addresses.len() as u64);
        if page.saturating_add(1) >= behind {
            self.next = next.map(str::to_owned);
        }
    }

    fn oldest(&self) -> u64 {
        self.oldest
    }

    fn link(&self, page: u64) -> Option<String> {
        if page == 1 {
            return None;
        }
        if let Some(uri) = self.known(page) {
            return Some(uri.to_string());
        }
        let (target, _) = self.cursor.as_ref()?.address(self.next.as_ref()?).ok()?;
        Some(target)
    }

    fn resume(&mut self, page: u64, link: Option<&str>) -> Result<(), Error> {
        let Some(link) = link.filter(|_| page > 1) else {
            return match page {
                1 => Ok(()),
                _ => Err(Error::invalid_input(
                    "position",
                    "it has no link to the page",
                )),
            };
        };
        let uri: Uri = link
            .parse()
            .ok()
            .filter(|uri: &Uri| uri.authority().is_none() && link.starts_with('/'))
            .ok_or_else(|| Error::invalid_input("position", "it has no link to a page"))?;
        (self.oldest, self.addresses) = (page, VecDeque::from([uri]));
        Ok(())
    }
}

/// The items stand under either name; the page that says nothing of a next one is the last.
const LAYOUT: Layout = Layout::new(answer::success, &["results", "result"], about)
    .within("result")
    .identities(&["id"])
    .end(ListEnd::Here);

fn about(member: &str, json: &str, page: &mut Page<RawItem>) {
    match member {
        "count" => page.total_count = from_json(json).ok(),
        "next" => tell_next(page, from_json(json).ok().flatten()),
        _ => {}
    }
}

fn tell_next<T>(page: &mut Page<T>, next: Option<String>) {
    page.next = next.filter(|next| !next.is_empty());
    page.end = match page.next {
        Some(_) => ListEnd::Further,
        None => ListEnd::Here,
    };
}

macro_rules! lists {
    ($($list:path => $envelope:ident of $item:ty),+ $(,)?) => {$(
        impl $envelope {
            /// The items of this page, under whichever name they came.
            pub fn into_items(self) -> Vec<$item> {
                let page = self.result.unwrap_or_default();
                page.results.or(page.result).unwrap_or_default()
            }

            /// Where the next page is, for a [`PageCursor`]; `None` on the last one.
            pub fn next_page(&self) -> Option<&str> {
                let next = self.result.as_ref()?.next_page.as_deref();
                next.filter(|next| !next.is_empty())
            }
        }

        impl Paged for $list {
            type Item = $item;
            type Cursor = Links;

            const LAYOUT: Layout = LAYOUT;

            fn page(output: $envelope) -> Page<$item> {
                let result = output.result.as_ref();
                let count = result.and_then(|page| page.count);
                let next = result.and_then(|page| page.next_page.clone());
                let mut page = Page::new(output.into_items());
                page.total_count = count.and_then(|count| count.try_into().ok());
                tell_next(&mut page, next);
                page
            }

            fn identity(item: &$item) -> Option<Cow<'_, str>> {
                item.id.as_ref().map(|id| id.to_string().into())
            }
        }
    )+};
}

lists! {
    categories::List => CategoryPageEnvelope of crate::categories::Category,
    products::List => ProductPageEnvelope of crate::products::Product,
    orders::List => OrderPageEnvelope of crate::orders::Order,
}

/// All lists of the service, for programs that choose one at run time: open them with [`Links`] as their cursor.
pub fn lists() -> &'static [ListEntry] {
    LISTS
}

/// Links lead to the next page, so nothing is written into the parameters.
static LISTS: &[ListEntry] = &[
    ListEntry::of::<categories::List>("categories.list", |_, _| {}),
    ListEntry::of::<products::List>("products.list", |_, _| {}),
    ListEntry::of::<orders::List>("orders.list", |_, _| {}),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n40_items_under_either_name() {
        for name in ["results", "result"] {
            let json =
                format!(r#"{{"status":"ok","result":{{"next":"","{name}":[{{"id":"1"}}]}}}}"#);
            let page: ProductPageEnvelope = common_model::from_json(&json).unwrap();
            assert_eq!(page.next_page(), None);
            let page = products::List::page(page);
            assert_eq!((page.items.len(), page.end), (1, ListEnd::Here));
        }
    }

    // J1
    #[test]
    fn j1_every_row_names_an_operation_and_opens() {
        for list in super::lists() {
            let opened = list.open::<Links>(crate::operations(), "{}");
            assert!(opened.is_ok(), "{opened:?} {}", list.operation());
        }
    }

    // C1
    #[test]
    fn c1_a_link_of_a_position_stays_on_the_clients_host() {
        for link in [
            None,
            Some(""),
            Some("?page=2"),
            Some("page=2"),
            Some("https://evil.example/?page=2"),
        ] {
            let error = Links::default().resume(2, link).unwrap_err();
            assert!(error.is_invalid_input(), "{link:?}");
        }
        assert!(Links::default().resume(2, Some("/a/?page=2")).is_ok());
        assert!(Links::default().resume(1, None).is_ok());
    }

    // C1
    #[test]
    fn c1_a_position_with_the_last_number_of_all_goes_on() {
        let mut links = Links::default();
        links.resume(u64::MAX, Some("/a/?page=2")).unwrap();
        links.note(u64::MAX, Some("/a/?page=3"));
        assert_eq!(links.next.as_deref(), Some("/a/?page=3"));
    }
}
