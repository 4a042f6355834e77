//! `<name>value</name>`, and `user:password@` of an address.

use memchr::{memchr_iter, memmem};

use super::{super::is_secret_member, LONGEST_NAME, Spot, end_at, run_before};

pub(super) fn find(text: &[u8], found: &mut Vec<Spot>) {
    found.extend(memchr_iter(b'>', text).filter_map(|at| element(text, at)));
    // PHP escapes slashes in JSON.
    for scheme in [&b"://"[..], b":\\/\\/"] {
        let ends = memmem::find_iter(text, scheme).map(|at| at + scheme.len());
        found.extend(ends.filter_map(|start| user(text, start)));
    }
}

/// The text of the element whose start tag ends here.
fn element(text: &[u8], at: usize) -> Option<Spot> {
    let tag = run_before(text, at, |byte| !b"<>".contains(byte));
    let before = at.checked_sub(tag.len() + 1)?;
    let name = tag.split(u8::is_ascii_whitespace).next()?;
    if text[before] != b'<' || !is_secret_member(str::from_utf8(name).ok()?) {
        return None;
    }
    let end = end_at(text, at + 1, |rest| rest[0] == b'<');
    let is_closed = text[end..].starts_with(b"</");
    is_closed.then(|| Spot::new(at + 1..end, true))
}

/// Name and password before the host.
fn user(text: &[u8], start: usize) -> Option<Spot> {
    let near = &text[..text.len().min(start + LONGEST_NAME)];
    let is_end = |rest: &[u8]| rest[0].is_ascii_whitespace() || b"@/?#\"'<>\\".contains(&rest[0]);
    let end = end_at(near, start, is_end);
    let is_user = text.get(end) == Some(&b'@') && text[start..end].contains(&b':');
    is_user.then(|| Spot::new(start..end, false))
}
