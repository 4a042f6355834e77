//! The items of pages and portions, one by one.

use std::{collections::VecDeque, fmt, future::Future, pin::Pin};

use common_transport::Error;

use super::{Changes, History, ItemStream, Page, Paged, Pages, Position};

/// What gives pages one after the other, whatever it asks for them.
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

/// The items of [`Pages`] or [`Changes`], one by one. A page is asked for when the one before is used up.
#[must_use = "nothing is asked for before `next`"]
pub struct Items<T> {
    pages: Box<dyn Turning<T>>,
    page: VecDeque<T>,
    /// Where the walk stood before the items that are left.
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

    /// The next item; `None` after the last one. Of changes there may be more later: asking again asks the service
    /// again.
    ///
    /// # Errors
    /// As [`Pages::next`] and [`Changes::next`]. Asking again goes on.
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

    /// All items that are left, in one list; mind that there may be many.
    ///
    /// # Errors
    /// As [`next`](Self::next). What was read until then is not lost: `next` gives it, and `collect` goes on.
    pub async fn collect(&mut self) -> Result<Vec<T>, Error> {
        let before = self.position();
        let mut items = Vec::from(std::mem::take(&mut self.page));
        loop {
            match self.pages.next().await {
                Ok(Some(page)) => items.extend(page.items),
                Ok(None) => return Ok(items),
                Err(error) => {
                    (self.page, self.before) = (items.into(), before);
                    return Err(error);
                }
            }
        }
    }

    /// Where the walk stands: before the page whose items are being given out, until the last of them was. A walk
    /// [from there](Pages::from_position) misses none and gives up to a page of them again.
    pub fn position(&self) -> Position {
        match self.page.is_empty() {
            true => self.pages.position(),
            false => self.before.clone(),
        }
    }

    /// The items as a stream; it ends after the first error.
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
