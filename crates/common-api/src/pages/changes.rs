//! Reading a history from the id of the last change onwards.

use std::{fmt, sync::Arc, time::Duration};

use crate::Sender;
use bytes::Bytes;
use common_model::civil::DateTime;
use common_transport::{CallOptions, Error, ErrorKind, Priority};
use http::Request;

use super::{
    History, Items, Page, PageStream, Position, RawList,
    portions::{Next, Reading},
    position::Place,
    source::Source,
};
use crate::walk::{ListEnd, within};

/// Number of further reads of a portion that does not advance the position although more portions are left.
const READ_AGAIN: u32 = 5;

/// The wait before the first of these reads. It doubles with each further read.
const FIRST_WAIT: Duration = Duration::from_millis(250);

/// Maximum number of pages to try for the first change of a history.
const PAGES_TURNED: u64 = 64;

/// Maximum number of pages to read for the last change.
const PAGES_TO_LATEST: u32 = 16;

/// The changes after an id, in portions. The client's method `changes` returns it.
///
/// Each request names the last id that was read, but no page. The response says how many portions are left. The reading
/// ends when there is nothing newer. Store [`position`](Self::position) after a portion is processed, and start from it
/// next time. The position never goes back, and no change is returned twice.
///
/// A change whose id is missing or unreadable is returned too, once. If it comes after the last readable id, the
/// service sends it again at the start of the next portion, where it is left out. The position advances to the highest
/// readable id. A portion without any readable id, while more portions are left, is an error. It names the position and
/// the unreadable part; [`skip_to`](Self::skip_to) continues after such a portion.
///
/// A portion may be empty although more portions are left. The position cannot advance then, so the portion is read
/// again up to five times, after waits of 250 ms to 4 s. Without a position, the first portion of a history may stay
/// empty. The following pages are read then, until one holds changes. If none does, the reading fails and keeps its
/// position.
///
/// Each step takes at most the total timeout of one call. After an error, [`next`](Self::next) repeats the step.
///
/// # Where to begin
///
/// - After a change: `client.changes(list, Some(id))`, or [`from_position`](Self::from_position).
/// - At a date: [`from_date`](Self::from_date).
/// - Now, without earlier changes: after [`latest`](Self::latest).
/// - At the beginning: `client.changes(list, None)`. A history may be long.
#[must_use = "nothing is asked for before `next`"]
pub struct Changes<O: History> {
    source: Source<O>,
    /// Start date of a reading without an id.
    date: Option<DateTime>,
    /// Number of the page to read; only without an id.
    page: Option<u64>,
    reading: Reading,
    /// Whether the portion returned last was the last one of the history.
    has_ended: bool,
}

impl<O: History> Changes<O> {
    /// The changes after this id; all changes for `None`.
    pub fn new(sender: Arc<dyn Sender>, list: O, since: Option<i64>) -> Self {
        Self::over(Source::new(sender, list), Reading::behind(since, 0))
    }

    fn over(source: Source<O>, reading: Reading) -> Self {
        Self {
            source,
            date: None,
            page: None,
            reading,
            has_ended: false,
        }
    }

    /// Sets whether the next portion is requested while the caller works on the last one: see
    /// [`Pages::prefetch`](super::Pages::prefetch). Default: `false`.
    pub fn prefetch(mut self, prefetch: bool) -> Self {
        self.source.prefetch(prefetch);
        self
    }

    /// Sets the options of each request, in place of the client's settings: see [`Pages::options`](super::Pages::options).
    /// Earlier options are replaced.
    pub fn options(mut self, options: impl Into<Arc<CallOptions>>) -> Self {
        self.source.set_options(options.into());
        self
    }

    /// Sets the priority of each request in the queue of the rate limiter: see [`Priority`]. Default: that of the client.
    pub fn priority(mut self, priority: Priority) -> Self {
        self.source
            .change_options(|options| options.priority(priority));
        self
    }

    /// Starts at the position of another reading. [`Position`] says which changes may be missed or repeated.
    ///
    /// # Errors
    /// The position belongs to another list, or to a list of pages: [`Error::is_invalid_input`].
    pub fn from_position(self, position: &Position) -> Result<Self, Error> {
        let metadata = self.source.metadata();
        let place = position.in_list(metadata);
        let begun = match place.map_err(|error| error.with_operation(metadata))? {
            Place::Start => Self::over(self.source, Reading::default()),
            Place::Date(date) => Self::over(self.source, Reading::default()).from_date(*date),
            Place::Change { id, unnamed } => {
                Self::over(self.source, Reading::behind(Some(*id), *unnamed))
            }
            _ => {
                let text = "it is a position in a list of pages, not in a history";
                return Err(Error::invalid_input("position", text).with_operation(metadata));
            }
        };
        Ok(begun)
    }

    /// Starts at the first change at or after this date, instead of at an id. The date is in the account's time zone.
    /// As soon as a change is read, its id is the position.
    ///
    /// Until then the position is the date.
    pub fn from_date(self, date: DateTime) -> Self {
        let mut begun = Self::over(self.source, Reading::default());
        begun.date = Some(date);
        begun
    }

    /// The same history with its changes [as raw JSON](RawList), from the position of this reading.
    pub fn raw(self) -> Changes<RawList<O>> {
        let reading = Reading::behind(self.reading.since, self.reading.unnamed);
        let mut raw = Changes::over(self.source.map(RawList), reading);
        raw.date = self.date;
        raw
    }

    /// The highest id that was read, or else the id that the reading started from.
    pub fn since(&self) -> Option<i64> {
        self.reading.since
    }

    /// The position of the reading, for [`from_position`](Self::from_position). Store it when all changes returned so
    /// far are processed.
    pub fn position(&self) -> Position {
        let place = match (self.reading.since, self.date) {
            (Some(id), _) => Place::Change {
                id,
                unnamed: self.reading.unnamed,
            },
            (None, Some(date)) => Place::Date(date),
            (None, None) => Place::Start,
        };
        Position::new(self.source.metadata(), place)
    }

    /// Continues after this id, to get past changes whose ids cannot be read. The id should be higher than the
    /// position; the web interface of the account shows the ids of changes. Changes up to this id are not returned any
    /// more.
    pub fn skip_to(&mut self, id: i64) {
        self.reading.skip_to(id);
        (self.page, self.has_ended) = (None, false);
    }

    /// Returns the next changes; `None` when there is nothing newer. A later call asks the service again.
    ///
    /// # Errors
    /// The errors of any call, and [`Error::is_decode`] when the service reports further changes but sends none.
    pub async fn next(&mut self) -> Result<Option<Page<O::Item>>, Error> {
        if std::mem::take(&mut self.has_ended) {
            return Ok(None);
        }
        let (time, metadata) = (self.source.time(), self.source.metadata());
        let portion = within(time, metadata, self.step()).await?;
        if portion.is_some() && !self.has_ended && self.source.wants_ahead() {
            let call = self.turned_to(self.page);
            if let Ok(request) = self.request(&call) {
                self.source.fetch_ahead(call, request);
            }
        }
        Ok(portion)
    }

    async fn step(&mut self) -> Result<Option<Page<O::Item>>, Error> {
        loop {
            let mut portion = self.ask(self.page).await?;
            match self.reading.read::<O>(&mut portion) {
                Next::Given { is_last } => {
                    self.has_ended = is_last;
                    return Ok(Some(portion));
                }
                Next::Nothing => return Ok(None),
                Next::Missing { portions } => self.stay(portions).await?,
            }
        }
    }

    async fn ask(&mut self, page: Option<u64>) -> Result<Page<O::Item>, Error> {
        let call = self.turned_to(page);
        let request = self.request(&call)?;
        self.source.fetch(call, request).await
    }

    /// The call for the current position; without an id, for this page.
    fn turned_to(&self, page: Option<u64>) -> O {
        let mut call = self.source.call();
        call.since(self.reading.since);
        if self.reading.since.is_none() {
            if let Some(date) = self.date {
                call.turn_to_date(date);
            }
            if let Some(page) = page {
                call.turn_to(page);
            }
        }
        call
    }

    fn request(&self, call: &O) -> Result<Request<Bytes>, Error> {
        self.source.request(&mut O::Cursor::default(), 1, call)
    }

    /// Handles a portion that did not advance the position: waits for the next read, or fails after the last one.
    async fn stay(&mut self, portions: u64) -> Result<(), Error> {
        let reads = self.reading.stayed;
        if reads <= READ_AGAIN {
            tokio::time::sleep(FIRST_WAIT * 2_u32.pow(reads - 1)).await;
            return Ok(());
        }
        let page = self.page.unwrap_or(1);
        if self.reading.since.is_none() && page < portions.min(PAGES_TURNED) {
            self.page = Some(page + 1);
            return Ok(());
        }
        (self.reading.stayed, self.page) = (0, None);
        let place = match self.reading.since {
            Some(id) => format!("after the change {id}"),
            None => "from the beginning".to_owned(),
        };
        let text = match self.reading.odd.first() {
            None => format!(
                "the service says that more changes are left {place}, and gave none in {reads} reads"
            ),
            Some(odd) => format!(
                "of the changes {place} no id can be read in {reads} reads: {odd}; `skip_to` a later id goes on behind them"
            ),
        };
        Err(self.unread(text))
    }

    fn unread(&self, text: impl Into<String>) -> Error {
        Error::new(ErrorKind::Decode, text).with_operation(self.source.metadata())
    }

    /// Returns the id of the newest change without reading the whole history; `None` for an empty history. One request
    /// gets the number of pages, a second one the last page. The position of this reading does not change.
    ///
    /// The filter of the call applies: with a filter by order, it is the newest change of that order. With `from_date`,
    /// the service has fewer changes to count. A reading that starts after this id returns only later changes.
    ///
    /// # Errors
    /// The errors of any call, and [`Error::is_decode`] when the service does not send the number of pages, when the
    /// history grows faster than it is read, or when the last pages hold no readable id. All requests together take at
    /// most the total timeout of one call.
    pub async fn latest(&self) -> Result<Option<i64>, Error> {
        let mut history = Self::over(self.source.alike(), Reading::default());
        history.date = self.date;
        let (time, metadata) = (history.source.time(), history.source.metadata());
        within(time, metadata, history.find_latest()).await
    }

    async fn find_latest(&mut self) -> Result<Option<i64>, Error> {
        let (mut number, mut newest, mut is_back) = (1, None, false);
        for _ in 0..PAGES_TO_LATEST {
            let page = self.ask(Some(number)).await?;
            let here = page.items.iter().filter_map(O::id).max();
            newest = newest.max(here);
            let last = match page.end {
                ListEnd::AtPage(last) => last.max(1),
                ListEnd::Here => number,
                _ if page.items.is_empty() => number,
                _ => return Err(self.unread("the service does not say where its history ends")),
            };
            number = match here {
                // What stands on the last page, or before pages without any id, is the newest.
                Some(_) if is_back || number >= last => return Ok(newest),
                None if page.items.is_empty() && last == 1 => return Ok(newest),
                None if is_back || number == last => {
                    is_back = true;
                    number - 1
                }
                _ => last,
            };
            if number == 0 {
                return Err(self.unread("of no change on the last pages an id can be read"));
            }
        }
        Err(self.unread("the last page of the history was not found"))
    }

    /// The changes, one by one.
    pub fn items(self) -> Items<O::Item> {
        Items::of(self)
    }

    /// The portions as a stream. It ends when there is nothing newer, and after the first error.
    pub fn into_stream(self) -> PageStream<O::Item> {
        PageStream::of(Box::new(self))
    }

    /// Reads all changes up to now into one list, which may be long. [`Items::collect`] does the same, but keeps the
    /// changes and the position after an error.
    ///
    /// # Errors
    /// The errors of [`next`](Self::next). Changes that were read before the error are dropped.
    pub async fn collect(self) -> Result<Vec<O::Item>, Error> {
        self.items().collect().await
    }
}

impl<O: History> fmt::Debug for Changes<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Changes")
            .field("position", &self.position())
            .finish_non_exhaustive()
    }
}
