//! Incremental reading by the id of the last change.

use std::time::Duration;

use common_api::walk::{SeenRows, within};
use common_model::Odd;
use common_transport::{Error, ErrorKind};

use super::Client;
use crate::{History, Page, PageSize};

/// How often a portion that brings the position no further is read again, while more are said to be left.
const READ_AGAIN: u32 = 5;

/// The wait before the first of these reads; each later one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(250);

/// How many pages are turned at most to find the first change of a history.
const PAGES_TURNED: i64 = 64;

/// The changes after an id, in portions (acceptance row RE10).
///
/// Each request names the last id that was seen and no page: the service refuses `page` beside `filter[sinceId]`.
/// The answer says how many portions are left. Store [`since`](Self::since) after a portion is processed, and start
/// from it the next time: the reading ends when there is nothing newer. The position never goes back, and no change
/// is given out twice.
///
/// A change whose id is missing or cannot be read is given out all the same, once. Where it stands behind the last
/// readable id, the next portion begins with it again, and it is left out there. The position goes on by the highest
/// id that can be read. A portion without any such id, while more are left, ends in an error that says where it stands
/// and what could not be read; [`skip_to`](Self::skip_to) goes on behind it.
///
/// A portion may be empty although more are left. The position cannot rise then, so the same portion is read again,
/// five times, with waits from a quarter of a second to four seconds. A first portion of a history without
/// any position may be empty for good; then its pages are turned until one holds changes. When nothing comes, the
/// reading fails and stands where it stood.
///
/// Each step takes no longer than one call may. After an error, [`next`](Self::next) does the same step again.
#[derive(Debug)]
pub struct Changes<O> {
    client: Client,
    operation: O,
    start: Option<i64>,
    since: Option<i64>,
    /// The page of a history that is read without a position.
    page: Option<i64>,
    given: SeenRows,
    /// How many changes without an id were given out that stand behind the position.
    unnamed: usize,
    /// What of the last portion was set aside.
    odd: Vec<Odd>,
    /// How often the position has stayed where it is.
    stayed: u32,
    ended: bool,
}

/// What a portion means for the reading.
enum Next {
    /// The position rose, or there is something to give.
    Given,
    /// Nothing is newer.
    Nothing,
    /// Nothing came, and the service counts so many portions.
    Missing { portions: i64 },
}

impl<O: History> Changes<O> {
    pub(super) fn new(client: Client, operation: O, since: Option<i64>) -> Self {
        Self {
            client,
            operation,
            start: since,
            since,
            page: None,
            given: SeenRows::default(),
            unnamed: 0,
            odd: Vec::new(),
            stayed: 0,
            ended: false,
        }
    }

    /// The highest id that was given out, or the one the reading began with.
    pub fn since(&self) -> Option<i64> {
        self.since
    }

    /// Goes on behind this id, which should be higher than the position: past changes of which no id can be read. The
    /// web interface of the account shows their ids. Changes up to this id are not given out any more.
    pub fn skip_to(&mut self, id: i64) {
        let id = self.since.map_or(id, |since| since.max(id));
        (self.since, self.start) = (Some(id), Some(id));
        (self.stayed, self.unnamed, self.page, self.ended) = (0, 0, None, false);
    }

    /// The next changes; none when there is nothing newer, which may change: asking again asks the service again.
    ///
    /// # Errors
    /// As any call; and [`Error::is_decode`] when changes are said to be left and none come.
    pub async fn next(&mut self) -> Result<Option<Page<O::Item>>, Error> {
        if std::mem::take(&mut self.ended) {
            return Ok(None);
        }
        let time = self.client.inner.total_timeout();
        within(time, self.operation.metadata(), self.step()).await
    }

    async fn step(&mut self) -> Result<Option<Page<O::Item>>, Error> {
        loop {
            let mut portion = self.ask().await?;
            match self.read(&mut portion) {
                Next::Given => return Ok(Some(portion)),
                Next::Nothing => return Ok(None),
                Next::Missing { portions } => self.stay(portions).await?,
            }
        }
    }

    async fn ask(&mut self) -> Result<Page<O::Item>, Error> {
        self.operation.since(self.since, PageSize::P100);
        if let (None, Some(page)) = (self.since, self.page) {
            self.operation.turn_to(page, PageSize::P100);
        }
        let (output, odd) = self.client.send_reported(&self.operation).await?;
        self.odd = odd;
        Ok(O::page(output))
    }

    /// Takes the portion in: leaves in it what is to be given out, and moves the position.
    fn read(&mut self, portion: &mut Page<O::Item>) -> Next {
        let left = left(portion);
        let newest = portion.items.iter().filter_map(O::id).max();
        let has_risen = newest > self.since;
        let order = Unnamed::of(portion.items.iter().map(O::id));
        let known = self.unnamed.min(order.before);
        self.unnamed = match has_risen {
            true => order.behind,
            false => self.unnamed.max(order.before),
        };
        let (start, given, mut met) = (self.start, &mut self.given, 0);
        portion.items.retain(|item| match O::id(item) {
            Some(id) => start.is_none_or(|start| id > start) && given.insert(id.cast_unsigned()),
            None => {
                met += 1;
                met > known
            }
        });
        self.since = self.since.max(newest);
        self.stayed = if has_risen { 0 } else { self.stayed + 1 };
        let is_empty = portion.items.is_empty();
        if left <= 0 {
            self.stayed = 0;
            self.ended = !is_empty;
            return if is_empty { Next::Nothing } else { Next::Given };
        }
        if is_empty && !has_risen {
            let counted = portion.pagination.as_ref();
            let portions = counted.and_then(|meta| meta.total_page_count).unwrap_or(1);
            Next::Missing { portions }
        } else {
            Next::Given
        }
    }

    /// The position stays: waits for the next try, or says that there were enough.
    async fn stay(&mut self, portions: i64) -> Result<(), Error> {
        if self.stayed <= READ_AGAIN {
            let wait = FIRST_WAIT * 2_u32.pow(self.stayed - 1);
            tokio::time::sleep(wait).await;
            return Ok(());
        }
        let page = self.page.unwrap_or(1);
        if self.since.is_none() && page < portions.min(PAGES_TURNED) {
            self.page = Some(page + 1);
            return Ok(());
        }
        let reads = self.stayed;
        (self.stayed, self.page) = (0, None);
        let place = match self.since {
            Some(id) => format!("after the change {id}"),
            None => "from the beginning".to_owned(),
        };
        let text = match self.odd.first() {
            None => format!(
                "the service says that more changes are left {place}, and gave none in {reads} reads"
            ),
            Some(odd) => format!(
                "of the changes {place} no id can be read in {reads} reads: {odd}; `skip_to` a later id goes on behind them"
            ),
        };
        Err(Error::new(ErrorKind::Decode, text).with_operation(self.operation.metadata()))
    }
}

/// Where the changes without an id stand in a portion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Unnamed {
    /// Before the first id: perhaps those that stood behind the last one of the portion before.
    before: usize,
    /// Behind the highest id: those that the next portion begins with.
    behind: usize,
}

impl Unnamed {
    fn of(ids: impl Iterator<Item = Option<i64>>) -> Self {
        let mut unnamed = Self {
            before: 0,
            behind: 0,
        };
        let mut highest = None;
        for id in ids {
            match id {
                None if highest.is_none() => unnamed.before += 1,
                None => unnamed.behind += 1,
                Some(_) if id > highest => (highest, unnamed.behind) = (id, 0),
                Some(_) => {}
            }
        }
        unnamed
    }
}

/// The portions behind this one. Where the answer does not say, a portion that is not empty may have one behind it.
fn left<T>(portion: &Page<T>) -> i64 {
    let pagination = portion.pagination.as_ref();
    let Some(total) = pagination.and_then(|meta| meta.total_page_count) else {
        return i64::from(!portion.items.is_empty());
    };
    let current = pagination.and_then(|meta| meta.current_page).unwrap_or(1);
    total.saturating_sub(current.max(1))
}
