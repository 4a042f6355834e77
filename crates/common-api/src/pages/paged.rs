//! The trait that describes a list to the walk.

use std::borrow::Cow;

use common_transport::Operation;

use super::{Cursor, Layout, Page};

/// An operation whose responses are pages of a list.
///
/// A service without pages has lists of one page: [`Page::end`] is [`ListEnd::Here`](crate::walk::ListEnd::Here).
pub trait Paged: Operation + Clone + Send + Sync + 'static {
    /// Type of the items.
    type Item: Send + 'static;

    /// State that the walk keeps between pages to request the next one; `()` when the page number is enough.
    type Cursor: Cursor;

    /// The place of the items in the response, for [walks that read no models](super::RawList).
    const LAYOUT: Layout;

    /// The layout of this very list. It differs from [`LAYOUT`](Self::LAYOUT) only for lists whose type is known at run
    /// time.
    fn layout(&self) -> Layout {
        Self::LAYOUT
    }

    /// Sets the page number of the call, from 1. By default every page has the same call, and the [`Cursor`] changes
    /// the request.
    fn turn_to(&mut self, page: u64) {
        let _ = page;
    }

    /// Converts an output into a page.
    fn page(output: Self::Output) -> Page<Self::Item>;

    /// The identity of an item, such as its id; `None` when it has no identity.
    fn identity(item: &Self::Item) -> Option<Cow<'_, str>>;
}
