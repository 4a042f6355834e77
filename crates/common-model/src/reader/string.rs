//! Strings, searched eight bytes at a time and borrowed if they have no escapes.

use std::borrow::Cow;

use super::{Kind, Marks, Reader};
use crate::{Error, plain::plain as plain_number, steps};

const ONES: u64 = u64::MAX / 255;
const HIGH: u64 = ONES << 7;

impl<'a> Reader<'a> {
    /// Whether a string comes next.
    #[inline]
    pub(crate) fn is_at_string(&mut self) -> bool {
        self.byte() == Some(b'"')
    }

    /// Reads a string; borrows from the text when it has no escapes.
    ///
    /// # Errors
    /// The next value is not a string, it does not end, or it holds a control character, an unknown escape or half
    /// of a surrogate pair.
    #[inline]
    pub fn string(&mut self) -> Result<Cow<'a, str>, Error> {
        if self.byte() != Some(b'"') {
            return Err(self.expected("a string"));
        }
        let start = self.at + 1;
        let rest = self.bytes().get(start..).unwrap_or_default();
        let length = plain_length(rest);
        let end = start + length;
        if rest.get(length) == Some(&b'"') {
            self.at = end + 1;
            return Ok(Cow::Borrowed(&self.text[start..end]));
        }
        self.escaped(start, end).map(Cow::Owned)
    }

    /// Reads a string as an owned one, or a number or boolean as text.
    #[inline]
    pub(crate) fn owned_string(&mut self) -> Result<String, Error> {
        if self.byte() != Some(b'"') {
            return self.scalar_text();
        }
        let start = self.at + 1;
        let rest = self.bytes().get(start..).unwrap_or_default();
        let length = plain_length(rest);
        let end = start + length;
        if rest.get(length) == Some(&b'"') {
            self.at = end + 1;
            self.charge_text(length)?;
            return Ok(self.text[start..end].to_owned());
        }
        self.owned_escaped(start, end)
    }

    #[inline(never)]
    fn owned_escaped(&mut self, start: usize, end: usize) -> Result<String, Error> {
        let text = self.escaped(start, end)?;
        self.charge_text(text.len())?;
        Ok(text)
    }

    #[cold]
    #[inline(never)]
    fn scalar_text(&mut self) -> Result<String, Error> {
        match self.peek()? {
            Kind::Number if self.is_parameters() => {
                let text = self.number()?;
                Ok(plain_number(text).unwrap_or_else(|| text.to_owned()))
            }
            Kind::Number | Kind::Bool => {
                self.mark(Marks::FORM);
                let text = self.raw()?;
                self.charge_text(text.len())?;
                Ok(text.to_owned())
            }
            _ => Err(self.expected("a string")),
        }
    }

    /// Reads the rest of a string whose part before the first escape is `start..end`.
    #[inline(never)]
    fn escaped(&mut self, start: usize, mut end: usize) -> Result<String, Error> {
        let mut out = std::mem::take(&mut self.scratch);
        out.clear();
        let mut from = start;
        loop {
            out.push_str(&self.text[from..end]);
            self.at = end;
            match self.bytes().get(end) {
                Some(b'"') => {
                    self.at = end + 1;
                    // The scratch buffer keeps its capacity; the returned text has no spare capacity.
                    let text = out.as_str().to_owned();
                    self.scratch = out;
                    return Ok(text);
                }
                Some(b'\\') => {
                    from = self.escapes(end, &mut out)?;
                    self.at = from;
                    self.go_on()?;
                }
                Some(_) => return Err(self.syntax("control character in a string")),
                None => return Err(self.syntax("unexpected end of text in a string")),
            }
            end = plain(self.bytes(), from);
        }
    }

    /// Reads a run of escapes that begins at `at`; returns its end.
    fn escapes(&mut self, mut at: usize, out: &mut String) -> Result<usize, Error> {
        let bytes = self.bytes();
        // A long run is read in parts, with the stop check in between.
        let part = &bytes[..bytes.len().min(at + 4096)];
        while part.get(at) == Some(&b'\\') {
            self.at = at;
            let character = match bytes.get(at + 1) {
                Some(b'u') => {
                    let (character, end) = self.unicode(at)?;
                    steps::add(end - at);
                    out.push(character);
                    at = end;
                    continue;
                }
                Some(b'"') => '"',
                Some(b'\\') => '\\',
                Some(b'/') => '/',
                Some(b'n') => '\n',
                Some(b't') => '\t',
                Some(b'r') => '\r',
                Some(b'b') => '\u{8}',
                Some(b'f') => '\u{c}',
                Some(_) => return Err(self.syntax("unknown escape in a string")),
                None => return Err(self.syntax("unexpected end of text in a string")),
            };
            steps::add(2);
            out.push(character);
            at += 2;
        }
        Ok(at)
    }

    /// Reads `\uXXXX`, or two of them that make one character.
    #[inline]
    fn unicode(&self, at: usize) -> Result<(char, usize), Error> {
        let Some(unit) = hex(self.bytes(), at + 2) else {
            return Err(self.syntax("expected four hexadecimal digits after `\\u`"));
        };
        match char::from_u32(unit) {
            Some(character) => Ok((character, at + 6)),
            None => self.pair(unit, at + 6),
        }
    }

    fn pair(&self, high: u32, at: usize) -> Result<(char, usize), Error> {
        let low = match self.bytes().get(at..at + 2) {
            Some(b"\\u") => hex(self.bytes(), at + 2),
            _ => None,
        };
        match (high, low) {
            (0xD800..0xDC00, Some(low @ 0xDC00..0xE000)) => {
                let point = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                match char::from_u32(point) {
                    Some(character) => Ok((character, at + 6)),
                    None => Err(self.syntax("half of a surrogate pair in a string")),
                }
            }
            _ => Err(self.syntax("half of a surrogate pair in a string")),
        }
    }
}

/// Returns the place of the first quote, backslash or control character at or after `start`, or the end of the
/// bytes.
#[inline]
pub(crate) fn plain(bytes: &[u8], start: usize) -> usize {
    start + plain_length(bytes.get(start..).unwrap_or_default())
}

/// How many bytes stand before the first quote, backslash or control character.
#[inline]
pub(super) fn plain_length(text: &[u8]) -> usize {
    let mut at = 0;
    while let Some(word) = text.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let found = special(u64::from_le_bytes(*word));
        if found != 0 {
            let length = at + (found.trailing_zeros() / 8) as usize;
            steps::add(length);
            return length;
        }
        at += 8;
    }
    plain_to_the_end(text, at)
}

/// The same from `at` on, where the text has less than eight bytes left.
#[inline(never)]
fn plain_to_the_end(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
    let length = at + rest.iter().position(is_special).unwrap_or(rest.len());
    steps::add(length);
    length
}

/// Sets the high bit of the first byte that is a quote, a backslash or a control character; later bits may be wrong.
/// Such a byte, made zero or lowered, borrows, and has no high bit of its own.
#[inline]
pub(crate) fn special(word: u64) -> u64 {
    let control = word.wrapping_sub(ONES * 0x20);
    let quote = (word ^ (ONES * b'"' as u64)).wrapping_sub(ONES);
    let slash = (word ^ (ONES * b'\\' as u64)).wrapping_sub(ONES);
    (control | quote | slash) & !word & HIGH
}

#[inline]
fn hex(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..)?.first_chunk::<4>()?;
    let mut unit = 0;
    for byte in four {
        unit = unit << 4 | char::from(*byte).to_digit(16)?;
    }
    Some(unit)
}
