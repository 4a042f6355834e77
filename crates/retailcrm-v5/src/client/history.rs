//! Incremental reading by the id of the last change.

use common_transport::Error;

use super::Client;
use crate::{History, Page, PageSize};

/// The changes after an id, in pages (acceptance row RE10).
///
/// Each request names the last id that was seen, so nothing is skipped or doubled however the list grows
/// meanwhile. Store [`since`](Self::since) after a page is processed, and start from it the next time: the walk
/// ends when there is nothing newer.
#[derive(Debug)]
pub struct Changes<O> {
    client: Client,
    operation: O,
    since: Option<i64>,
    ended: bool,
}

impl<O: History> Changes<O> {
    pub(super) fn new(client: Client, operation: O, since: Option<i64>) -> Self {
        Self {
            client,
            operation,
            since,
            ended: false,
        }
    }

    /// The id of the last change that was given out, or the one the walk began with.
    pub fn since(&self) -> Option<i64> {
        self.since
    }

    /// The next changes; none when there is nothing newer, which may change: asking again asks the service again.
    ///
    /// # Errors
    /// As any call; asking again repeats it.
    pub async fn next(&mut self) -> Result<Option<Page<O::Item>>, Error> {
        if std::mem::take(&mut self.ended) {
            return Ok(None);
        }
        if let Some(since) = self.since {
            self.operation.since(since);
        }
        self.operation.turn_to(1, PageSize::P100);
        let page = O::page(self.client.send(&self.operation).await?);
        let newest = page.items.iter().filter_map(O::id).max();
        // A service that gives nothing newer would be asked for the same page for ever.
        if newest.is_none() || newest <= self.since {
            return Ok(None);
        }
        self.since = newest;
        self.ended = page.is_last();
        Ok(Some(page))
    }
}
