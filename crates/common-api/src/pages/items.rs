//! The items of pages and portions, one by one.

use std::{collections::VecDeque, fmt, future::Future, pin::Pin};

use common_transport::Error;

use super::{Changes, History, ItemStream, Page, Paged, Pages, Position};

/// A source of pages in order: a walk or a reading.
pub(super) trait Turning<T>: fmt::Debug + Send {
    fn next(&mut self) -> Pin<Box<dyn Future<Output = Turned<T>> + Send + '_>>;

    fn position(&self) -> Position;
}

/// The next page.
pub(super) type Turned<T> = Result<Option<Page<T>>, Error>;

impl<O: Paged> Turning<O::Item> for Pages<O> {
    fn next(&mut self) -> Pin<Box<dyn Future<Output = Turned<O::Item>> + Send + '_>> {
        Box::pin(Self::next(self))
    }

    fn position(&self) -> Position {
        Self::position(self)
    }
}

impl<O: History> Turning<O::Item> for Changes<O> {
    fn next(&mut self) -> Pin<Box<dyn Future<Output = Turned<O::Item>> + Send + '_>> {
        Box::pin(Self::next(self))
    }

    fn position(&self) -> Position {
        Self::position(self)
    }
}

/// The items of [`Pages`] or [`Changes`], one by one. The next page is requested when all items of the current page
/// have been returned.
#[must_use = "nothing is asked for before `next`"]
pub struct Items<T> {
    pages: Box<dyn Turning<T>>,
    page: VecDeque<T>,
    /// Position before the page of the remaining items.
    before: Position,
}

impl<T: Send + 'static> Items<T> {
    pub(super) fn of(pages: impl Turning<T> + 'static) -> Self {
        Self {
            before: pages.position(),
            pages: Box::new(pages),
            page: VecDeque::new(),
        }
    }

    /// Returns the next item; `None` after the last one. For changes, a later call asks the service again, since there
    /// may be more by then.
    ///
    /// # Errors
    /// The errors of [`Pages::next`] and [`Changes::next`]. A further call continues.
    pub async fn next(&mut self) -> Result<Option<T>, Error> {
        loop {
            if let Some(item) = self.page.pop_front() {
                return Ok(Some(item));
            }
            let before = self.pages.position();
            match self.pages.next().await? {
                Some(page) => (self.page, self.before) = (page.items.into(), before),
                None => return Ok(None),
            }
        }
    }

    /// Reads all remaining items into one list, which may be long.
    ///
    /// It is cancel-safe: items that were read before the future was dropped are kept, as after an error.
    ///
    /// # Errors
    /// The errors of [`next`](Self::next). Items that were read before the error are kept: `next` returns them, and a
    /// further `collect` continues.
    pub async fn collect(&mut self) -> Result<Vec<T>, Error> {
        loop {
            let before = self.position();
            let Some(page) = self.pages.next().await? else {
                return Ok(std::mem::take(&mut self.page).into());
            };
            self.page.extend(page.items);
            self.before = before;
        }
    }

    /// The position of the walk. It stays before the current page until the last item of that page has been returned. A
    /// walk [from this position](Pages::from_position) misses no item and may repeat up to a page of them.
    pub fn position(&self) -> Position {
        match self.page.is_empty() {
            true => self.pages.position(),
            false => self.before.clone(),
        }
    }

    /// The items as a stream. It ends after the first error.
    pub fn into_stream(self) -> ItemStream<T> {
        ItemStream::of(self.pages, self.page, self.before)
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("pages", &self.pages)
            .finish_non_exhaustive()
    }
}
