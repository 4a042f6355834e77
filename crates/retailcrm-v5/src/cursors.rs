//! Pages that name the next one by a text, in place of a number: the bonus operations of all accounts.

use bytes::Bytes;
use common_api::{Cursor, Layout, Page, PageKeys, RawItem, WireFormat as _, walk::ListEnd};
use common_model::from_json;
use common_transport::{BaseUrl, Error};
use http::Request;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::{
    loyalty::CursorPagination,
    wire::{self, Wire},
};

/// The beginning of a link, which a [`Position`](common_api::Position) holds. A cursor follows.
const LINK: &str = "/?cursor=";

/// The cursors of the pages, by their place in the walk. The last 64 are kept: a walk goes back no further.
#[derive(Debug)]
pub struct Cursors {
    /// The first page has none.
    kept: PageKeys<Option<String>>,
}

impl Default for Cursors {
    fn default() -> Self {
        Self {
            kept: PageKeys::starting_at(1, None),
        }
    }
}

impl Cursor for Cursors {
    fn request(
        &mut self,
        page: u64,
        _: &BaseUrl,
        call: &dyn Fn() -> Result<Request<Bytes>, Error>,
    ) -> Result<Request<Bytes>, Error> {
        let cursor = self
            .kept
            .get(page)
            .ok_or_else(|| Error::invalid_input("cursor", "no page names it"))?;
        let mut request = call()?;
        if let Some(cursor) = cursor {
            wire::add_to_query(&mut request, "cursor", cursor)?;
        }
        Ok(request)
    }

    /// A page before the last one says nothing new.
    fn note(&mut self, page: u64, next: Option<&str>) {
        if let Some(next) = next.filter(|_| self.kept.is_last(page)) {
            self.kept.push(Some(next.to_owned()));
        }
    }

    fn oldest(&self) -> u64 {
        self.kept.oldest()
    }

    fn link(&self, page: u64) -> Option<String> {
        let cursor = self.kept.get(page)?.as_ref()?;
        let cursor = utf8_percent_encode(cursor, NON_ALPHANUMERIC);
        Some(format!("{LINK}{cursor}"))
    }

    fn resume(&mut self, page: u64, link: Option<&str>) -> Result<(), Error> {
        if page == 1 {
            return Ok(());
        }
        let cursor = link.and_then(|link| link.strip_prefix(LINK));
        let cursor = cursor.and_then(|cursor| percent_decode_str(cursor).decode_utf8().ok());
        let cursor = cursor
            .ok_or_else(|| Error::invalid_input("position", "it has no cursor of the page"))?;
        self.kept = PageKeys::starting_at(page, Some(cursor.into_owned()));
        Ok(())
    }
}

/// The places of the items of a page, and their identities. The page that names no further one is the last.
pub(crate) const fn layout(
    lists: &'static [&'static str],
    identities: &'static [&'static str],
) -> Layout {
    Layout::new(Wire::success, lists, about)
        .identities(identities)
        .end(ListEnd::Here)
}

fn about(member: &str, json: &str, page: &mut Page<RawItem>) {
    if member == "pagination" {
        page.set_next(from_json(json).ok().and_then(next));
    }
}

/// The items of a page with the cursor of the next one.
pub(crate) fn page<T>(items: Vec<T>, pagination: Option<CursorPagination>) -> Page<T> {
    let mut page = Page::new(items);
    page.set_next(pagination.and_then(next));
    page
}

fn next(pagination: CursorPagination) -> Option<String> {
    pagination.next_cursor
}

#[cfg(test)]
mod tests {
    use common_transport::Operation as _;

    use super::*;
    use crate::loyalty::ListBonusOperations;

    fn uri(cursors: &mut Cursors, page: u64) -> Result<String, Error> {
        let base_url: BaseUrl = "https://demo.retailcrm.example".parse().unwrap();
        let call = || ListBonusOperations::new().limit(20).request();
        let request = cursors.request(page, &base_url, &call)?;
        Ok(request.uri().to_string())
    }

    // J1
    #[test]
    fn j1_each_page_is_asked_for_by_the_cursor_of_the_page_before() {
        let mut cursors = Cursors::default();
        let first = uri(&mut cursors, 1).unwrap();
        assert!(
            first.ends_with("/loyalty/bonus/operations?limit=20"),
            "{first}"
        );
        assert!(uri(&mut cursors, 2).is_err());
        cursors.note(1, Some("a b&c"));
        assert_eq!(
            uri(&mut cursors, 2).unwrap(),
            format!("{first}&cursor=a%20b%26c")
        );
        // Read again, a page changes nothing.
        cursors.note(2, Some("third"));
        cursors.note(1, Some("another"));
        assert_eq!(
            uri(&mut cursors, 3).unwrap(),
            format!("{first}&cursor=third")
        );
        cursors.note(3, None);
        assert!(uri(&mut cursors, 4).is_err());
    }

    // J1, J3
    #[test]
    fn j3_a_walk_goes_on_with_the_cursor_of_its_position() {
        let mut cursors = Cursors::default();
        cursors.note(1, Some("a b/é"));
        let link = cursors.link(2).unwrap();
        assert!(link.starts_with('/') && !link.contains(' '), "{link}");
        let mut resumed = Cursors::default();
        resumed.resume(2, Some(&link)).unwrap();
        assert_eq!(uri(&mut resumed, 2).unwrap(), uri(&mut cursors, 2).unwrap());
        assert_eq!((resumed.oldest(), cursors.link(1)), (2, None));
        for link in [None, Some("/elsewhere"), Some("/?cursor=%ff")] {
            assert!(Cursors::default().resume(2, link).is_err(), "{link:?}");
        }
        for page in 1..200 {
            cursors.note(page, Some("x"));
        }
        assert_eq!((cursors.oldest(), cursors.link(136)), (137, None));
    }
}
