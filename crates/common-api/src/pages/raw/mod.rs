//! Items as raw JSON, for exports and mirrors, which need no model.

mod read;
#[cfg(test)]
mod tests;

use std::{borrow::Cow, fmt};

use bytes::Bytes;
use common_model::{civil::DateTime, from_json};
use common_transport::{Decoder, Error, Metadata, Operation};
use http::{Request, Response};

pub(super) use read::page;

use super::{History, Page, Paged};
use crate::{answer::Reply, walk::ListEnd};

/// An item as raw JSON, with its identity.
///
/// The text is unchanged: unknown fields, odd shapes, the digits of numbers and spaces are as the service wrote them.
/// It need not be an object. It shares the memory of the whole response, which is freed with the last of its items.
/// Copy items that you keep longer than the page.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RawItem {
    json: Bytes,
    identity: Option<Bytes>,
}

impl RawItem {
    /// The identity of the item as text: its id, or else its code, or else its key in the list. `None` when it has none
    /// of them.
    pub fn identity(&self) -> Option<&str> {
        self.identity.as_deref().map(text)
    }

    /// The JSON text.
    pub fn json(&self) -> &str {
        text(&self.json)
    }

    /// The JSON text as UTF-8 bytes, without a copy.
    pub fn as_bytes(&self) -> &[u8] {
        &self.json
    }

    /// Converts the item into its JSON text, without a copy.
    pub fn into_bytes(self) -> Bytes {
        self.json
    }
}

/// The text of bytes that were cut out of a valid text.
fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

/// Shows the identity and the length. The text is left out, since it may hold personal data.
impl fmt::Debug for RawItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawItem")
            .field("identity", &self.identity())
            .field("bytes", &self.json.len())
            .finish()
    }
}

/// The check of a service whether a response is a success, before its items are read: see [`Success`](crate::Success).
type Check = for<'r> fn(&'static Metadata, Reply<'r>) -> Result<Cow<'r, str>, Error>;

/// Stores a member beside the list in the page. Arguments: name, JSON text, page.
type About = fn(&str, &str, &mut Page<RawItem>);

/// The place of the items in a response, and the reading of the other members.
#[derive(Clone, Copy)]
pub struct Layout {
    check: Check,
    about: About,
    within: Option<&'static str>,
    lists: &'static [&'static str],
    identities: &'static [&'static str],
    end: ListEnd,
}

impl Layout {
    /// Items in a list or an object under the first of these names that is present. `check` finds out whether the
    /// response is a success. `about` gets the other members beside the list, by name and JSON text.
    #[must_use]
    pub const fn new(check: Check, lists: &'static [&'static str], about: About) -> Self {
        Self {
            check,
            about,
            within: None,
            lists,
            identities: &[],
            end: ListEnd::Unknown,
        }
    }

    /// Sets the name of the object that holds the list. Default: the response itself holds it.
    #[must_use]
    pub const fn within(mut self, name: &'static str) -> Self {
        self.within = Some(name);
        self
    }

    /// Sets the end of the list for responses whose members do not say it. Default: unknown.
    #[must_use]
    pub const fn end(mut self, end: ListEnd) -> Self {
        self.end = end;
        self
    }

    /// Sets the names of the members that identify an item. The first one that is present counts.
    #[must_use]
    pub const fn identities(mut self, names: &'static [&'static str]) -> Self {
        self.identities = names;
        self
    }
}

impl Layout {
    pub(super) fn lists(&self) -> &'static [&'static str] {
        self.lists
    }

    pub(super) fn holder(&self) -> Option<&'static str> {
        self.within
    }

    pub(super) fn identity_names(&self) -> &'static [&'static str] {
        self.identities
    }
}

impl fmt::Debug for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Layout")
            .field("within", &self.within)
            .field("lists", &self.lists)
            .field("identities", &self.identities)
            .finish_non_exhaustive()
    }
}

/// A list whose items are returned as raw JSON: see [`Pages::raw`](super::Pages::raw).
///
/// A response is checked as for the list itself, then read once, for the texts and identities of its items and the
/// counts of the page. No model is read, so parts of the wrong type for a model are accepted. A response that is not
/// JSON is an error.
#[derive(Debug, Clone, PartialEq)]
pub struct RawList<O>(pub O);

impl<O: Paged> Operation for RawList<O> {
    type Output = Page<RawItem>;

    fn metadata(&self) -> &'static Metadata {
        self.0.metadata()
    }

    fn request(&self) -> Result<Request<Bytes>, Error> {
        self.0.request()
    }

    fn decode(&self, response: Response<Bytes>) -> Result<Self::Output, Error> {
        read::page(self.metadata(), response, &self.0.layout())
    }

    fn decoder(&self) -> Option<Decoder<Self::Output>> {
        let (metadata, layout) = (self.metadata(), self.0.layout());
        Some(Box::new(move |response| {
            read::page(metadata, response, &layout)
        }))
    }
}

impl<O: Paged> Paged for RawList<O> {
    type Item = RawItem;
    type Cursor = O::Cursor;

    const LAYOUT: Layout = O::LAYOUT;

    fn layout(&self) -> Layout {
        self.0.layout()
    }

    fn turn_to(&mut self, page: u64) {
        self.0.turn_to(page);
    }

    fn page(output: Self::Output) -> Page<RawItem> {
        output
    }

    fn identity(item: &RawItem) -> Option<Cow<'_, str>> {
        item.identity().map(Cow::Borrowed)
    }
}

impl<O: History> History for RawList<O> {
    fn since(&mut self, id: Option<i64>) {
        self.0.since(id);
    }

    fn turn_to_date(&mut self, date: DateTime) {
        self.0.turn_to_date(date);
    }

    fn id(item: &RawItem) -> Option<i64> {
        from_json(item.identity()?).ok()
    }
}
