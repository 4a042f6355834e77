//! Cutting the items out of an answer, in one pass.

use std::borrow::Cow;

use bytes::Bytes;
use common_model::{Error as ModelError, Kind, Options, Reader, from_json};
use common_transport::{Error, ErrorKind, Metadata};
use http::Response;

use super::{Layout, RawItem};
use crate::{Page, decoding::read_text};

pub(in crate::pages) fn page(
    metadata: &'static Metadata,
    response: Response<Bytes>,
    layout: &Layout,
) -> Result<Page<RawItem>, Error> {
    let mut page = None;
    let check = layout.check;
    read_text(
        metadata,
        response,
        &|reply| check(metadata, reply),
        &mut |response, text, options| {
            let text = Shared::of(response.body(), text);
            page = Some(Cutting::new(&text, layout).read(options)?);
            Ok(Vec::new())
        },
    )?;
    page.ok_or_else(|| Error::new(ErrorKind::Decode, "the answer has no value"))
}

/// A text whose parts can be kept without a copy.
struct Shared<'r> {
    text: Cow<'r, str>,
    bytes: Bytes,
}

impl<'r> Shared<'r> {
    /// The text of a response is its body, unless the text was repaired.
    fn of(body: &Bytes, text: Cow<'r, str>) -> Self {
        let text = without_mark(text);
        let within = match &text {
            Cow::Borrowed(text) => place(body, text.as_bytes()),
            Cow::Owned(_) => None,
        };
        let bytes = match within {
            Some(range) => body.slice(range),
            None => Bytes::copy_from_slice(text.as_bytes()),
        };
        Self { text, bytes }
    }

    /// A part of the text.
    fn cut(&self, part: &str) -> Bytes {
        let range = place(self.text.as_bytes(), part.as_bytes());
        range.map_or_else(
            || Bytes::copy_from_slice(part.as_bytes()),
            |range| self.bytes.slice(range),
        )
    }
}

/// The text without its byte order mark.
fn without_mark(text: Cow<'_, str>) -> Cow<'_, str> {
    const MARK: char = '\u{feff}';
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.strip_prefix(MARK).unwrap_or(text)),
        Cow::Owned(mut text) if text.starts_with(MARK) => {
            text.remove(0);
            Cow::Owned(text)
        }
        text => text,
    }
}

/// Where a part stands in a whole, if it is one.
fn place(whole: &[u8], part: &[u8]) -> Option<std::ops::Range<usize>> {
    let start = part.as_ptr().addr().checked_sub(whole.as_ptr().addr())?;
    let end = start.checked_add(part.len())?;
    (end <= whole.len()).then_some(start..end)
}

struct Cutting<'t> {
    text: &'t Shared<'t>,
    layout: &'t Layout,
    page: Page<RawItem>,
    /// The items under each of the layout's names.
    lists: Vec<Option<Vec<RawItem>>>,
}

impl<'t> Cutting<'t> {
    fn new(text: &'t Shared<'t>, layout: &'t Layout) -> Self {
        let mut page = Page::new(Vec::new());
        page.end = layout.end;
        Self {
            text,
            layout,
            page,
            lists: vec![None; layout.lists.len()],
        }
    }

    fn read(mut self, options: &Options<'_>) -> Result<Page<RawItem>, ModelError> {
        let mut reader = Reader::with_options(&self.text.text, options);
        match self.layout.within {
            None => self.members(&mut reader)?,
            Some(name) => reader.object(&mut |key, reader| {
                if key != name {
                    return reader.raw().map(drop);
                }
                // Of a name that stands twice the last one counts.
                self = Self::new(self.text, self.layout);
                match reader.peek()? {
                    Kind::Object => self.members(reader),
                    _ => reader.raw().map(drop),
                }
            })?,
        }
        reader.end()?;
        self.page.items = self.lists.into_iter().flatten().next().unwrap_or_default();
        Ok(self.page)
    }

    /// The members of the object that holds the list.
    fn members(&mut self, reader: &mut Reader<'_>) -> Result<(), ModelError> {
        reader.object(&mut |key, reader| {
            match self.layout.lists.iter().position(|name| *name == key) {
                Some(at) => self.lists[at] = self.list(reader)?,
                None => (self.layout.about)(key, reader.raw()?, &mut self.page),
            }
            Ok(())
        })
    }

    /// The items of a list, or of an object, since PHP may write a list as one. `None` for an empty value.
    fn list(&self, reader: &mut Reader<'_>) -> Result<Option<Vec<RawItem>>, ModelError> {
        let mut items = Vec::new();
        match reader.peek()? {
            Kind::Array => reader.array(&mut |reader| {
                reader.charge_growth(&items)?;
                items.push(self.item(None, reader)?);
                Ok(())
            })?,
            Kind::Object => reader.object(&mut |key, reader| {
                reader.charge_growth(&items)?;
                items.push(self.item(Some(key), reader)?);
                Ok(())
            })?,
            // What PHP writes for a list that is empty or is not there.
            _ => {
                let other = reader.expected("a list");
                return match reader.raw()? {
                    "null" | "false" | r#""""# => Ok(None),
                    _ => Err(other),
                };
            }
        }
        Ok(Some(items))
    }

    fn item(&self, key: Option<&str>, reader: &mut Reader<'_>) -> Result<RawItem, ModelError> {
        let names = self.layout.identities;
        let kind = reader.peek()?;
        let start = reader.offset();
        let mut found: Option<(usize, Bytes)> = None;
        if kind == Kind::Object && !names.is_empty() {
            reader.object(&mut |member, reader| {
                let raw = reader.raw()?;
                if let Some(at) = names.iter().position(|name| *name == member)
                    && found.as_ref().is_none_or(|(known, _)| at <= *known)
                    && let Some(identity) = self.identity(raw)
                {
                    found = Some((at, identity));
                }
                Ok(())
            })?;
        } else {
            reader.raw()?;
        }
        let of_key = || key.map(|key| Bytes::copy_from_slice(key.as_bytes()));
        Ok(RawItem {
            json: self.text.bytes.slice(start..reader.offset()),
            identity: found.map(|(_, identity)| identity).or_else(of_key),
        })
    }

    /// The text of a string or number that stands for an item.
    fn identity(&self, raw: &str) -> Option<Bytes> {
        match raw.as_bytes() {
            [b'"', b'"'] => None,
            [b'"', inner @ .., b'"'] if !inner.contains(&b'\\') => {
                Some(self.text.cut(&raw[1..raw.len() - 1]))
            }
            [b'"', ..] => from_json::<String>(raw).ok().map(Bytes::from),
            [b'-' | b'0'..=b'9', ..] => Some(self.text.cut(raw)),
            _ => None,
        }
    }
}
