//! The walk over the pages of a list that may change meanwhile.

use std::{collections::VecDeque, fmt, sync::Arc};

use crate::Sender;
use common_transport::{CallOptions, Error, Priority};

use super::{
    Cursor as _, Items, Page, PageStream, Paged, Position, RawList, position::Place, source::Source,
};
use crate::walk::{Care, Step, Walk, within};

/// The pages of a list, one after the other. The client's method `pages` returns it.
///
/// Pages are requested on demand. The list may change meanwhile, and the walk keeps the promises of
/// [`walk`](crate::walk). No item is returned twice. Items that slide to earlier pages are found, as far as the
/// [`Care`] goes. An empty page is not the end while the service says that more pages follow. A walk without progress
/// fails with [`NoProgress`](crate::walk::NoProgress). The number of requests depends on the care, too.
///
/// Each step, with all its requests, takes at most the total timeout of one call
/// ([`total_timeout`](common_transport::ClientBuilder::total_timeout), or that of the [options](Self::options)). After an error, [`next`](Self::next) repeats
/// the step. A dropped call to `next` loses nothing: the following call repeats the step.
#[must_use = "nothing is asked for before `next`"]
pub struct Pages<O: Paged> {
    source: Source<O>,
    cursor: O::Cursor,
    care: Care,
    walk: Walk<(u64, Page<O::Item>)>,
    /// Pages that were read but not returned yet, with their numbers.
    ready: VecDeque<(u64, Page<O::Item>)>,
    /// Whether the walk started from the end of the list.
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

    /// Sets the effort against skipped rows. [`Care::Always`] takes about four requests a page.
    pub fn care(mut self, care: Care) -> Self {
        self.care = care;
        self.walk = self.walk.care(care);
        self
    }

    /// Sets whether the next page is requested while the caller works on the last one. At most one page is requested in
    /// advance, and only a page that [`next`](Self::next) would request. Default: `false`.
    ///
    /// The request in advance counts against the client's rate limit as any call. `next` returns its error when it
    /// comes to that page. Dropping the walk cancels it. It runs in a task of the tokio runtime.
    pub fn prefetch(mut self, prefetch: bool) -> Self {
        self.source.prefetch(prefetch);
        self
    }

    /// Sets the options of each request of the walk, in place of the client's settings: its priority, its retries. The
    /// [`timeout`](CallOptions::timeout) also bounds the step as a whole, which may take several requests. Earlier
    /// options are replaced.
    pub fn options(mut self, options: impl Into<Arc<CallOptions>>) -> Self {
        self.source.set_options(options.into());
        self
    }

    /// Sets the priority of each request in the queue of the rate limiter: see [`Priority`]. Default: that of the client.
    /// With [`Priority::Low`] an export or a mirror leaves the way free for calls that somebody waits for.
    pub fn priority(mut self, priority: Priority) -> Self {
        self.source
            .change_options(|options| options.priority(priority));
        self
    }

    /// Starts at the position of another walk instead of the first page. [`Position`] says which rows may be missed or
    /// repeated.
    ///
    /// # Errors
    /// The position belongs to another list, or to a history: [`Error::is_invalid_input`].
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

    /// Leaves out the items with these identities, which an earlier walk returned, and looks for others before the
    /// position too: for a walk [from a position](Self::from_position) whose earlier items are stored.
    ///
    /// The walk begins one page before the position, and further back while it finds no known item there. Then it
    /// repeats no item whose identity is among the last 458,752, and misses only what the [`Care`] allows. Call it last.
    pub fn known<I: AsRef<str>>(mut self, identities: impl IntoIterator<Item = I>) -> Self {
        self.walk = self.walk.continue_over(self.cursor.oldest());
        for identity in identities {
            self.walk.note_known(identity.as_ref());
        }
        self
    }

    /// The same list with its items [as raw JSON](RawList), from the position of this walk: for exports and mirrors.
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

    /// The position of the walk, for [`from_position`](Self::from_position). Store it when all items returned so far
    /// are processed.
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

    /// The number of the first page that has not been returned in full; `None` at the end.
    fn number(&self) -> Option<u64> {
        match self.ready.front() {
            Some((number, _)) => Some(*number),
            None => self.walk.position().filter(|_| !self.is_over),
        }
    }

    /// Returns the next page with new items; `None` after the last one. Items that were returned before are left out.
    ///
    /// # Errors
    /// The errors of any call, and [`Error::is_decode`] for a walk without progress or a link that is not followed.
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
            let asked = self.take_ready();
            if let Some((_, page)) = self.ready.pop_front() {
                return Ok(Some(page));
            }
            match asked {
                Some(number) => self.ask(number).await?,
                None => return Ok(None),
            }
        }
    }

    /// Takes all pages that are ready, so that the position is known, and returns the number of the page to ask for.
    /// That page may come after the position, since a careful walk reads ahead.
    fn take_ready(&mut self) -> Option<u64> {
        if self.is_over {
            return None;
        }
        loop {
            match self.walk.step() {
                Step::Give((number, mut page), fresh) => {
                    page.retain(fresh);
                    self.ready.push_back((number, page));
                }
                Step::Ask(number) => return Some(number),
                Step::End => return None,
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

    /// Requests the page of the next step in advance. An error in building the request is left to that step.
    fn look_ahead(&mut self) {
        if !self.source.wants_ahead() || !self.ready.is_empty() {
            return;
        }
        let Some(number) = self.take_ready() else {
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

    /// The pages as a stream. It ends after the first error.
    pub fn into_stream(self) -> PageStream<O::Item> {
        PageStream::of(Box::new(self))
    }

    /// Reads the items of all pages into one list, which may be long. [`Items::collect`] does the same, but keeps the
    /// items after an error.
    ///
    /// # Errors
    /// The errors of [`next`](Self::next). Items that were read before the error are dropped.
    pub async fn collect(self) -> Result<Vec<O::Item>, Error> {
        self.items().collect().await
    }
}

/// The identities of a page's items in one text, since the walk takes them together with the page itself.
struct Names {
    text: String,
    /// End of each identity in the text; `None` for an item without one.
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
