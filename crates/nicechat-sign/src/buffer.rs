//! Bytes under construction.

use alloc::string::String;
use alloc::vec::Vec;

use crate::Error;
use crate::encode::{ENCODED, is_plain};

/// Number of bytes encoded at a time.
const CHUNK: usize = 8;
/// A power of two above the maximum length of an encoded chunk.
const ROOM: usize = 32;
/// Room for a chunk plus one word: three letters are written as four bytes, which may reach beyond
/// [`ROOM`].
const PLACE: usize = 36;
/// Number of bytes cleared ahead.
const STEP: usize = 512;

/// A buffer with room made in advance, so that a form is written with one allocation.
#[derive(Debug, Default)]
pub(crate) struct Buffer {
    /// The written bytes, and behind them cleared room.
    bytes: Vec<u8>,
    end: usize,
}

impl Buffer {
    /// A buffer for `capacity` bytes, plus the room that encoding needs behind them.
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(capacity + PLACE),
            end: 0,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.end == 0
    }

    pub(crate) fn len(&self) -> usize {
        self.end
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        &self.bytes[..self.end]
    }

    pub(crate) fn truncate(&mut self, length: usize) {
        self.end = self.end.min(length);
    }

    pub(crate) fn push(&mut self, byte: u8) {
        self.room(1)[0] = byte;
        self.end += 1;
    }

    pub(crate) fn extend(&mut self, bytes: &[u8]) {
        copy(bytes, self.room(bytes.len()));
        self.end += bytes.len();
    }

    /// Room for the next bytes: `least` or more.
    fn room(&mut self, least: usize) -> &mut [u8] {
        if self.bytes.len() - self.end < least {
            self.clear_to(self.end + least);
        }
        &mut self.bytes[self.end..]
    }

    /// Clears room up to `end`, and some more where that takes no allocation.
    #[cold]
    fn clear_to(&mut self, end: usize) {
        let more = self.bytes.capacity().min(end + STEP);
        self.bytes.resize(end.max(more), 0);
    }

    /// Appends the text percent-encoded as PHP does it, a space as `+`.
    pub(crate) fn urlencode(&mut self, text: &str) {
        let bytes = text.as_bytes();
        // Most keys, and values such as slugs.
        if is_plain(bytes) {
            return self.extend(bytes);
        }
        // The worst case, and the last word.
        let out = self.room(bytes.len() * 3 + PLACE);
        let mut length = 0;
        let (chunks, rest) = bytes.as_chunks::<CHUNK>();
        for chunk in chunks {
            // Its length is known here, so that the loop within becomes straight code.
            length += encode_chunk(chunk, &mut out[length..]);
        }
        length += encode_chunk(rest, &mut out[length..]);
        self.end += length;
    }

    /// Appends an integer in decimal.
    pub(crate) fn int(&mut self, value: i64) {
        let mut text = [0; 20];
        let mut start = text.len();
        let mut rest = value.unsigned_abs();
        loop {
            start -= 1;
            text[start] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if value < 0 {
            start -= 1;
            text[start] = b'-';
        }
        self.extend(&text[start..]);
    }

    /// The written bytes as text.
    pub(crate) fn into_text(mut self) -> Result<String, Error> {
        self.bytes.truncate(self.end);
        // Every writer appends whole UTF-8.
        String::from_utf8(self.bytes)
            .map_err(|_| Error::malformed("", "the canonical form is not UTF-8"))
    }
}

/// Copies to the start of `out`. A short text is copied as two halves that may overlap, because a
/// call would take longer than the copy.
#[inline(always)]
fn copy(bytes: &[u8], out: &mut [u8]) {
    let out = &mut out[..bytes.len()];
    if !(copy_ends::<8>(bytes, out) || copy_ends::<4>(bytes, out)) {
        out.copy_from_slice(bytes);
    }
}

/// Copies a text of `N` to `2 * N` bytes.
#[inline(always)]
fn copy_ends<const N: usize>(bytes: &[u8], out: &mut [u8]) -> bool {
    if bytes.len() > 2 * N {
        return false;
    }
    let (Some(first), Some(last)) = (bytes.first_chunk::<N>(), bytes.last_chunk::<N>()) else {
        return false;
    };
    out[..N].copy_from_slice(first);
    let start = out.len() - N;
    out[start..].copy_from_slice(last);
    true
}

/// Writes up to [`CHUNK`] bytes percent-encoded at the start of `out`; returns the length.
#[inline(always)]
fn encode_chunk(chunk: &[u8], out: &mut [u8]) -> usize {
    let place = &mut out[..PLACE];
    let mut length = 0;
    for &byte in chunk {
        // Four bytes are written; those beyond the letters are overwritten by the next.
        let encoded = ENCODED[usize::from(byte)];
        // The remainder changes nothing, but shows the compiler that no index is out of bounds.
        let start = length % ROOM;
        place[start..start + 4].copy_from_slice(&encoded);
        length += usize::from(encoded[3]);
    }
    length
}

#[cfg(test)]
mod tests {
    //! Changes that no test can see, because they cost time alone: how much is cleared ahead, and
    //! whether a copy is made by halves.

    use super::*;

    #[test]
    fn n23_encoding_is_phps_and_not_the_browsers() {
        for (text, encoded) in [
            ("a b*~", "a+b%2A%7E"),
            ("AZaz09-._", "AZaz09-._"),
            ("@[`{/:\u{7f}", "%40%5B%60%7B%2F%3A%7F"),
            ("Товар", "%D0%A2%D0%BE%D0%B2%D0%B0%D1%80"),
            ("", ""),
        ] {
            let mut out = Buffer::default();
            out.urlencode(text);
            assert_eq!(out.into_text().unwrap(), encoded);
        }
    }

    #[test]
    fn n23_one_byte_to_escape_is_found_at_any_place() {
        for length in 1..40 {
            for place in 0..length {
                let (before, after) = ("a".repeat(place), "b".repeat(length - place - 1));
                let mut out = Buffer::with_capacity(0);
                out.extend(b"k=");
                out.urlencode(&alloc::format!("{before}*{after}"));
                let expected = alloc::format!("k={before}%2A{after}");
                assert_eq!(out.into_text().unwrap(), expected);
            }
        }
    }

    #[test]
    fn a_form_is_written_without_growing() {
        let text = "Ж".repeat(50);
        let mut out = Buffer::with_capacity(text.len() * 3);
        let room = out.bytes.capacity();
        out.urlencode(&text);
        assert_eq!((out.bytes.capacity(), out.len()), (room, text.len() * 3));
    }

    #[test]
    fn integers_are_decimal() {
        for value in [0, 7, -7, 10, 1_234_567_890, i64::MAX, i64::MIN] {
            let mut out = Buffer::default();
            out.int(value);
            assert_eq!(out.into_text().unwrap(), alloc::format!("{value}"));
        }
    }

    #[test]
    fn a_buffer_grows_and_shrinks() {
        let mut out = Buffer::with_capacity(2);
        assert!(out.is_empty());
        out.extend(b"abc");
        out.push(b'd');
        assert_eq!((out.len(), out.as_slice()), (4, &b"abcd"[..]));
        out.truncate(1);
        out.truncate(3);
        out.push(b'z');
        assert_eq!(out.into_text().unwrap(), "az");
    }
}
