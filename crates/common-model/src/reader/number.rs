//! Numbers, read as text.

use super::Reader;
use crate::{Error, steps};

/// So many digits always fit into 64 bits.
const DIGITS: u32 = 18;

impl<'a> Reader<'a> {
    /// Reads a number and returns its text with all digits: `10.00`, `1e3`, `-0`.
    ///
    /// # Errors
    /// The next value is not a number, or has a form that JSON forbids (`01`, `1.`, `.5`, `+1`).
    pub fn number(&mut self) -> Result<&'a str, Error> {
        if !matches!(self.byte(), Some(b'-' | b'0'..=b'9')) {
            return Err(self.expected("a number"));
        }
        let (bytes, start) = (self.bytes(), self.at);
        let mut at = start + usize::from(bytes[start] == b'-');
        at = match bytes.get(at) {
            Some(b'0') => at + 1,
            Some(b'1'..=b'9') => digits(bytes, at + 1),
            _ => return Err(self.broken(at)),
        };
        if let Some(b'.' | b'e' | b'E' | b'0'..=b'9') = bytes.get(at) {
            at = self.tail(at)?;
        }
        self.at = at;
        Ok(&self.text[start..at])
    }

    /// Reads a number of few digits without an exponent in one pass: its digits as an integer,
    /// and how many of them stand behind the point. Consumes nothing if it is another one.
    #[inline]
    pub(crate) fn short_number(&mut self) -> Option<(i64, u32)> {
        let is_negative = self.byte()? == b'-';
        let start = self.at + usize::from(is_negative);
        let bytes = self.bytes().get(start..)?;
        let (mut number, whole) = leading(bytes, 0, DIGITS);
        if whole == 0 || (whole > 1 && bytes.first() == Some(&b'0')) {
            return None;
        }
        let (mut at, mut scale) = (whole as usize, 0);
        if bytes.get(at) == Some(&b'.') {
            (number, scale) = leading(&bytes[at + 1..], number, DIGITS - whole);
            if scale == 0 {
                return None;
            }
            at += 1 + scale as usize;
        }
        let ends = !matches!(bytes.get(at), Some(b'0'..=b'9' | b'.' | b'e' | b'E'));
        // Minus zero is not what an integer makes of it.
        (ends && !(is_negative && number == 0)).then(|| {
            self.at = start + at;
            (if is_negative { -number } else { number }, scale)
        })
    }

    /// Returns the end of the fraction and the exponent.
    fn tail(&self, mut at: usize) -> Result<usize, Error> {
        let bytes = self.bytes();
        if bytes.get(at) == Some(&b'.') {
            let end = digits(bytes, at + 1);
            if end == at + 1 {
                return Err(self.broken(end));
            }
            at = end;
        }
        if let Some(b'e' | b'E') = bytes.get(at) {
            at += 1;
            if let Some(b'+' | b'-') = bytes.get(at) {
                at += 1;
            }
            let end = digits(bytes, at);
            if end == at {
                return Err(self.broken(end));
            }
            at = end;
        }
        match bytes.get(at) {
            Some(b'0'..=b'9') => Err(self.broken(at)),
            _ => Ok(at),
        }
    }

    #[cold]
    fn broken(&self, at: usize) -> Error {
        Error::syntax("invalid number", at)
    }
}

#[inline]
fn digits(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(b'0'..=b'9') = bytes.get(at) {
        at += 1;
    }
    steps::add(at - start);
    at
}

/// Reads digits behind those of `number`, as many as `most`; gives how many there were, too.
#[inline]
fn leading(bytes: &[u8], mut number: i64, most: u32) -> (i64, u32) {
    let mut count = 0;
    for byte in bytes.iter().take(most as usize) {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        number = number * 10 + i64::from(digit);
        count += 1;
    }
    (number, count)
}
