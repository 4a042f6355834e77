//! A text to be searched: unchanged, or with decoded escapes.

use std::{borrow::Cow, ops::Range};

use super::escape::{Pairs, escape_at_end};

/// Bytes, with the place of each in the original text.
pub(super) struct View<'t> {
    bytes: Cow<'t, [u8]>,
    /// The place of each byte; `None` if the bytes are the original text.
    places: Option<Vec<Range<usize>>>,
    /// Whether the last byte ends the original text.
    pub(super) reaches_end: bool,
}

impl<'t> View<'t> {
    /// Builds a view of the original text.
    pub(super) fn of(text: &'t [u8]) -> Self {
        Self {
            bytes: Cow::Borrowed(text),
            places: None,
            reaches_end: true,
        }
    }

    /// Builds an empty view, to be filled by [`push`](Self::push).
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

    /// Returns the place of these bytes in the original text.
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

    /// Returns the view with one layer of escapes decoded, or `None` if it has no escapes.
    ///
    /// It reads byte by byte. When the last bytes form an escape, the decoded value replaces them.
    pub(super) fn unescaped(&self, pairs: Pairs) -> Option<View<'static>> {
        let is_special = |byte: &u8| matches!(byte, b'%' | b'\\' | b'&');
        if !self.bytes.iter().any(is_special) {
            return None;
        }
        let mut view = View::with_capacity(self.bytes.len(), self.reaches_end);
        // A decoded value does not begin another escape of this layer.
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

    /// Returns the view without backslashes, or `None` if it has none.
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
