//! What an API crate says of a list.

use std::borrow::Cow;

use common_transport::Operation;

use super::{Cursor, Layout, Page};

/// An operation whose answers are pages of a list.
///
/// A service without pages has lists of one page: [`Page::end`] is [`ListEnd::Here`](crate::walk::ListEnd::Here).
pub trait Paged: Operation + Clone + Send + Sync + 'static {
    /// What is listed.
    type Item: Send + 'static;

    /// What is kept from page to page to ask for the next one: `()` where the number is enough.
    type Cursor: Cursor;

    /// Where the items stand in the answer, for [walks that read no models](RawList).
    ///
    /// [`RawList`]: super::RawList
    const LAYOUT: Layout;

    /// Makes this the call of the page of this number, from 1. By default every page has the same call, and the
    /// [`Cursor`] says how they differ.
    fn turn_to(&mut self, page: u64) {
        let _ = page;
    }

    /// Takes an answer apart.
    fn page(output: Self::Output) -> Page<Self::Item>;

    /// What tells an item from others; none when it has nothing of the kind.
    fn identity(item: &Self::Item) -> Option<Cow<'_, str>>;
}
