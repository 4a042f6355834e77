//! Masking of secrets. A service may quote the key that it was sent, and its message may end up in errors and logs.
//!
//! A text is searched as it is and after decoding its escapes and codings: see [`Mask`]. The time is proportional to
//! the length of the text.
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

use crate::{Context, Secret};
use escape::Pairs;
use view::View;

/// The replacement for a secret.
pub(crate) const HIDDEN: &str = "[hidden]";

/// Stands where a text was cut.
const ELLIPSIS: char = '…';

/// Shorter texts than this are no secrets worth the name, and would blot out ordinary words.
const SHORTEST: usize = 4;

/// Layers of escapes that are decoded.
const LAYERS: usize = 8;

/// Layers of Base64 or hexadecimal digits that are decoded.
const CODED: usize = 2;

/// Bytes that may be searched for each byte of a text, and at least. It is enough for all texts that are not crafted
/// to cost time.
const WORK: [usize; 2] = [64, 64 * 1024];

/// Distance from the end of a text, in bytes, within which an escape may have been cut.
const CUT_ESCAPE: usize = 24;

/// A set of secrets, which it masks in texts. It finds a secret in every spelling in which a service may quote it:
/// unchanged; escaped for a URL, for JSON or for HTML, in all letters or some of them, once or several times; and in
/// Base64 of either alphabet or in hexadecimal digits, with other bytes before and after. It also finds nested
/// spellings. Upper and lower case are not distinguished.
///
/// A client masks its own secrets in every error. This type is for code that shows texts of a service in other ways.
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
    /// The folded secrets in their order, so that those with the same beginning stand together.
    patterns: Vec<Zeroizing<Vec<u8>>>,
    /// A bit for the hash of the first bytes of each pattern: it rules out most places of a text.
    heads: [u64; 1 << (HEAD_BITS - 6)],
}

/// Number of bits in the hash of a pattern's first four bytes.
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
    /// The replacement for a secret.
    pub const HIDDEN: &str = HIDDEN;

    /// Builds a mask for these secrets. Secrets shorter than four bytes are ignored, since they occur in ordinary
    /// texts.
    pub fn new(secrets: impl IntoIterator<Item = Secret>) -> Self {
        let mut mask = Self::default();
        for secret in secrets {
            let secret = View::of(secret.expose().trim().as_bytes());
            // A secret may itself look like an escape, so its decoded forms are patterns too.
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
        if let Err(at) = self
            .patterns
            .binary_search_by(|known| (**known).cmp(&pattern))
        {
            self.patterns.insert(at, pattern.into());
        }
    }

    /// Returns the mask for the secrets of the call that a response answers, if a client has sent it.
    pub fn of<B>(response: &http::Response<B>) -> Option<std::sync::Arc<Self>> {
        response.extensions().get().cloned()
    }

    /// Returns the mask for the secrets of the call that a request belongs to, if a client sends it: for layers and
    /// services that keep requests.
    pub fn of_request<B>(request: &http::Request<B>) -> Option<std::sync::Arc<Self>> {
        Context::of(request)?.mask().cloned()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Returns a mask with more secrets.
    ///
    /// ```
    /// let mask = common_transport::Mask::new(["key-1".into()]).and(&["key-2".into()]);
    /// assert_eq!(mask.text("key-1 key-2"), "[hidden] [hidden]");
    /// ```
    #[must_use]
    pub fn and(&self, more: &[Secret]) -> Self {
        self.with(&Self::new(more.iter().cloned()))
    }

    /// Returns a mask with the secrets of both.
    ///
    /// ```
    /// use common_transport::Mask;
    ///
    /// let mask = Mask::new(["key-1".into()]).with(&Mask::new(["key-2".into()]));
    /// assert_eq!(mask.text("key-1 key-2"), "[hidden] [hidden]");
    /// ```
    #[must_use]
    pub fn with(&self, other: &Self) -> Self {
        let (less, more) = match self.patterns.len() < other.patterns.len() {
            true => (self, other),
            false => (other, self),
        };
        let mut both = more.clone();
        for pattern in &less.patterns {
            both.add(pattern);
        }
        both
    }

    /// Returns the text with its secrets masked. The beginning of a secret in front of an ellipsis is masked too.
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

    /// As [`text`](Self::text), for a text that was cut: the beginning of a secret at its end is masked too.
    pub(crate) fn cut_text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        masked_text(text, self.found(text.as_bytes(), true))
    }

    /// Returns the bytes with their secrets masked, or `None` if they hold no secret.
    pub fn bytes(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let found = self.found(bytes, false);
        (!found.is_empty()).then(|| masked(bytes, found))
    }

    /// Returns the places of secrets in the text. In a text that was cut, the beginning of a secret at its end
    /// counts too.
    fn found(&self, text: &[u8], is_cut: bool) -> Vec<Range<usize>> {
        self.found_with(text, is_cut, &mut |_| {})
    }

    /// As [`found`](Self::found); `note` receives the number of bytes that were searched.
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

    /// Calls `found` with the place of each secret.
    fn places(&self, bytes: &[u8], mut found: impl FnMut(Range<usize>)) {
        let mut head = 0_u32;
        for (at, byte) in bytes.iter().enumerate() {
            head = head << 8 | u32::from(fold(*byte));
            let bit = place_of(head);
            if self.heads[bit / 64] & 1 << (bit % 64) == 0 || at + 1 < SHORTEST {
                continue;
            }
            let start = at + 1 - SHORTEST;
            let head = head.to_be_bytes();
            let first = self
                .patterns
                .partition_point(|known| known[..SHORTEST] < head[..]);
            let near = self.patterns[first..].iter();
            for pattern in near.take_while(|known| known.starts_with(&head)) {
                let end = start + pattern.len();
                if bytes.get(start..end).is_some_and(|text| is(text, pattern)) {
                    found(start..end);
                }
            }
        }
    }

    /// Returns the place of the longest beginning of a secret at the end of the bytes.
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
    /// End of the text.
    end: usize,
    /// Bytes that may still be searched before codings are no longer decoded.
    work: usize,
    /// Length of the shortest pattern.
    shortest: usize,
    is_cut: bool,
    found: &'m mut Vec<Range<usize>>,
    note: &'m mut dyn FnMut(usize),
}

impl Search<'_> {
    /// Searches a text, each layer of its escapes, and the decoded words in any of these.
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

/// Calls `look` with the text, with each layer of its escapes decoded, and with the rest without backslashes.
fn layers(text: &View<'_>, look: &mut dyn FnMut(&View<'_>)) {
    look(text);
    innermost(text, Pairs::Escape, look);
    let last = innermost(text, Pairs::Two, &mut |_| {});
    let bare = last.as_ref().unwrap_or(text).without_backslashes();
    bare.iter().for_each(look);
}

/// Decodes layers of escapes one by one; returns the innermost layer.
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

/// Folds a letter to the case of the patterns. A plus becomes a space, as in forms.
const fn fold(byte: u8) -> u8 {
    match byte {
        b'+' => b' ',
        byte => byte.to_ascii_lowercase(),
    }
}

/// Whether the folded text equals the pattern.
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
    // Secrets and escapes are whole characters, so the rest is valid UTF-8.
    let masked = masked(text.as_bytes(), found);
    Cow::Owned(String::from_utf8_lossy(&masked).into_owned())
}

/// Masks these places of the text. Overlapping places are masked as one.
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
