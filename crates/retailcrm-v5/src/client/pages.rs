//! Walking the pages of a list while it changes.

use std::{collections::VecDeque, fmt};

use common_api::walk::{Care, ListEnd, PageInfo, Step, Walk, rows_aside, within};
use common_transport::Error;

use super::Client;
use crate::{Page, PageSize, Paged};

/// The pages of a list (acceptance rows R21 to R24).
///
/// The list moves under the walk. What [`common_api::walk`] promises holds: no item is given out twice, rows that
/// slide to earlier pages are found, an empty page ends nothing while more are said to follow, and a walk that gets
/// nowhere fails with [`NoProgress`](common_api::walk::NoProgress). A list at rest costs three requests for two
/// pages, and a list of one page costs one: [`care`](Self::care) chooses less or more. A call that names no `limit`
/// asks for 100 items.
///
/// Each step, however many requests it needs, takes no longer than one call may
/// ([`total_timeout`](common_transport::ClientBuilder::total_timeout)). After an error, [`next`](Self::next) does the
/// same step again.
pub struct Pages<O: Paged> {
    client: Client,
    operation: O,
    walk: Walk<Page<O::Item>>,
}

impl<O: Paged> Pages<O> {
    pub(super) fn new(client: Client, operation: O) -> Self {
        Self {
            client,
            operation,
            walk: Walk::new(),
        }
    }

    /// Starts at another page: where an earlier walk was left. Rows that have slid to pages before it since then are
    /// not found.
    #[must_use]
    pub fn from_page(mut self, page: i64) -> Self {
        self.walk = self.walk.from_page(u64::try_from(page).unwrap_or(1));
        self
    }

    /// How much is done to be sure that nothing is skipped. [`Care::OnHints`] reads each page of a list at rest once,
    /// and may skip a row that slides to an earlier page while the total stays.
    #[must_use]
    pub fn care(mut self, care: Care) -> Self {
        self.walk = self.walk.care(care);
        self
    }

    /// The number of the page that [`next`](Self::next) asks for; none at the end.
    pub fn position(&self) -> Option<i64> {
        let page = self.walk.position()?;
        i64::try_from(page).ok()
    }

    /// The next page that holds something new; none after the last one. Items that were given out before are left out
    /// of it.
    ///
    /// # Errors
    /// As any call; and [`Error::is_decode`] for a walk that makes no progress.
    pub async fn next(&mut self) -> Result<Option<Page<O::Item>>, Error> {
        let time = self.client.inner.total_timeout();
        within(time, self.operation.metadata(), self.step()).await
    }

    async fn step(&mut self) -> Result<Option<Page<O::Item>>, Error> {
        loop {
            match self.walk.step() {
                Step::Give(mut page, fresh) => {
                    let mut fresh = fresh.into_iter();
                    page.items.retain(|_| fresh.next().unwrap_or(true));
                    return Ok(Some(page));
                }
                Step::Ask(number) => self.ask(number).await?,
                Step::ListEnd => return Ok(None),
            }
        }
    }

    async fn ask(&mut self, number: u64) -> Result<(), Error> {
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        self.operation.turn_to(number, PageSize::P100);
        let (output, odd) = self.client.send_reported(&self.operation).await?;
        let page = O::page(output);
        let names: Vec<_> = page.items.iter().map(O::identity).collect();
        let meta = meta(&page).rows_aside(rows_aside(&odd));
        let metadata = self.operation.metadata();
        self.walk
            .read(page, names, meta)
            .map_err(|stuck| stuck.into_error(metadata))
    }

    /// The items one by one.
    pub fn items(self) -> Items<O> {
        Items {
            pages: self,
            page: VecDeque::new(),
        }
    }
}

/// What the answer says of the list. A number that cannot be one is as good as none.
fn meta<T>(page: &Page<T>) -> PageInfo {
    let Some(pagination) = &page.pagination else {
        return PageInfo::default();
    };
    let number = |number: Option<i64>| number.and_then(|number| u64::try_from(number).ok());
    let end = number(pagination.total_page_count).map_or(ListEnd::Unknown, ListEnd::AtPage);
    PageInfo::new(end)
        .total_count(number(pagination.total_count))
        .page_size(number(pagination.limit))
        .current_page(number(pagination.current_page).filter(|page| *page > 0))
}

impl<O: Paged + fmt::Debug> fmt::Debug for Pages<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("operation", &self.operation)
            .field("position", &self.position())
            .finish_non_exhaustive()
    }
}

/// The items of a list, one by one; a page is asked for when the one before is used up.
pub struct Items<O: Paged> {
    pages: Pages<O>,
    page: VecDeque<O::Item>,
}

impl<O: Paged> Items<O> {
    /// The next item; none at the end.
    ///
    /// # Errors
    /// As [`Pages::next`]; asking again repeats it.
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

impl<O: Paged + fmt::Debug> fmt::Debug for Items<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("pages", &self.pages)
            .finish_non_exhaustive()
    }
}
