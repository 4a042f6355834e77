//! Pages that name the next one by a text, in place of a number: the bonus operations of all accounts.

use std::{borrow::Cow, collections::VecDeque};

use bytes::Bytes;
use common_api::{Cursor, Layout, Page, Paged, RawItem, walk::ListEnd};
use common_model::from_json;
use common_transport::{BaseUrl, Error};
use http::{Request, Uri, uri::PathAndQuery};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::{
    loyalty::{CursorPagination, ListBonusOperations, LoyaltyOperation},
    page,
};

/// How many cursors are kept, so that a walk can go back.
const KEPT: usize = 64;

/// The beginning of a link, which a [`Position`](common_api::Position) holds. A cursor follows.
const LINK: &str = "/?cursor=";

/// The cursors of the pages, by their place in the walk. The last 64 are kept: a walk goes back no further.
#[derive(Debug)]
pub struct Cursors {
    /// The number of the first page whose cursor is kept.
    oldest: u64,
    /// The first page has none.
    kept: VecDeque<Option<String>>,
}

impl Default for Cursors {
    fn default() -> Self {
        Self {
            oldest: 1,
            kept: VecDeque::from([None]),
        }
    }
}

impl Cursors {
    fn known(&self, page: u64) -> Option<Option<&str>> {
        let place = usize::try_from(page.checked_sub(self.oldest)?).ok()?;
        self.kept.get(place).map(Option::as_deref)
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
            .known(page)
            .ok_or_else(|| Error::invalid_input("cursor", "no page names it"))?;
        let mut request = call()?;
        if let Some(cursor) = cursor {
            let cursor = utf8_percent_encode(cursor, NON_ALPHANUMERIC);
            let target = request.uri().path_and_query();
            let target = target.map_or("/", PathAndQuery::as_str);
            let mark = if target.contains('?') { '&' } else { '?' };
            let uri: Result<Uri, _> = format!("{target}{mark}cursor={cursor}").parse();
            *request.uri_mut() =
                uri.map_err(|_| Error::invalid_input("cursor", "it does not fit into an address"))?;
        }
        Ok(request)
    }

    /// A page before the last one says nothing new.
    fn note(&mut self, page: u64, next: Option<&str>) {
        let behind = self.oldest.saturating_add(self.kept.len() as u64);
        if let Some(next) = next.filter(|_| page.saturating_add(1) == behind) {
            self.kept.push_back(Some(next.to_owned()));
            if self.kept.len() > KEPT {
                self.kept.pop_front();
                self.oldest += 1;
            }
        }
    }

    fn oldest(&self) -> u64 {
        self.oldest
    }

    fn link(&self, page: u64) -> Option<String> {
        let cursor = self.known(page)??;
        Some(format!(
            "{LINK}{}",
            utf8_percent_encode(cursor, NON_ALPHANUMERIC)
        ))
    }

    fn resume(&mut self, page: u64, link: Option<&str>) -> Result<(), Error> {
        if page == 1 {
            return Ok(());
        }
        let cursor = link.and_then(|link| link.strip_prefix(LINK));
        let cursor = cursor.and_then(|cursor| percent_decode_str(cursor).decode_utf8().ok());
        let cursor = cursor
            .ok_or_else(|| Error::invalid_input("position", "it has no cursor of the page"))?;
        (self.oldest, self.kept) = (page, VecDeque::from([Some(cursor.into_owned())]));
        Ok(())
    }
}

/// The operations have no identity. The page that names no further one is the last.
const LAYOUT: Layout = Layout::new(page::check, &["bonusOperations"], about).end(ListEnd::Here);

fn about(member: &str, json: &str, page: &mut Page<RawItem>) {
    if member == "pagination" {
        tell_next(page, from_json(json).ok());
    }
}

fn tell_next<T>(page: &mut Page<T>, pagination: Option<CursorPagination>) {
    let next = pagination.and_then(|pagination| pagination.next_cursor);
    page.next = next.filter(|next| !next.is_empty());
    page.end = match page.next {
        Some(_) => ListEnd::Further,
        None => ListEnd::Here,
    };
}

impl Paged for ListBonusOperations {
    type Item = LoyaltyOperation;
    type Cursor = Cursors;

    const LAYOUT: Layout = LAYOUT;

    fn turn_to(&mut self, _: u64) {
        self.limit.get_or_insert(crate::PageSize::P100.into());
    }

    fn page(output: Self::Output) -> Page<LoyaltyOperation> {
        let mut page = Page::new(output.bonus_operations.unwrap_or_default());
        tell_next(&mut page, output.pagination);
        page
    }

    fn identity(_: &LoyaltyOperation) -> Option<Cow<'_, str>> {
        None
    }
}

#[cfg(test)]
mod tests {
    use common_transport::Operation as _;

    use super::*;

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
        assert_eq!(cursors.kept.len(), KEPT);
    }
}
