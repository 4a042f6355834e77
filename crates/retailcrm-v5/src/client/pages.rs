//! Walking the pages of a list while it changes.

use std::collections::{HashSet, VecDeque};

use common_transport::Error;

use super::Client;
use crate::{Page, PageSize, Paged};

/// How many identities are kept. Items that slide from one page to the next while the list grows come again
/// within a few pages; what comes later than this is given out twice.
const REMEMBERED: usize = 10_000;

/// The pages of a list, one request each (acceptance rows R21 to R24).
///
/// The list moves under the walk: the totals are read anew from each page, an item that slid from an earlier page
/// is not given out again, and an empty page ends the walk whatever the totals say. Memory does not grow with the
/// list. A call that names no `limit` asks for 100 items.
///
/// After an error, [`next`](Self::next) asks for the same page again.
#[derive(Debug)]
pub struct Pages<O> {
    client: Client,
    operation: O,
    next: Option<i64>,
    seen: Seen,
}

impl<O: Paged> Pages<O> {
    pub(super) fn new(client: Client, operation: O) -> Self {
        Self {
            client,
            operation,
            next: Some(1),
            seen: Seen::default(),
        }
    }

    /// Starts at another page: where an earlier walk was left.
    #[must_use]
    pub fn from_page(mut self, page: i64) -> Self {
        self.next = Some(page.max(1));
        self
    }

    /// The number of the page that [`next`](Self::next) asks for; none at the end.
    pub fn position(&self) -> Option<i64> {
        self.next
    }

    /// The next page; none after the last one. A page may be empty when all of it was seen.
    ///
    /// # Errors
    /// As any call.
    pub async fn next(&mut self) -> Result<Option<Page<O::Item>>, Error> {
        let Some(number) = self.next else {
            return Ok(None);
        };
        self.operation.turn_to(number, PageSize::P100);
        let mut page = O::page(self.client.send(&self.operation).await?);
        if page.items.is_empty() {
            self.next = None;
            return Ok(None);
        }
        self.next = if page.is_last() {
            None
        } else {
            number.checked_add(1)
        };
        let seen = &mut self.seen;
        page.items.retain(|item| match O::identity(item) {
            Some(identity) => seen.insert(&identity),
            None => true,
        });
        Ok(Some(page))
    }

    /// The items one by one.
    pub fn items(self) -> Items<O> {
        Items {
            pages: self,
            page: VecDeque::new(),
        }
    }
}

/// The items of a list, one by one; a page is asked for when the one before is used up.
#[derive(Debug)]
pub struct Items<O: Paged> {
    pages: Pages<O>,
    page: VecDeque<O::Item>,
}

impl<O: Paged> Items<O> {
    /// The next item; none at the end.
    ///
    /// # Errors
    /// As any call; asking again repeats it.
    pub async fn next(&mut self) -> Result<Option<O::Item>, Error> {
        loop {
            if let Some(item) = self.page.pop_front() {
                return Ok(Some(item));
            }
            match self.pages.next().await? {
                Some(page) => self.page = page.items.into(),
                None => return Ok(None),
            }
        }
    }
}

/// The identities seen last.
#[derive(Debug, Default)]
struct Seen {
    known: HashSet<Box<str>>,
    order: VecDeque<Box<str>>,
}

impl Seen {
    /// False when it was there already.
    fn insert(&mut self, identity: &str) -> bool {
        if self.known.contains(identity) {
            return false;
        }
        if self.order.len() == REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        self.known.insert(identity.into());
        self.order.push_back(identity.into());
        true
    }
}
