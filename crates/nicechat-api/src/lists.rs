//! The lists of the service: pages that link to the next one.

use bytes::Bytes;
use common_api::{
    Cursor, Layout, ListEntry, Page, PageKeys, RawItem, WireFormat as _, walk::ListEnd,
};
use common_model::from_json;
use common_transport::{BaseUrl, Error};
use http::{Request, Uri};

use crate::{PageCursor, wire::Wire};

/// The addresses of the pages, by their place in the walk. The last 64 are kept: a walk goes back no further.
#[derive(Debug, Default)]
pub struct Links {
    cursor: Option<PageCursor>,
    addresses: PageKeys<Uri>,
    /// The link to the next page in the last of these pages.
    next: Option<String>,
}

impl Links {
    /// The request of the page behind those that were walked over.
    fn follow(&mut self) -> Result<Request<Bytes>, Error> {
        let (Some(cursor), Some(next)) = (&mut self.cursor, &self.next) else {
            return Err(Error::invalid_input("next", "no page names it"));
        };
        let request = cursor.follow(next)?;
        self.addresses.push(request.uri().clone());
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
        let request = match self.addresses.get(page) {
            // No page links to the first one.
            _ if page == 1 => call()?,
            Some(address) => get(address),
            None => return self.follow(),
        };
        if self.cursor.is_none() {
            self.cursor = Some(PageCursor::new(base_url, &request));
            if page == 1 {
                self.addresses.push(request.uri().clone());
            }
        }
        Ok(request)
    }

    /// A page before the last one says nothing new.
    fn note(&mut self, page: u64, next: Option<&str>) {
        if self.addresses.is_last(page) {
            self.next = next.map(str::to_owned);
        }
    }

    fn oldest(&self) -> u64 {
        self.addresses.oldest()
    }

    fn link(&self, page: u64) -> Option<String> {
        if page == 1 {
            return None;
        }
        if let Some(uri) = self.addresses.get(page) {
            return Some(uri.to_string());
        }
        let (target, _) = self.cursor.as_ref()?.address(self.next.as_ref()?).ok()?;
        Some(target)
    }

    fn resume(&mut self, page: u64, link: Option<&str>) -> Result<(), Error> {
        if page == 1 {
            return Ok(());
        }
        let address: Option<Uri> = link
            .filter(|link| link.starts_with('/'))
            .and_then(|link| link.parse().ok())
            .filter(|uri: &Uri| uri.authority().is_none());
        let address = address
            .ok_or_else(|| Error::invalid_input("position", "it has no link to the page"))?;
        self.addresses = PageKeys::starting_at(page, address);
        Ok(())
    }
}

/// The places of the items of a page, and their identities. The page that says nothing of a next one is the last.
pub(crate) const fn layout(
    within: &'static str,
    lists: &'static [&'static str],
    identities: &'static [&'static str],
) -> Layout {
    Layout::new(Wire::success, lists, about)
        .within(within)
        .identities(identities)
        .end(ListEnd::Here)
}

fn about(member: &str, json: &str, page: &mut Page<RawItem>) {
    match member {
        "count" => page.total_count = from_json(json).ok(),
        "next" => page.set_next(from_json(json).ok().flatten()),
        _ => {}
    }
}

/// The items of a page with what it says of the list.
pub(crate) fn page<T>(items: Vec<T>, count: Option<i64>, next: Option<String>) -> Page<T> {
    let mut page = Page::new(items);
    page.total_count = count.and_then(|count| count.try_into().ok());
    page.set_next(next);
    page
}

/// All lists of the service, for programs that choose one at run time: open them with [`Links`] as their cursor.
pub fn lists() -> &'static [ListEntry] {
    crate::generated::LISTS
}

#[cfg(test)]
mod tests {
    use common_api::Paged as _;
    use common_transport::Operation as _;

    use super::*;
    use crate::products::{self, ProductPageEnvelope};

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

    // C1
    #[test]
    fn c1_a_walk_goes_back_to_the_last_addresses_alone() {
        let base_url: BaseUrl = "https://account.nice.chat".parse().unwrap();
        let mut links = Links::default();
        let ask = |links: &mut Links, page: u64| {
            let call = || products::List::new().request();
            let request = links.request(page, &base_url, &call).unwrap();
            request.uri().query().map(str::to_owned)
        };
        for page in 1..=70 {
            let expected = (page > 1).then(|| format!("page={page}"));
            assert_eq!(ask(&mut links, page), expected);
            links.note(page, Some(&format!("?page={}", page + 1)));
        }
        assert_eq!(links.oldest(), 7);
        assert_eq!(ask(&mut links, 7).as_deref(), Some("page=7"));
        assert_eq!(ask(&mut links, 71).as_deref(), Some("page=71"));
    }
}
