//! Numbers, read as text.

use super::Reader;
use crate::{Error, steps};

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

    /// Reads a number of up to 18 digits without an exponent in one pass. Returns its digits as an integer, and the
    /// number of places after the point. Consumes nothing and returns `None` for any other number.
    #[inline]
    pub(crate) fn short_number(&mut self) -> Option<(i64, u32)> {
        let first = self.byte()?;
        let (bytes, negative) = (self.bytes(), first == b'-');
        let start = self.at + usize::from(negative);
        let (mut at, mut number, mut scale) = (start, 0_i64, 0);
        while let Some(byte @ b'0'..=b'9') = bytes.get(at)
            && at - start < 18
        {
            number = number * 10 + i64::from(byte - b'0');
            at += 1;
        }
        let whole = at - start;
        if whole == 0 || (whole > 1 && bytes[start] == b'0') {
            return None;
        }
        if bytes.get(at) == Some(&b'.') {
            at += 1;
            while let Some(byte @ b'0'..=b'9') = bytes.get(at)
                && at - start < 19
            {
                number = number * 10 + i64::from(byte - b'0');
                scale += 1;
                at += 1;
            }
            if scale == 0 {
                return None;
            }
        }
        let ends = !matches!(bytes.get(at), Some(b'0'..=b'9' | b'.' | b'e' | b'E'));
        // An integer would lose the sign of minus zero.
        (ends && !(negative && number == 0)).then(|| {
            self.at = at;
            (if negative { -number } else { number }, scale)
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
