//! Decoding of long words in Base64 or hexadecimal digits.

use std::ops::Range;

use super::view::View;

/// Decodes the words of the view that are long enough to hold `shortest` bytes. Each word is decoded from each
/// possible offset: other letters may precede the coding, and other bytes may precede the secret.
pub(super) fn decoded(view: &View<'_>, shortest: usize, mut found: impl FnMut(View<'static>)) {
    for (coding, size, offsets) in [(Coding::Base64, 6, 4), (Coding::Hex, 4, 2)] {
        let shortest = (shortest * 8).div_ceil(size);
        for word in words(view.bytes(), coding, shortest) {
            for offset in 0..offsets {
                let word = word.start + offset..word.end;
                found(coding.decode(view, word, size));
            }
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Coding {
    Base64,
    Hex,
}

impl Coding {
    fn value(self, letter: u8) -> Option<u32> {
        let value = match (self, letter) {
            (Self::Hex, _) => return char::from(letter).to_digit(16),
            (_, b'A'..=b'Z') => letter - b'A',
            (_, b'a'..=b'z') => letter - b'a' + 26,
            (_, b'0'..=b'9') => letter - b'0' + 52,
            (_, b'+' | b'-') => 62,
            (_, b'/' | b'_') => 63,
            _ => return None,
        };
        Some(value.into())
    }

    /// Decodes a word whose letters have `size` bits each.
    fn decode(self, view: &View<'_>, word: Range<usize>, size: usize) -> View<'static> {
        let reaches_end = view.reaches_end && word.end == view.bytes().len();
        let mut decoded = View::with_capacity(word.len() * size / 8, reaches_end);
        let (mut bits, mut count) = (0_u32, 0);
        for at in word.clone() {
            bits = bits << size | self.value(view.bytes()[at]).unwrap_or_default();
            count += size;
            if count >= 8 {
                count -= 8;
                // The letters that hold bits of this byte; this index is the last of them.
                let letters = (8 + count).div_ceil(size);
                let first = (at + 1).saturating_sub(letters).max(word.start);
                let byte = (bits >> count) & 0xFF;
                decoded.push(byte as u8, view.place(first..at + 1));
            }
        }
        decoded
    }
}

/// Iterates over the longest words in letters of this coding that have at least the given length.
fn words(
    bytes: &[u8],
    coding: Coding,
    shortest: usize,
) -> impl Iterator<Item = Range<usize>> + use<'_> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() {
            let start = at;
            let is_letter = |byte: &u8| coding.value(*byte).is_some();
            let length = bytes[start..].iter().take_while(|byte| is_letter(byte));
            let length = length.count();
            at = start + length + 1;
            if length >= shortest.max(1) {
                return Some(start..start + length);
            }
        }
        None
    })
}
