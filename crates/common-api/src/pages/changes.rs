//! Reading a history on by the id of the last change.

use std::{fmt, sync::Arc, time::Duration};

use crate::Sender;
use bytes::Bytes;
use common_model::civil::DateTime;
use common_transport::{Error, ErrorKind};
use http::Request;

use super::{
    History, Items, Page, PageStream, Position, RawList,
    portions::{Next, Reading},
    position::Place,
    source::Source,
};
use crate::walk::{ListEnd, within};

/// How often a portion that brings the position no further is read again, while more are said to be left.
const READ_AGAIN: u32 = 5;

/// The wait before the first of these reads; each later one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(250);

/// How many pages are turned at most to find the first change of a history.
const PAGES_TURNED: u64 = 64;

/// How many pages are read at most to find the last change.
const PAGES_TO_LATEST: u32 = 16;

/// The changes after an id, in portions; a client's method `changes` makes it.
///
/// Each request names the last id that was seen and no page. The answer says how many portions are left. Store
/// [`position`](Self::position) after a portion is processed, and start from it the next time: the reading ends when
/// there is nothing newer. The position never goes back, and no change is given out twice.
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
///
/// # Where to begin
///
/// - Behind a change: `client.changes(list, Some(id))`, or [`from_position`](Self::from_position).
/// - At a date: [`from_date`](Self::from_date).
/// - Now, without what was before: behind [`latest`](Self::latest).
/// - At the beginning: `client.changes(list, None)`. A history may be long.
#[must_use = "nothing is asked for before `next`"]
pub struct Changes<O: History> {
    source: Source<O>,
    /// The date that a reading without an id begins at.
    date: Option<DateTime>,
    /// The page of a history that is read without an id.
    page: Option<u64>,
    reading: Reading,
    /// The last portion was the last one that is there.
    has_ended: bool,
}

impl<O: History> Changes<O> {
    /// The changes after this id; from the beginning without one.
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

    /// Asks for the next portion while the one before is worked on: see [`Pages::prefetch`](super::Pages::prefetch).
    /// Default: no.
    pub fn prefetch(mut self, prefetch: bool) -> Self {
        self.source.prefetch(prefetch);
        self
    }

    /// Begins where another reading stood. [`Position`] says what may be missed or doubled.
    ///
    /// # Errors
    /// It is a position in another list, or in a list of pages: [`Error::is_invalid_input`].
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

    /// Begins at the first change from this date on, in the account's own time, in place of an id. Once a change was
    /// read, its id is the position. A change of that very second counts as later.
    ///
    /// As long as there is no change since then, the position stays the date.
    pub fn from_date(self, date: DateTime) -> Self {
        let mut begun = Self::over(self.source, Reading::default());
        begun.date = Some(date);
        begun
    }

    /// The same history with its changes [as they came](RawList), from where this reading stands.
    pub fn raw(self) -> Changes<RawList<O>> {
        let reading = Reading::behind(self.reading.since, self.reading.unnamed);
        let mut raw = Changes::over(self.source.map(RawList), reading);
        raw.date = self.date;
        raw
    }

    /// The highest id that was given out, or the one the reading began with.
    pub fn since(&self) -> Option<i64> {
        self.reading.since
    }

    /// Where the reading stands: [`from_position`](Self::from_position) goes on from there. Take it when all that was
    /// given out is done with.
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

    /// Goes on behind this id, which should be higher than the position: past changes of which no id can be read. The
    /// web interface of the account shows their ids. Changes up to this id are not given out any more.
    pub fn skip_to(&mut self, id: i64) {
        self.reading.skip_to(id);
        (self.page, self.has_ended) = (None, false);
    }

    /// The next changes; none when there is nothing newer, which may change: asking again asks the service again.
    ///
    /// # Errors
    /// As any call; and [`Error::is_decode`] when changes are said to be left and none come.
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

    /// The call from where the reading stands; without an id, of this page.
    fn turned_to(&self, page: Option<u64>) -> O {
        let mut call = self.source.call();
        call.since(self.reading.since);
        if self.reading.since.is_none() {
            if let Some(date) = self.date {
                call.from_date(date);
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

    /// The position stays: waits for the next try, or says that there were enough.
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

    /// The id of the newest change, without reading the history: one request tells how many pages it has, a second one
    /// reads the last of them. None of an empty history. The reading itself stays where it stands.
    ///
    /// The history is meant as the call narrows it: with a filter by order, the newest change of that order. A
    /// `from_date` shortens what the service has to count. A reading behind it gives what comes from now on alone.
    ///
    /// # Errors
    /// As any call; and [`Error::is_decode`] when the service does not say how many pages there are, when it grows
    /// pages faster than they are read, or when no id can be read on the last ones. It takes no longer than one call
    /// may.
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

    /// The changes one by one.
    pub fn items(self) -> Items<O::Item> {
        Items::of(self)
    }

    /// The portions as a stream; it ends where nothing is newer, and after the first error.
    pub fn into_stream(self) -> PageStream<O::Item> {
        PageStream::of(Box::new(self))
    }

    /// All changes up to now in one list; mind that there may be many. [`Items::collect`] loses nothing at an error, and
    /// keeps the position.
    ///
    /// # Errors
    /// As [`next`](Self::next); what was read until then is dropped.
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
