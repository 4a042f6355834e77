//! Walking the pages of a list while it changes.

use std::{collections::VecDeque, fmt, sync::Arc};

use crate::Sender;
use common_transport::Error;

use super::{
    Cursor as _, Items, Page, PageStream, Paged, Position, RawList, position::Place, source::Source,
};
use crate::walk::{Care, Step, Walk, within};

/// The pages of a list, one after the other; a client's method `pages` makes it.
///
/// Pages are asked for when they are wanted. The list may change meanwhile: what [`walk`](crate::walk) promises holds.
/// No item is given out twice, items that slide to earlier pages are found where the answers tell of it, an empty page
/// ends nothing while more are said to follow, and a walk that gets nowhere fails with
/// [`NoProgress`](crate::walk::NoProgress). A list at rest costs one request a page.
///
/// Each step, however many requests it needs, takes no longer than one call may
/// ([`total_timeout`](common_transport::ClientBuilder::total_timeout)). After an error, [`next`](Self::next) does the
/// same step again. A call to `next` that is dropped is a step that was not done.
#[must_use = "nothing is asked for before `next`"]
pub struct Pages<O: Paged> {
    source: Source<O>,
    cursor: O::Cursor,
    care: Care,
    walk: Walk<(u64, Page<O::Item>)>,
    /// Pages that were read and not given out yet, by their numbers.
    ready: VecDeque<(u64, Page<O::Item>)>,
    /// The walk was begun at the end of another one.
    is_over: bool,
}

impl<O: Paged> Pages<O> {
    /// The pages of a list, from the first one.
    pub fn new(sender: Arc<dyn Sender>, list: O) -> Self {
        Self::over(Source::new(sender, list), Care::default())
    }

    fn over(source: Source<O>, care: Care) -> Self {
        Self {
            source,
            cursor: O::Cursor::default(),
            care,
            walk: Walk::new().care(care),
            ready: VecDeque::new(),
            is_over: false,
        }
    }

    /// How much is done to be sure that nothing is skipped. [`Care::Always`] finds even what no answer hints at, for
    /// about four times the requests.
    pub fn care(mut self, care: Care) -> Self {
        self.care = care;
        self.walk = self.walk.care(care);
        self
    }

    /// Asks for the next page while the one before is worked on: one page, and never one that [`next`](Self::next)
    /// would not ask for. Default: no.
    ///
    /// It takes its turn in the client's rate limit as any call. An error of it is told when `next` is called for its
    /// page. Dropping the walk gives it up. It runs in a task of the tokio runtime.
    pub fn prefetch(mut self, prefetch: bool) -> Self {
        self.source.prefetch(prefetch);
        self
    }

    /// Begins where another walk stood, instead of at the first page. [`Position`] says what may be missed or doubled.
    ///
    /// # Errors
    /// It is a position in another list, or in a history: [`Error::is_invalid_input`].
    pub fn from_position(self, position: &Position) -> Result<Self, Error> {
        let metadata = self.source.metadata();
        let place = position.in_list(metadata);
        let place = place.map_err(|error| error.with_operation(metadata))?;
        let mut new = Self::over(self.source, self.care);
        match place {
            Place::Page { number, link } => {
                new.cursor
                    .resume(*number, link.as_deref())
                    .map_err(|error| error.with_operation(metadata))?;
                new.walk = new.walk.from_page(*number);
            }
            Place::End => new.is_over = true,
            _ => {
                let text = "it is a position in a history, not in a list of pages";
                return Err(Error::invalid_input("position", text).with_operation(metadata));
            }
        }
        Ok(new)
    }

    /// The same list with its items [as they came](RawList), from where this walk stands: for exports and mirrors.
    pub fn raw(self) -> Pages<RawList<O>> {
        let next = self.number();
        let mut raw = Pages::over(self.source.map(RawList), self.care);
        raw.cursor = self.cursor;
        match next {
            Some(number) => raw.walk = raw.walk.from_page(number),
            None => raw.is_over = true,
        }
        raw
    }

    /// Where the walk stands: [`from_position`](Self::from_position) goes on from there. Take it when all that was
    /// given out is done with.
    pub fn position(&self) -> Position {
        let place = match self.number() {
            Some(number) => Place::Page {
                number,
                link: self.cursor.link(number),
            },
            None => Place::End,
        };
        Position::new(self.source.metadata(), place)
    }

    /// The number of the first page of which not all was given out; none at the end.
    fn number(&self) -> Option<u64> {
        match self.ready.front() {
            Some((number, _)) => Some(*number),
            None => self.walk.position().filter(|_| !self.is_over),
        }
    }

    /// The next page that holds something new; `None` after the last one. Items that were given out before are left
    /// out of it.
    ///
    /// # Errors
    /// As any call; and [`Error::is_decode`] for a walk that makes no progress, or a link that is not followed.
    pub async fn next(&mut self) -> Result<Option<Page<O::Item>>, Error> {
        let (time, metadata) = (self.source.time(), self.source.metadata());
        let page = within(time, metadata, self.step()).await?;
        if page.is_some() {
            self.look_ahead();
        }
        Ok(page)
    }

    async fn step(&mut self) -> Result<Option<Page<O::Item>>, Error> {
        loop {
            // All that is ready is taken, so that the position is known.
            while let Step::Give((number, mut page), fresh) = self.walk.step() {
                page.retain(fresh);
                self.ready.push_back((number, page));
            }
            if let Some((_, page)) = self.ready.pop_front() {
                return Ok(Some(page));
            }
            match self.number() {
                Some(number) => self.ask(number).await?,
                None => return Ok(None),
            }
        }
    }

    async fn ask(&mut self, number: u64) -> Result<(), Error> {
        let call = self.turned_to(number);
        let request = self.source.request(&mut self.cursor, number, &call)?;
        let page = self.source.fetch(call, request).await?;
        self.cursor.note(number, page.next.as_deref());
        let (meta, next) = (page.meta(), self.cursor.oldest());
        let names = Names::of::<O>(&page.items);
        let read = self.walk.read((number, page), names.iter(), meta);
        self.walk.forget_below(next);
        read.map_err(|stuck| stuck.into_error(self.source.metadata()))
    }

    fn turned_to(&self, number: u64) -> O {
        let mut call = self.source.call();
        call.turn_to(number);
        call
    }

    /// Asks for the page that the next step would ask for. One that cannot be asked for is left to that step.
    fn look_ahead(&mut self) {
        if !self.source.wants_ahead() || !self.ready.is_empty() {
            return;
        }
        let Some(number) = self.number() else {
            return;
        };
        let call = self.turned_to(number);
        if let Ok(request) = self.source.request(&mut self.cursor, number, &call) {
            self.source.fetch_ahead(call, request);
        }
    }

    /// The items of all pages, one by one.
    pub fn items(self) -> Items<O::Item> {
        Items::of(self)
    }

    /// The pages as a stream; it ends after the first error.
    pub fn into_stream(self) -> PageStream<O::Item> {
        PageStream::of(Box::new(self))
    }

    /// The items of all pages in one list; mind that there may be many. [`Items::collect`] loses nothing at an error.
    ///
    /// # Errors
    /// As [`next`](Self::next); what was read until then is dropped.
    pub async fn collect(self) -> Result<Vec<O::Item>, Error> {
        self.items().collect().await
    }
}

/// The identities of a page's items, in one text: the page itself is handed to the walk together with them.
struct Names {
    text: String,
    /// Where each ends; none for an item without one.
    ends: Vec<Option<usize>>,
}

impl Names {
    fn of<O: Paged>(items: &[O::Item]) -> Self {
        let mut names = Self {
            text: String::new(),
            ends: Vec::with_capacity(items.len()),
        };
        for item in items {
            let name = O::identity(item);
            names.text.push_str(name.as_deref().unwrap_or_default());
            names.ends.push(name.map(|_| names.text.len()));
        }
        names
    }

    fn iter(&self) -> impl Iterator<Item = Option<&str>> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let end = (*end)?;
            let name = self.text.get(start..end);
            start = end;
            name
        })
    }
}

impl<O: Paged> fmt::Debug for Pages<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("position", &self.position())
            .finish_non_exhaustive()
    }
}
