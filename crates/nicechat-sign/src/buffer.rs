//! Bytes under construction.

use alloc::string::String;
use alloc::vec::Vec;

use crate::Error;
use crate::encode::{ENCODED, is_plain};

/// How many bytes are encoded at a time.
const CHUNK: usize = 8;
/// What they become at most is less than this power of two.
const ROOM: usize = 32;
/// Three letters are written as a word of four bytes, so that the last may reach beyond the room.
const PLACE: usize = ROOM + 4;

/// A buffer with room made in advance, so that a form is written with one allocation.
#[derive(Debug, Default)]
pub(crate) struct Buffer(Vec<u8>);

impl Buffer {
    /// A buffer for so many bytes, with the room that encoding takes beyond them for a moment.
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self(Vec::with_capacity(capacity + PLACE))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn truncate(&mut self, length: usize) {
        self.0.truncate(length);
    }

    pub(crate) fn push(&mut self, byte: u8) {
        self.0.push(byte);
    }

    pub(crate) fn extend(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// Appends the text percent-encoded as PHP does it, a space as `+`.
    pub(crate) fn urlencode(&mut self, text: &str) {
        let bytes = text.as_bytes();
        // Most keys, and values such as slugs.
        if is_plain(bytes) {
            return self.extend(bytes);
        }
        let mut end = self.len();
        // Room for the worst case and for the last word; what is left of it goes again.
        self.0.resize(end + bytes.len() * 3 + PLACE, 0);
        let (chunks, rest) = bytes.as_chunks::<CHUNK>();
        for chunk in chunks {
            // Its length is known here, so that the loop within becomes straight code.
            end += encode_chunk(chunk, &mut self.0[end..]);
        }
        end += encode_chunk(rest, &mut self.0[end..]);
        self.truncate(end);
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

    /// What was written, as text.
    pub(crate) fn into_text(self) -> Result<String, Error> {
        // Every writer appends whole UTF-8.
        String::from_utf8(self.0)
            .map_err(|_| Error::malformed("", "the canonical form is not UTF-8"))
    }
}

/// Writes up to [`CHUNK`] bytes percent-encoded at the start of `out`; gives the length.
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
        let room = out.0.capacity();
        out.urlencode(&text);
        assert_eq!((out.0.capacity(), out.len()), (room, text.len() * 3));
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
