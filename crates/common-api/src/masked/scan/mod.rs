//! Values that stand under the name of a secret, in any notation: JSON that is no strict JSON (noise around it, cut, within
//! a string), parameters of links and forms, parts of forms, tags, and what PHP prints.

mod colon;
mod equals;
mod markup;
#[cfg(test)]
mod tests;

use std::{borrow::Cow, ops::Range};

use common_transport::{Mask, Secret};

/// Longest name that is looked at, in bytes.
const LONGEST_NAME: usize = 100;

/// A value under the name of a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Spot {
    place: Range<usize>,
    /// Backslashes before the quotes that the replacement needs, so that JSON stays JSON.
    quotes: Option<usize>,
    /// Whether the value is a secret at other places, too. Other values may be ordinary words.
    is_telling: bool,
}

impl Spot {
    fn new(place: Range<usize>, is_telling: bool) -> Self {
        Self {
            place,
            quotes: None,
            is_telling,
        }
    }
}

/// Adds the values that are secrets at other places, too.
pub(super) fn in_text(text: &[u8], names: &[String], found: &mut Vec<Secret>) {
    for spot in spots(text, names) {
        if spot.is_telling {
            found.push(Secret::new(String::from_utf8_lossy(&text[spot.place])));
        }
    }
}

/// The text with each such value hidden, however short it is.
pub(super) fn hidden<'t>(text: &'t [u8], names: &[String]) -> Cow<'t, [u8]> {
    let mut spots = spots(text, names);
    if spots.is_empty() {
        return Cow::Borrowed(text);
    }
    // Of nested places the outer one is hidden.
    spots.sort_by_key(|spot| (spot.place.start, std::cmp::Reverse(spot.place.end)));
    let (mut shown, mut kept) = (Vec::with_capacity(text.len()), 0);
    for spot in spots {
        if spot.place.start < kept {
            continue;
        }
        shown.extend_from_slice(&text[kept..spot.place.start]);
        let quote = spot.quotes.map(|depth| "\\".repeat(depth) + "\"");
        let quote = quote.unwrap_or_default();
        shown.extend_from_slice(format!("{quote}{}{quote}", Mask::HIDDEN).as_bytes());
        kept = spot.place.end;
    }
    shown.extend_from_slice(&text[kept..]);
    Cow::Owned(shown)
}

/// As [`hidden`], for text.
pub(super) fn hidden_text<'t>(text: &'t str, names: &[String]) -> Cow<'t, str> {
    match hidden(text.as_bytes(), names) {
        Cow::Borrowed(_) => Cow::Borrowed(text),
        Cow::Owned(hidden) => Cow::Owned(String::from_utf8_lossy(&hidden).into_owned()),
    }
}

fn spots(text: &[u8], names: &[String]) -> Vec<Spot> {
    let mut found = Vec::new();
    colon::find(text, &mut found);
    equals::find(text, names, &mut found);
    markup::find(text, &mut found);
    found.retain(|spot| !spot.place.is_empty());
    found
}

/// The bytes before `end` of which a name may be made, the longest run.
fn run_before(text: &[u8], end: usize, is_of: impl Fn(&u8) -> bool) -> &[u8] {
    let near = &text[end.saturating_sub(LONGEST_NAME)..end];
    let start = near.iter().rposition(|byte| !is_of(byte));
    &near[start.map_or(0, |at| at + 1)..]
}

/// The place of the first bytes at or after `start`, or the end of the text.
fn end_at(text: &[u8], start: usize, is_end: impl Fn(&[u8]) -> bool) -> usize {
    let mut places = start..text.len();
    places.find(|at| is_end(&text[*at..])).unwrap_or(text.len())
}
