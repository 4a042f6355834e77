//! Secrets that come back: a service may quote the key it was sent, and its words end up in errors and logs.
//!
//! A text is looked through as it came, and as what stands behind its escapes and codings: see [`Mask`]. All of it
//! takes time in proportion to the text.
#![cfg_attr(
    not(feature = "client-core"),
    allow(dead_code, reason = "the client alone masks errors and bodies")
)]

mod coded;
mod escape;
#[cfg(test)]
mod tests;
mod view;

use std::{borrow::Cow, fmt, ops::Range};

use zeroize::Zeroizing;

use crate::Secret;
use escape::Pairs;
use view::View;

/// What stands in place of a secret.
pub(crate) const HIDDEN: &str = "[hidden]";

/// Stands where a text was cut.
const ELLIPSIS: char = '…';

/// Shorter texts than this are no secrets worth the name, and would blot out ordinary words.
const SHORTEST: usize = 4;

/// How many layers of escapes are taken off.
const LAYERS: usize = 8;

/// How often Base64 or hexadecimal digits may stand behind one another.
const CODED: usize = 2;

/// How many bytes are looked at for each byte of a text, and for a short one: enough for all that is not made up to
/// cost time.
const WORK: [usize; 2] = [64, 64 * 1024];

/// How many bytes from the end an escape may begin that was cut.
const CUT_ESCAPE: usize = 24;

/// Secrets to hide, in every spelling in which a text may quote them: as they are; escaped for a URL, for JSON or for
/// HTML, each letter or some of them, once or several times; in Base64 of either alphabet or in hexadecimal digits, with
/// other bytes before and after; and all of this one in the other. The case of letters does not matter.
///
/// A client hides its own in every error. This is for whoever shows what a service said by other ways.
///
/// ```
/// use common_transport::Mask;
///
/// let mask = Mask::new(["key/1".into()]);
/// assert_eq!(mask.text("wrong key KEY%2F1"), "wrong key [hidden]");
/// assert_eq!(mask.text("Basic dXNlcjprZXkvMQ=="), "Basic dXNlcj[hidden]==");
/// assert_eq!(Mask::HIDDEN, "[hidden]");
/// ```
#[derive(Clone)]
pub struct Mask {
    /// What is looked for, folded.
    patterns: Vec<Zeroizing<Vec<u8>>>,
    /// A bit for the hash of the first bytes of each: most places of a text begin none.
    heads: [u64; 1 << (HEAD_BITS - 6)],
}

/// The bits of the hash of a pattern's first four bytes.
const HEAD_BITS: u32 = 12;

impl Default for Mask {
    fn default() -> Self {
        Self {
            patterns: Vec::new(),
            heads: [0; _],
        }
    }
}

impl fmt::Debug for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mask").finish_non_exhaustive()
    }
}

impl Mask {
    /// What stands in place of a secret.
    pub const HIDDEN: &str = HIDDEN;

    /// The secrets to hide. Texts of fewer than four bytes are not looked for: they stand everywhere.
    pub fn new(secrets: impl IntoIterator<Item = Secret>) -> Self {
        let mut mask = Self::default();
        for secret in secrets {
            let secret = View::of(secret.expose().trim().as_bytes());
            // A secret may look like an escape itself: behind escapes it is found as what it stands for.
            layers(&secret, &mut |layer| mask.add(layer.bytes()));
        }
        mask
    }

    fn add(&mut self, secret: &[u8]) {
        let pattern: Vec<u8> = secret.iter().map(|byte| fold(*byte)).collect();
        let Some(head) = pattern.first_chunk::<SHORTEST>() else {
            return;
        };
        let bit = place_of(u32::from_be_bytes(*head));
        self.heads[bit / 64] |= 1 << (bit % 64);
        if !self.patterns.iter().any(|known| **known == pattern) {
            self.patterns.push(pattern.into());
        }
    }

    /// The secrets of the call that a response answers, where a client has sent it.
    pub fn of<B>(response: &http::Response<B>) -> Option<std::sync::Arc<Self>> {
        response.extensions().get().cloned()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Both masks as one.
    pub(crate) fn and(&self, more: &[Secret]) -> Self {
        let mut both = Self::new(more.iter().cloned());
        for pattern in &self.patterns {
            both.add(pattern);
        }
        both
    }

    /// The text without the secrets. What stands before an ellipsis was cut there: the beginning of a secret is hidden
    /// too.
    ///
    /// ```
    /// let mask = common_transport::Mask::new(["secret-key".into()]);
    /// assert_eq!(mask.text("expected a number at secret-k….size"), "expected a number at [hidden]….size");
    /// ```
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut found = self.found(text.as_bytes(), false);
        self.cut_within(text, &mut found);
        masked_text(text, found)
    }

    /// Where the beginning of a secret stands before an ellipsis. Each part of the text is looked through once.
    fn cut_within(&self, text: &str, found: &mut Vec<Range<usize>>) {
        let mut start = 0;
        for (end, ellipsis) in text.match_indices(ELLIPSIS) {
            let part = self.found(&text.as_bytes()[start..end], true);
            found.extend(
                part.into_iter()
                    .map(|place| start + place.start..start + place.end),
            );
            start = end + ellipsis.len();
        }
    }

    /// The same for a text that was cut: the beginning of a secret at its end is hidden too.
    pub(crate) fn cut_text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        masked_text(text, self.found(text.as_bytes(), true))
    }

    /// The bytes without the secrets; none when there is no secret in them.
    pub(crate) fn bytes(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let found = self.found(bytes, false);
        (!found.is_empty()).then(|| masked(bytes, found))
    }

    /// Where secrets stand in the text, and in a text that was cut also the beginning of one at its end.
    fn found(&self, text: &[u8], is_cut: bool) -> Vec<Range<usize>> {
        self.found_with(text, is_cut, &mut |_| {})
    }

    /// The same; `note` is told how many bytes are looked at.
    fn found_with(
        &self,
        text: &[u8],
        is_cut: bool,
        note: &mut dyn FnMut(usize),
    ) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let Some(shortest) = self.patterns.iter().map(|pattern| pattern.len()).min() else {
            return found;
        };
        let mut search = Search {
            mask: self,
            end: text.len(),
            work: text.len().saturating_mul(WORK[0]).saturating_add(WORK[1]),
            shortest: if is_cut { SHORTEST } else { shortest },
            is_cut,
            found: &mut found,
            note,
        };
        search.all(&View::of(text), CODED);
        found
    }

    /// Where a secret begins, and how long it is.
    fn places(&self, bytes: &[u8], mut found: impl FnMut(Range<usize>)) {
        let mut head = 0_u32;
        for (at, byte) in bytes.iter().enumerate() {
            head = head << 8 | u32::from(fold(*byte));
            let bit = place_of(head);
            if self.heads[bit / 64] & 1 << (bit % 64) == 0 || at + 1 < SHORTEST {
                continue;
            }
            let start = at + 1 - SHORTEST;
            for pattern in &self.patterns {
                let end = start + pattern.len();
                if bytes.get(start..end).is_some_and(|text| is(text, pattern)) {
                    found(start..end);
                }
            }
        }
    }

    /// Where the longest beginning of a secret stands with which the bytes end.
    fn half_at_end(&self, bytes: &[u8]) -> Option<usize> {
        let longest = |pattern: &Zeroizing<Vec<u8>>| {
            let longest = pattern.len().saturating_sub(1).min(bytes.len());
            let mut lengths = (SHORTEST..=longest).rev();
            lengths.find(|length| is(&bytes[bytes.len() - length..], &pattern[..*length]))
        };
        let longest = self.patterns.iter().filter_map(longest).max();
        longest.map(|length| bytes.len() - length)
    }
}

/// A search through one text.
struct Search<'m> {
    mask: &'m Mask,
    /// Where the text ends.
    end: usize,
    /// How many bytes may still be looked at before codings are no longer seen through.
    work: usize,
    /// The fewest bytes that count.
    shortest: usize,
    is_cut: bool,
    found: &'m mut Vec<Range<usize>>,
    note: &'m mut dyn FnMut(usize),
}

impl Search<'_> {
    /// Through a text, each layer of its escapes, and what stands behind codings in any of these.
    fn all(&mut self, text: &View<'_>, depth: usize) {
        layers(text, &mut |layer| self.view(layer, depth));
    }

    fn view(&mut self, view: &View<'_>, depth: usize) {
        self.plain(view);
        (self.note)(view.bytes().len());
        let left = self.work.checked_sub(view.bytes().len());
        self.work = left.unwrap_or_default();
        if depth > 0 && left.is_some() {
            coded::decoded(view, self.shortest, |decoded| self.all(&decoded, depth - 1));
        }
    }

    fn plain(&mut self, view: &View<'_>) {
        let bytes = view.bytes();
        self.mask
            .places(bytes, |place| self.found.push(view.place(place)));
        if !self.is_cut || !view.reaches_end {
            return;
        }
        // The cut may have gone through an escape.
        let first = bytes.len().saturating_sub(CUT_ESCAPE);
        let is_special = |at: &usize| matches!(bytes[*at], b'%' | b'\\' | b'&');
        let ends = (first..bytes.len()).filter(is_special).chain([bytes.len()]);
        for end in ends {
            if let Some(start) = self.mask.half_at_end(&bytes[..end]) {
                let start = view.place(start..bytes.len()).start;
                self.found.push(start..self.end);
            }
        }
    }
}

/// The text, each layer of its escapes, and what is left of it without any backslash.
fn layers(text: &View<'_>, look: &mut dyn FnMut(&View<'_>)) {
    look(text);
    innermost(text, Pairs::Escape, look);
    let last = innermost(text, Pairs::Two, &mut |_| {});
    let bare = last.as_ref().unwrap_or(text).without_backslashes();
    bare.iter().for_each(look);
}

/// Takes the layers of escapes off, one by one; the last that is left.
fn innermost(
    text: &View<'_>,
    pairs: Pairs,
    look: &mut dyn FnMut(&View<'_>),
) -> Option<View<'static>> {
    let mut last = None;
    for _ in 0..LAYERS {
        let next = last.as_ref().unwrap_or(text).unescaped(pairs);
        let Some(layer) = next else { break };
        look(&layer);
        last = Some(layer);
    }
    last
}

/// A letter in the case that is looked for. In forms a plus is a space.
const fn fold(byte: u8) -> u8 {
    match byte {
        b'+' => b' ',
        byte => byte.to_ascii_lowercase(),
    }
}

/// Whether folding gives this pattern.
fn is(text: &[u8], pattern: &[u8]) -> bool {
    text.iter()
        .zip(pattern)
        .all(|(byte, wanted)| fold(*byte) == *wanted)
}

const fn place_of(head: u32) -> usize {
    (head.wrapping_mul(0x9E37_79B1) >> (32 - HEAD_BITS)) as usize
}

fn masked_text(text: &str, found: Vec<Range<usize>>) -> Cow<'_, str> {
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    // Secrets and escapes are whole characters, so what is left is too.
    let masked = masked(text.as_bytes(), found);
    Cow::Owned(String::from_utf8_lossy(&masked).into_owned())
}

/// The text with these places hidden; those that overlap are one.
fn masked(text: &[u8], mut found: Vec<Range<usize>>) -> Vec<u8> {
    found.sort_unstable_by_key(|place| (place.start, place.end));
    let mut shown = Vec::with_capacity(text.len());
    let mut kept = 0;
    let mut places = found.into_iter().peekable();
    while let Some(mut place) = places.next() {
        while let Some(next) = places.next_if(|next| next.start < place.end) {
            place.end = place.end.max(next.end);
        }
        shown.extend_from_slice(&text[kept..place.start]);
        shown.extend_from_slice(HIDDEN.as_bytes());
        kept = place.end;
    }
    shown.extend_from_slice(&text[kept..]);
    shown
}
