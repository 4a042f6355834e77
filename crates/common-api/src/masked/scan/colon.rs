//! `"name": value`, as in JSON. The quotes may be escaped.

use std::ops::Range;

use memchr::memchr_iter;

use super::{super::is_secret_member, LONGEST_NAME, Spot};

/// A name, as far as its value depends on it.
struct Named<'t> {
    name: &'t str,
    /// Backslashes before its quotes.
    depth: usize,
}

/// It begins at each colon, since noise may hold single quotes.
pub(super) fn find(text: &[u8], found: &mut Vec<Spot>) {
    let (mut logins, mut has_password) = (Vec::new(), false);
    // Within a value nothing is looked for, so each byte belongs to one value.
    let mut until = 0;
    for colon in memchr_iter(b':', text) {
        if colon < until {
            continue;
        }
        let Some(named) = name_before(&text[..colon]) else {
            continue;
        };
        let is_secret = is_secret_member(named.name);
        let is_login = named.name.eq_ignore_ascii_case("login");
        if !(is_secret || is_login) {
            continue;
        }
        let spots = if is_secret { &mut *found } else { &mut logins };
        if let Some(end) = value_at(text, colon + 1, named.depth, spots) {
            has_password |= is_secret;
            until = end;
        }
    }
    // A login is half of a credential where the other half is beside it; elsewhere it is data.
    if has_password {
        found.append(&mut logins);
    }
}

/// The name in quotes at the end of the text.
fn name_before(text: &[u8]) -> Option<Named<'_>> {
    let text = text.trim_ascii_end();
    let (quote, text) = text.split_last()?;
    if !matches!(quote, b'"' | b'\'') {
        return None;
    }
    let name = without_backslashes(text);
    let depth = text.len() - name.len();
    let near = &name[name.len().saturating_sub(LONGEST_NAME)..];
    let start = near.iter().rposition(|byte| byte == quote)?;
    let name = str::from_utf8(&near[start + 1..]).ok()?;
    Some(Named { name, depth })
}

/// Finds the value that begins here, and returns its end. A text may have been cut within it.
fn value_at(text: &[u8], start: usize, depth: usize, found: &mut Vec<Spot>) -> Option<usize> {
    let start = start + leading(&text[start..], |byte| byte.is_ascii_whitespace());
    let slashes = leading(&text[start..], |byte| *byte == b'\\');
    let spot = match *text.get(start + slashes)? {
        quote @ (b'"' | b'\'') => {
            Spot::new(quoted(text, start + slashes + 1, quote, slashes), true)
        }
        b'[' | b'{' => return Some(enclosed(text, start, depth, found)),
        _ => number(text, start, depth)?,
    };
    let end = spot.place.end;
    found.push(spot);
    Some(end)
}

/// The number of bytes at the beginning that are of a kind.
fn leading(text: &[u8], is_of: impl Fn(&u8) -> bool) -> usize {
    text.iter().take_while(|byte| is_of(byte)).count()
}

/// From behind the opening quote to before the closing one.
fn quoted(text: &[u8], start: usize, quote: u8, depth: usize) -> Range<usize> {
    let quoted = &text[start..];
    let closes = |at: &usize| {
        let before = backslashes_before(quoted, *at);
        match depth {
            0 => before.is_multiple_of(2),
            depth => before == depth,
        }
    };
    let end = memchr_iter(quote, quoted).find(closes);
    let content = &quoted[..end.unwrap_or(quoted.len())];
    start..start + without_backslashes(content).len()
}

/// Finds the texts and numbers of a list or an object, and returns its end. Names of members stay.
fn enclosed(text: &[u8], start: usize, depth: usize, found: &mut Vec<Spot>) -> usize {
    let (mut open, mut at) = (0_usize, start);
    while at < text.len() {
        match text[at] {
            b'[' | b'{' => open += 1,
            b']' | b'}' if open == 1 => return at + 1,
            b']' | b'}' => open -= 1,
            b'"' => {
                let place = quoted(text, at + 1, b'"', depth);
                at = place.end + depth;
                let rest = text.get(at + 1..).unwrap_or_default();
                if !rest.trim_ascii_start().starts_with(b":") {
                    found.push(Spot::new(place, false));
                }
            }
            b'-' | b'0'..=b'9' => {
                let spot = number(text, at, depth);
                at = spot.as_ref().map_or(at, |spot| spot.place.end - 1);
                found.extend(spot);
            }
            _ => {}
        }
        at += 1;
    }
    text.len()
}

fn number(text: &[u8], start: usize, depth: usize) -> Option<Spot> {
    let is_number = |byte: &u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
    let end = start + leading(&text[start..], is_number);
    let is_number = text[start..end].iter().any(u8::is_ascii_digit);
    is_number.then(|| Spot {
        quotes: Some(depth),
        ..Spot::new(start..end, true)
    })
}

fn backslashes_before(text: &[u8], at: usize) -> usize {
    text[..at].len() - without_backslashes(&text[..at]).len()
}

fn without_backslashes(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|byte| *byte != b'\\');
    &text[..end.map_or(0, |end| end + 1)]
}
