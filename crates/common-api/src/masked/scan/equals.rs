//! `name=value`, as in links, forms and cookies, also where the whole link is escaped; `name => value`, as PHP prints it;
//! and parts of forms, whose headers have `name="…"`.

use form_urlencoded::parse;
use memchr::{memchr_iter, memmem};

use super::{
    super::{is_random, is_secret, is_secret_member},
    Spot, end_at, run_before,
};

/// Spellings of an ampersand that end a value.
const ENDS: [&[u8]; 4] = [b"&", b"%26", b"%2526", b"\\u0026"];

/// Longest distance from the name of a part to its value: the other headers of the part.
const HEADERS: usize = 400;

pub(super) fn find(text: &[u8], names: &[String], found: &mut Vec<Spot>) {
    // Within a value nothing is looked for, so each byte belongs to one value.
    let mut until = 0;
    for at in memchr_iter(b'=', text) {
        let spot = match text.get(at + 1) {
            _ if at < until => None,
            Some(b'=') | None => None,
            Some(b'>') => printed(text, at),
            Some(_) => parameter(text, at, at + 1, names).or_else(|| part(text, at, names)),
        };
        until = spot.as_ref().map_or(until, |spot| spot.place.end);
        found.extend(spot);
    }
    for escaped in [&b"%3D"[..], b"%3d", b"%253D", b"%253d"] {
        let mut until = 0;
        for at in memmem::find_iter(text, escaped) {
            if at < until {
                continue;
            }
            let spot = parameter(text, at, at + escaped.len(), names);
            until = spot.as_ref().map_or(until, |spot| spot.place.end);
            found.extend(spot);
        }
    }
}

/// A parameter whose name ends at `end`, and whose value begins at `start`.
fn parameter(text: &[u8], end: usize, start: usize, names: &[String]) -> Option<Spot> {
    let is_of = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.[]%\\".contains(byte);
    let name = decoded(run_before(text, end, is_of));
    let name = name
        .rsplit(['?', '&', ';', '/', ':', '#', '=', '\\'])
        .next()?;
    // A backslash begins `\u0026`.
    let name = name.strip_prefix("u0026").unwrap_or(name);
    if !is_secret(name, names) {
        return None;
    }
    let quote = text.get(start).filter(|byte| matches!(byte, b'"' | b'\''));
    let start = start + usize::from(quote.is_some());
    let end = end_at(text, start, |rest| {
        let byte = rest[0];
        byte.is_ascii_whitespace()
            || b"\"'<>".contains(&byte)
            || ENDS.iter().any(|end| rest.starts_with(end))
            || rest.starts_with(b"\\\"")
    });
    let value = &text[start..end];
    Some(Spot::new(
        start..end,
        is_secret_member(name) || is_random(value),
    ))
}

/// A name without up to three layers of escapes.
fn decoded(name: &[u8]) -> String {
    let mut name = String::from_utf8_lossy(name).into_owned();
    for _ in 0..3 {
        if !name.contains('%') {
            break;
        }
        let pairs = name.replace('&', "%26").replace('=', "%3D");
        name = parse(pairs.as_bytes())
            .map(|(name, _)| name.into_owned())
            .collect();
    }
    name
}

/// `[name] => value` or `'name' => 'value'`, with its sign at `at`.
fn printed(text: &[u8], at: usize) -> Option<Spot> {
    let before = text[..at].trim_ascii_end();
    let before = before.strip_suffix(b"]").unwrap_or(before);
    let before = before
        .strip_suffix(b"\"")
        .or(before.strip_suffix(b"'"))
        .unwrap_or(before);
    let name = run_before(before, before.len(), |byte| {
        byte.is_ascii_alphanumeric() || b"_-".contains(byte)
    });
    if !is_secret_member(str::from_utf8(name).ok()?) {
        return None;
    }
    let rest = &text[at + 2..];
    let blank = rest
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .count();
    let start = at + 2 + blank;
    let quote = text
        .get(start)
        .copied()
        .filter(|byte| matches!(byte, b'"' | b'\''));
    let start = start + usize::from(quote.is_some());
    let end = end_at(text, start, |rest| match quote {
        Some(quote) => rest[0] == quote,
        None => b"\r\n,)".contains(&rest[0]),
    });
    Some(Spot::new(start..end, true))
}

/// The part of a form whose header has a name at this sign. Its ends of lines may be bare, and its boundary may be another
/// than that of the content type.
fn part(text: &[u8], at: usize, names: &[String]) -> Option<Spot> {
    let word = run_before(text, at, u8::is_ascii_alphanumeric);
    if !word.eq_ignore_ascii_case(b"name") {
        return None;
    }
    let rest = &text[at + 1..];
    let rest = rest.strip_prefix(b"\"").unwrap_or(rest);
    let length = rest
        .iter()
        .take_while(|byte| !b"\"; \r\n".contains(byte))
        .count();
    let name = str::from_utf8(&rest[..length]).ok()?;
    if !is_secret(name, names) {
        return None;
    }
    let from = text.len() - rest.len();
    let near = &text[from..text.len().min(from + HEADERS)];
    let blank = [&b"\r\n\r\n"[..], b"\n\n"];
    let starts = blank
        .iter()
        .filter_map(|blank| Some(memmem::find(near, blank)? + blank.len()));
    let start = from + starts.min()?;
    let end = end_at(text, start, |rest| {
        rest.starts_with(b"\r\n--") || rest.starts_with(b"\n--")
    });
    let value = &text[start..end];
    Some(Spot::new(
        start..end,
        is_secret_member(name) || is_random(value),
    ))
}
