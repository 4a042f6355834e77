//! Secrets of a text that holds JSON but is no strict JSON: noise around it, an answer that was cut, another charset,
//! JSON within a string of JSON.

use common_transport::Secret;
use memchr::memchr_iter;

use super::is_secret_member;

/// Longest name that is looked at, in bytes.
const LONGEST_NAME: usize = 100;

/// Finds `"name": "value"` and `"name": 123` wherever they stand. It begins at each colon, since noise may hold single
/// quotes. The quotes may be escaped.
pub(super) fn in_text(text: &[u8], found: &mut Vec<Secret>) {
    for colon in memchr_iter(b':', text) {
        if name_before(&text[..colon]).is_some_and(is_secret_member)
            && let Some(value) = value_of(&text[colon + 1..])
        {
            found.push(Secret::new(String::from_utf8_lossy(value)));
        }
    }
}

/// The name in quotes at the end of the text.
fn name_before(text: &[u8]) -> Option<&str> {
    let text = text.trim_ascii_end().strip_suffix(b"\"")?;
    let text = without_backslashes(text);
    let near = &text[text.len().saturating_sub(LONGEST_NAME)..];
    let start = near.iter().rposition(|byte| *byte == b'"')?;
    str::from_utf8(&near[start + 1..]).ok()
}

/// The value at the beginning of the text: to its closing quote, or to the end of a text that was cut.
fn value_of(text: &[u8]) -> Option<&[u8]> {
    let text = text.trim_ascii_start();
    let depth = backslashes_before(text, text.iter().position(|byte| *byte != b'\\')?);
    let Some(quoted) = text[depth..].strip_prefix(b"\"") else {
        let is_number = |byte: &u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
        let end = text.iter().position(|byte| !is_number(byte));
        let number = &text[..end.unwrap_or(text.len())];
        return number.iter().any(u8::is_ascii_digit).then_some(number);
    };
    let closes = |at: &usize| {
        let before = backslashes_before(quoted, *at);
        match depth {
            0 => before.is_multiple_of(2),
            depth => before == depth,
        }
    };
    let end = memchr_iter(b'"', quoted).find(closes);
    Some(without_backslashes(&quoted[..end.unwrap_or(quoted.len())]))
}

fn backslashes_before(text: &[u8], at: usize) -> usize {
    text[..at].len() - without_backslashes(&text[..at]).len()
}

fn without_backslashes(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|byte| *byte != b'\\');
    &text[..end.map_or(0, |end| end + 1)]
}
