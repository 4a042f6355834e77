//! Objects and arrays, read by one loop each, for any content.

use std::borrow::Cow;

use super::{DEPTH, Kind, Marks, Reader, string::plain_length};
use crate::Error;

/// A destination for the items of a list or the members of an object.
///
/// It is a trait, not a closure, because less code is compiled for each type.
pub(crate) trait Collect {
    /// Reads one value. `key` is its key in an object, `place` its place among all elements that came. Adds nothing
    /// when the value cannot be read.
    fn collect(
        &mut self,
        key: Option<&str>,
        place: usize,
        reader: &mut Reader<'_>,
    ) -> Result<(), Error>;
}

impl<'a> Reader<'a> {
    /// Reads a list or an object, and returns which it was. An element of the wrong type is set aside.
    #[inline(never)]
    pub(crate) fn collect(&mut self, what: &str, into: &mut dyn Collect) -> Result<Kind, Error> {
        let (kind, start) = (self.byte(), self.at);
        let (kind, total) = match kind {
            Some(b'{') => (Kind::Object, self.collect_members(into)?),
            Some(b'[') => (Kind::Array, self.collect_items(into)?),
            _ => return Err(self.expected(what)),
        };
        if self.marks.has(Marks::ASIDE) {
            self.close_asides(start, total)?;
        }
        Ok(kind)
    }

    fn collect_members(&mut self, into: &mut dyn Collect) -> Result<usize, Error> {
        let mut place = 0;
        let mut next = self.first_key()?;
        while let Some(key) = next {
            if let Err(error) = self.collect_one(Some(&key), place, into) {
                return Err(self.fail_in_field(error, &key));
            }
            place += 1;
            next = self.next_key()?;
        }
        Ok(place)
    }

    fn collect_items(&mut self, into: &mut dyn Collect) -> Result<usize, Error> {
        let mut place = 0;
        let mut more = self.enter(b'[', b']', "a list")?;
        while more {
            if let Err(error) = self.collect_one(None, place, into) {
                return Err(self.fail_in_item(error, place));
            }
            place += 1;
            more = self.more(b']')?;
        }
        Ok(place)
    }

    #[inline]
    fn collect_one(
        &mut self,
        key: Option<&str>,
        place: usize,
        into: &mut dyn Collect,
    ) -> Result<(), Error> {
        let mark = self.mark_here();
        match into.collect(key, place, self) {
            Err(error) => self.set_aside(mark, key, place, error),
            Ok(()) if self.marks.has(Marks::ASIDE) => self.nest_asides(mark.at, place),
            Ok(()) => Ok(()),
        }
    }

    /// Reads an object: `member` is called for each key and must consume its value.
    ///
    /// An error inside of a member gets the key in its path.
    ///
    /// # Errors
    /// The next value is not an object, is not JSON or nests too deeply, or `member` failed.
    pub fn object(
        &mut self,
        member: &mut dyn FnMut(&str, &mut Reader<'a>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut next = self.first_key()?;
        while let Some(key) = next {
            if let Err(error) = member(&key, self) {
                return Err(self.fail_in_field(error, &key));
            }
            next = self.next_key()?;
        }
        Ok(())
    }

    /// Reads an array: `item` is called for each item and must consume it.
    ///
    /// An error inside of an item gets the index in its path.
    ///
    /// # Errors
    /// The next value is not an array, is not JSON or nests too deeply, or `item` failed.
    pub fn array(
        &mut self,
        item: &mut dyn FnMut(&mut Reader<'a>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut more = self.enter(b'[', b']', "a list")?;
        let mut index = 0;
        while more {
            if let Err(error) = item(self) {
                return Err(self.fail_in_item(error, index));
            }
            index += 1;
            more = self.more(b']')?;
        }
        Ok(())
    }

    /// Steps into an object: its first key and the colon; none when it is empty.
    #[inline]
    pub(crate) fn first_key(&mut self) -> Result<Option<Cow<'a, str>>, Error> {
        if let [b'{', b'"', rest @ ..] = self.free_bytes()
            && self.depth + 1 < DEPTH
            && let Some(key) = self.plain_key(rest)
        {
            self.depth += 1;
            return Ok(Some(Cow::Borrowed(key)));
        }
        self.first_spaced_key()
    }

    /// With space, escapes, or the end.
    #[inline(never)]
    fn first_spaced_key(&mut self) -> Result<Option<Cow<'a, str>>, Error> {
        if self.enter(b'{', b'}', "an object")? {
            self.key().map(Some)
        } else {
            Ok(None)
        }
    }

    /// After a member: the next key and the colon; none at the end, and then the object is left.
    ///
    /// Inlined in its three loops: it runs for every field, and a call is a quarter of what it costs.
    #[inline(always)]
    pub(crate) fn next_key(&mut self) -> Result<Option<Cow<'a, str>>, Error> {
        // The usual cases in one go, `,"key":` and `}`. Where a question is due whether to go on, the long way asks it.
        match self.free_bytes() {
            [b',', b'"', rest @ ..] => {
                if let Some(key) = self.plain_key(rest) {
                    return Ok(Some(Cow::Borrowed(key)));
                }
            }
            [b'}', ..] => {
                self.at += 1;
                self.depth -= 1;
                return Ok(None);
            }
            _ => {}
        }
        self.next_spaced_key()
    }

    /// A key without escapes, and its colon, at the beginning of `rest`, which is two bytes ahead. Consumes nothing if
    /// another one stands there.
    #[inline(always)]
    fn plain_key(&mut self, rest: &[u8]) -> Option<&'a str> {
        let length = plain_length(rest);
        let Some([b'"', b':', ..]) = rest.get(length..) else {
            return None;
        };
        let start = self.at + 2;
        let key = self.free_text(start, length)?;
        self.at = start + length + 2;
        Some(key)
    }

    /// With space, escapes, or the end.
    #[inline(never)]
    fn next_spaced_key(&mut self) -> Result<Option<Cow<'a, str>>, Error> {
        if self.more(b'}')? {
            self.key().map(Some)
        } else {
            Ok(None)
        }
    }

    /// Enters a container. Returns false for an empty container, and leaves it.
    fn enter(&mut self, open: u8, close: u8, what: &str) -> Result<bool, Error> {
        if self.byte() != Some(open) {
            return Err(self.expected(what));
        }
        if self.depth + 1 >= DEPTH {
            return Err(self.syntax("nested too deep"));
        }
        self.at += 1;
        if self.byte() == Some(close) {
            self.at += 1;
            return Ok(false);
        }
        self.depth += 1;
        Ok(true)
    }

    /// Leaves the object of a member that failed with `error`, and returns the error with the key in its path.
    #[cold]
    #[inline(never)]
    pub(crate) fn fail_in_field(&mut self, error: Error, key: &str) -> Error {
        self.depth -= 1;
        error.in_field(key)
    }

    /// Leaves the list of an item that failed with `error`, and returns the error with the index in its path.
    #[cold]
    #[inline(never)]
    fn fail_in_item(&mut self, error: Error, index: usize) -> Error {
        self.depth -= 1;
        error.in_item(index)
    }

    /// Whether another member or item follows; leaves the container if not.
    #[inline]
    fn more(&mut self, close: u8) -> Result<bool, Error> {
        match self.free_byte() {
            Some(b',') => {
                self.at += 1;
                Ok(true)
            }
            Some(byte) if byte == close => {
                self.at += 1;
                self.depth -= 1;
                Ok(false)
            }
            _ => self.more_after_space(close),
        }
    }

    /// Behind space, or where a question is due, or where the text is wrong.
    #[cold]
    #[inline(never)]
    fn more_after_space(&mut self, close: u8) -> Result<bool, Error> {
        self.go_on()?;
        match self.byte() {
            Some(b',') => {
                self.at += 1;
                Ok(true)
            }
            Some(byte) if byte == close => {
                self.at += 1;
                self.depth -= 1;
                Ok(false)
            }
            Some(_) if close == b']' => Err(self.syntax("expected `,` or `]`")),
            Some(_) => Err(self.syntax("expected `,` or `}`")),
            None => Err(self.syntax("unexpected end of text")),
        }
    }

    /// Reads a member's key and the colon.
    #[inline(never)]
    fn key(&mut self) -> Result<Cow<'a, str>, Error> {
        if self.byte() != Some(b'"') {
            return Err(self.syntax("expected a key in double quotes"));
        }
        let key = self.string()?;
        if self.byte() != Some(b':') {
            return Err(self.syntax("expected `:`"));
        }
        self.at += 1;
        Ok(key)
    }

    /// Whether `[]` stands here; consumes it.
    #[inline]
    pub(crate) fn empty_array(&mut self) -> bool {
        self.byte() == Some(b'[') && self.is_empty_array()
    }

    #[inline(never)]
    fn is_empty_array(&mut self) -> bool {
        let start = self.at;
        self.at += 1;
        let is_empty = self.byte() == Some(b']');
        self.at = if is_empty { self.at + 1 } else { start };
        is_empty
    }
}
