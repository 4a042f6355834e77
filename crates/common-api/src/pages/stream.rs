//! Pages and items as streams.

use std::{
    collections::VecDeque,
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use common_transport::Error;
use futures_core::Stream;

use super::{
    Page, Position,
    items::{Turned, Turning},
};

/// The pages of a walk or of a reading as a [`Stream`]. It ends after the first error.
///
/// A page is asked for when the stream is polled for it. With `prefetch` the next one is on its way before that.
#[must_use = "streams do nothing unless polled"]
pub struct PageStream<T> {
    state: State<T>,
    position: Position,
}

/// A page, and what gives those that follow it.
type Step<T> = Pin<Box<dyn Future<Output = (Box<dyn Turning<T>>, Turned<T>)> + Send>>;

enum State<T> {
    Idle(Box<dyn Turning<T>>),
    Waiting(Step<T>),
    Done,
}

impl<T: 'static> PageStream<T> {
    pub(super) fn of(pages: Box<dyn Turning<T>>) -> Self {
        Self {
            position: pages.position(),
            state: State::Idle(pages),
        }
    }

    /// Where the walk stands, as of the page that was given last; after an error, where it failed.
    pub fn position(&self) -> &Position {
        &self.position
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Page<T>, Error>>> {
        loop {
            self.state = match std::mem::replace(&mut self.state, State::Done) {
                State::Done => return Poll::Ready(None),
                State::Idle(mut pages) => State::Waiting(Box::pin(async move {
                    let page = pages.next().await;
                    (pages, page)
                })),
                State::Waiting(mut step) => {
                    let Poll::Ready((pages, page)) = step.as_mut().poll(cx) else {
                        self.state = State::Waiting(step);
                        return Poll::Pending;
                    };
                    self.position = pages.position();
                    if let Ok(Some(_)) = page {
                        self.state = State::Idle(pages);
                    }
                    return Poll::Ready(page.transpose());
                }
            };
        }
    }
}

impl<T: 'static> Stream for PageStream<T> {
    type Item = Result<Page<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll(cx)
    }
}

impl<T> fmt::Debug for PageStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageStream")
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}

/// The items of a walk or of a reading as a [`Stream`]. It ends after the first error.
#[must_use = "streams do nothing unless polled"]
pub struct ItemStream<T> {
    pages: PageStream<T>,
    page: VecDeque<T>,
    /// Where the walk stood before the items that are left.
    before: Position,
}

/// Items are moved out of it, and never pinned.
impl<T> Unpin for ItemStream<T> {}

impl<T: 'static> ItemStream<T> {
    pub(super) fn of(pages: Box<dyn Turning<T>>, page: VecDeque<T>, before: Position) -> Self {
        Self {
            pages: PageStream::of(pages),
            page,
            before,
        }
    }

    /// Where the walk stands, as [`Items::position`](super::Items::position) says it.
    pub fn position(&self) -> &Position {
        match self.page.is_empty() {
            true => self.pages.position(),
            false => &self.before,
        }
    }
}

impl<T: 'static> Stream for ItemStream<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.page.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            let before = self.pages.position.clone();
            match ready!(self.pages.poll(cx)) {
                Some(Ok(page)) => (self.page, self.before) = (page.items.into(), before),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<T> fmt::Debug for ItemStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ItemStream")
            .field("pages", &self.pages)
            .finish_non_exhaustive()
    }
}
