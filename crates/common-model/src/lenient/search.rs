//! Search for the objects in a text that is not JSON otherwise, in time that is linear in the text.
//!
//! A failed parse that began at a brace decides more than that brace: for each brace that it met outside of strings,
//! it knows whether an object begins there. Braces in what it took for strings are decided by parses that begin
//! there. So each byte is read only a few times: outside and inside of strings.

use std::collections::BTreeMap;

use super::{Lenient, string_end};
use crate::{Error, Options, Reader, watch::Watch};

/// Deepest nesting of objects; the same limit as the reader's.
const DEPTH: usize = 127;

/// Bytes that are searched for a brace at once.
const PART: usize = 16 * 1024;

/// The results of the search so far.
pub(super) struct Search<'a, 'o> {
    lenient: Lenient,
    bytes: &'a [u8],
    options: Options<'o>,
    watch: Watch<'o>,
    /// One bit for each byte: set for a brace that needs no parse, because no object begins there or it is in a
    /// comment.
    decided: Vec<u64>,
    /// The outermost objects with members that failed parses have met: start and end.
    met: BTreeMap<usize, usize>,
}

/// The tokens that may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Value,
    ItemOrEnd,
    Key,
    KeyOrEnd,
    CommaOrEnd,
}

/// An open list or object.
struct Open {
    start: usize,
    is_object: bool,
    has_members: bool,
}

impl<'a, 'o> Search<'a, 'o> {
    pub(super) fn new(lenient: Lenient, bytes: &'a [u8], options: &Options<'o>) -> Self {
        Self {
            lenient,
            bytes,
            options: *options,
            watch: Watch::new(options),
            decided: vec![0; bytes.len().div_ceil(64)],
            met: BTreeMap::new(),
        }
    }

    /// The next outermost object with members at or after `at`.
    /// # Errors
    /// The stop check ended the work.
    pub(super) fn next(&mut self, at: usize) -> Result<Option<(usize, usize)>, Error> {
        let found = self.search(at);
        self.watch.check(at)?;
        Ok(found)
    }

    /// As `next`, but also returns `None` when it is time to stop.
    fn search(&mut self, mut at: usize) -> Option<(usize, usize)> {
        loop {
            let rest = self.bytes.get(at..).filter(|rest| !rest.is_empty())?;
            let part = &rest[..rest.len().min(PART)];
            let open = part.iter().position(|byte| *byte == b'{');
            self.watch.go_on(open.unwrap_or(part.len()) + 1)?;
            let Some(open) = open else {
                at += part.len();
                continue;
            };
            let start = at + open;
            at = start + 1;
            if let Some(end) = self.met.get(&start) {
                return Some((start, *end));
            }
            if self.decided[start / 64] & (1 << (start % 64)) == 0
                && let Some(end) = self.parse(start)
            {
                return Some((start, end));
            }
        }
    }

    /// Returns the end of the object that begins here, if it is a valid object with members.
    fn parse(&mut self, start: usize) -> Option<usize> {
        let (mut open, mut met) = (Vec::new(), Vec::new());
        let end = self.walk(start, &mut open, &mut met);
        if end.is_none() {
            self.met.extend(met);
        }
        end
    }

    fn walk(
        &mut self,
        start: usize,
        open: &mut Vec<Open>,
        met: &mut Vec<(usize, usize)>,
    ) -> Option<usize> {
        let (mut at, mut next) = (start, Next::Value);
        loop {
            at = self.space(at)?;
            self.watch.go_on(1)?;
            match (*self.bytes.get(at)?, next) {
                (b',', _) if self.is_trailing(at)? => at += 1,
                (byte @ (b'{' | b'['), Next::Value | Next::ItemOrEnd) => {
                    let is_object = byte == b'{';
                    if is_object {
                        self.decided[at / 64] |= 1 << (at % 64);
                    }
                    if open.len() >= DEPTH {
                        return None;
                    }
                    open.push(Open {
                        start: at,
                        is_object,
                        has_members: false,
                    });
                    next = if is_object {
                        Next::KeyOrEnd
                    } else {
                        Next::ItemOrEnd
                    };
                    at += 1;
                }
                (b'"', Next::Key | Next::KeyOrEnd) => {
                    let end = self.string(at)?;
                    at = self.space(end)?;
                    if self.bytes.get(at) != Some(&b':') {
                        return None;
                    }
                    open.last_mut()?.has_members = true;
                    (at, next) = (at + 1, Next::Value);
                }
                (b'}', Next::KeyOrEnd | Next::CommaOrEnd) if open.last()?.is_object => {
                    let object = open.pop()?;
                    at += 1;
                    if open.is_empty() {
                        return object.has_members.then_some(at);
                    }
                    if object.has_members {
                        while met.pop_if(|(inner, _)| *inner > object.start).is_some() {}
                        met.push((object.start, at));
                    }
                    next = Next::CommaOrEnd;
                }
                (b']', Next::ItemOrEnd | Next::CommaOrEnd) if !open.last()?.is_object => {
                    open.pop();
                    (at, next) = (at + 1, Next::CommaOrEnd);
                }
                (b',', Next::CommaOrEnd) => {
                    next = if open.last()?.is_object {
                        Next::Key
                    } else {
                        Next::Value
                    };
                    at += 1;
                }
                (_, Next::Value | Next::ItemOrEnd) => {
                    (at, next) = (self.scalar(at)?, Next::CommaOrEnd);
                }
                _ => return None,
            }
        }
    }

    /// Skips space and comments. Braces in a comment are marked as decided: otherwise the rest of the text would be
    /// read anew for each of them. Returns `None` when it is time to stop.
    fn space(&mut self, mut at: usize) -> Option<usize> {
        let start = at;
        loop {
            match self.bytes.get(at) {
                Some(b' ' | b'\n' | b'\r' | b'\t') => at += 1,
                Some(b'/') if self.lenient.comments && self.bytes.get(at + 1) == Some(&b'/') => {
                    let end = super::line_end(self.bytes, at, &mut self.watch)?;
                    for brace in (at..end).filter(|at| self.bytes[*at] == b'{') {
                        self.decided[brace / 64] |= 1 << (brace % 64);
                    }
                    at = end;
                }
                _ => break,
            }
        }
        self.watch.go_on(at - start)?;
        Some(at)
    }

    fn is_trailing(&mut self, at: usize) -> Option<bool> {
        if !self.lenient.trailing_commas {
            return Some(false);
        }
        let after = self.space(at + 1)?;
        Some(matches!(self.bytes.get(after), Some(b'}' | b']')))
    }

    fn string(&mut self, at: usize) -> Option<usize> {
        let end = string_end(self.bytes, at, &mut self.watch)??;
        self.watch.go_on(end - at)?;
        let text = std::str::from_utf8(&self.bytes[at..end]).ok()?;
        let mut reader = Reader::with_options(text, &self.options);
        reader.string().is_ok().then_some(end)
    }

    /// Returns the end of a string, number or word.
    fn scalar(&mut self, at: usize) -> Option<usize> {
        if self.bytes[at] == b'"' {
            return self.string(at);
        }
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
        let rest = &self.bytes[at..];
        let length = rest.iter().position(|byte| !is_part(byte));
        let text = &rest[..length.unwrap_or(rest.len())];
        self.watch.go_on(text.len())?;
        let text = std::str::from_utf8(text).ok()?;
        let mut reader = Reader::new(text);
        let is_scalar = reader.raw().is_ok() && reader.end().is_ok();
        is_scalar.then_some(at + text.len())
    }
}
