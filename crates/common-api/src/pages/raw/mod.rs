//! Items as they came: for exports and mirrors, which need no model.

mod read;
#[cfg(test)]
mod tests;

use std::{borrow::Cow, fmt};

use bytes::Bytes;
use common_model::{civil::DateTime, from_json};
use common_transport::{Decoder, Error, Metadata, Operation};
use http::{Request, Response};

use super::{History, Page, Paged};
use crate::{answer::Reply, walk::ListEnd};

/// An item as it came: its JSON text, and what tells it from others.
///
/// Nothing is changed in the text: unknown fields, odd shapes, the digits of numbers and spaces are as the service wrote
/// them. It need not be an object. It is a part of the answer's own memory, which stays for as long as one of
/// its items does; take a copy of what is to be kept longer than the page.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RawItem {
    json: Bytes,
    identity: Option<Bytes>,
}

impl RawItem {
    /// What the walk tells this item from others by, as text: its id, else its code or its key in the list. None when it
    /// has neither.
    pub fn identity(&self) -> Option<&str> {
        self.identity.as_deref().map(text)
    }

    /// The JSON text.
    pub fn json(&self) -> &str {
        text(&self.json)
    }

    /// The same as bytes of UTF-8, at no cost.
    pub fn as_bytes(&self) -> &[u8] {
        &self.json
    }

    /// The same, to be kept.
    pub fn into_bytes(self) -> Bytes {
        self.json
    }
}

/// It was cut out of a text.
fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

/// Its identity, and how long it is: the text may hold what is nobody's business.
impl fmt::Debug for RawItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawItem")
            .field("identity", &self.identity())
            .field("bytes", &self.json.len())
            .finish()
    }
}

/// What a service makes of an answer before its items are read: see [`Success`](crate::Success).
type Check = for<'r> fn(&'static Metadata, Reply<'r>) -> Result<Cow<'r, str>, Error>;

/// Takes in what a member of the page says of it: its name, its JSON, and the page.
type About = fn(&str, &str, &mut Page<RawItem>);

/// Where the items of a list stand in its answer, and what else the answer says.
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
    /// The items are a list or an object under one of these names, the first one that is there. `check` finds out
    /// whether the answer is a success. `about` is given the other members beside the list, by name and JSON text.
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

    /// The list does not stand in the answer itself, but in the object under this name.
    #[must_use]
    pub const fn within(mut self, name: &'static str) -> Self {
        self.within = Some(name);
        self
    }

    /// Where the list ends when no member says so. Default: that is not known.
    #[must_use]
    pub const fn end(mut self, end: ListEnd) -> Self {
        self.end = end;
        self
    }

    /// The members of an item that tell it from others; the first one that is there counts.
    #[must_use]
    pub const fn identities(mut self, names: &'static [&'static str]) -> Self {
        self.identities = names;
        self
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

/// A list whose items are handed on as they came: [`Pages::raw`](super::Pages::raw) makes it.
///
/// Its answers are checked as those of the list are, and then read once: the items are found, their texts and
/// identities cut out, and the page's counts taken. No model is read. A part that a model could not take is no matter
/// here. An answer that is no JSON is an error.
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
        read::page(self.metadata(), response, &O::LAYOUT)
    }

    fn decoder(&self) -> Option<Decoder<Self::Output>> {
        let metadata = self.metadata();
        Some(Box::new(|response| {
            read::page(metadata, response, &O::LAYOUT)
        }))
    }
}

impl<O: Paged> Paged for RawList<O> {
    type Item = RawItem;
    type Cursor = O::Cursor;

    const LAYOUT: Layout = O::LAYOUT;

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

    fn from_date(&mut self, date: DateTime) {
        self.0.from_date(date);
    }

    fn id(item: &RawItem) -> Option<i64> {
        from_json(item.identity()?).ok()
    }
}
