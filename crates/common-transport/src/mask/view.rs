//! A text to look through: as it came, or what stands behind its escapes.

use std::{borrow::Cow, ops::Range};

use super::escape::{Pairs, escape_at_end};

/// Bytes, and where each of them stands in the text that came.
pub(super) struct View<'t> {
    bytes: Cow<'t, [u8]>,
    /// The place of each byte; none where the bytes are the text itself.
    places: Option<Vec<Range<usize>>>,
    /// The text ends with the last of the bytes.
    pub(super) reaches_end: bool,
}

impl<'t> View<'t> {
    /// The text itself.
    pub(super) fn of(text: &'t [u8]) -> Self {
        Self {
            bytes: Cow::Borrowed(text),
            places: None,
            reaches_end: true,
        }
    }

    /// Nothing yet, to be filled by [`push`](Self::push).
    pub(super) fn with_capacity(bytes: usize, reaches_end: bool) -> Self {
        Self {
            bytes: Cow::Owned(Vec::with_capacity(bytes)),
            places: Some(Vec::with_capacity(bytes)),
            reaches_end,
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Where these bytes stand in the text that came.
    pub(super) fn place(&self, bytes: Range<usize>) -> Range<usize> {
        match &self.places {
            Some(places) if bytes.is_empty() => {
                let start = places.get(bytes.start).map_or(0, |place| place.start);
                start..start
            }
            Some(places) => places[bytes.start].start..places[bytes.end - 1].end,
            None => bytes,
        }
    }

    pub(super) fn push(&mut self, byte: u8, place: Range<usize>) {
        self.bytes.to_mut().push(byte);
        self.places.get_or_insert_default().push(place);
    }

    /// What the escapes stand for, and no further; none where there are none.
    ///
    /// It reads byte by byte; when the bytes read last are an escape, what that stands for takes their place.
    pub(super) fn unescaped(&self, pairs: Pairs) -> Option<View<'static>> {
        let is_special = |byte: &u8| matches!(byte, b'%' | b'\\' | b'&');
        if !self.bytes.iter().any(is_special) {
            return None;
        }
        let mut view = View::with_capacity(self.bytes.len(), self.reaches_end);
        // What came out of an escape begins no other one in this layer.
        let mut floor = 0;
        for (at, byte) in self.bytes.iter().enumerate() {
            view.push(*byte, self.place(at..at + 1));
            let Some((length, letter)) = escape_at_end(&view.bytes[floor..], pairs) else {
                continue;
            };
            let start = view.bytes.len() - length;
            let place = view.place(start..view.bytes.len());
            view.truncate(start);
            for byte in letter.bytes() {
                view.push(*byte, place.clone());
            }
            floor = view.bytes.len();
        }
        (floor > 0).then_some(view)
    }

    /// Without the backslashes; none where there are none.
    pub(super) fn without_backslashes(&self) -> Option<View<'static>> {
        if !self.bytes.contains(&b'\\') {
            return None;
        }
        let mut view = View::with_capacity(self.bytes.len(), self.reaches_end);
        for (at, byte) in self.bytes.iter().enumerate() {
            if *byte != b'\\' {
                view.push(*byte, self.place(at..at + 1));
            }
        }
        Some(view)
    }

    fn truncate(&mut self, length: usize) {
        self.bytes.to_mut().truncate(length);
        self.places.get_or_insert_default().truncate(length);
    }
}
