//! Reads a feed of any format.

use std::io::{self, BufRead, Read};

use encoding_rs::Encoding;

use super::{
    Format, google,
    text::Text,
    visit::{Ended, Offers, Visit},
    xml,
};

/// How far a format is looked for.
const HEAD: usize = 1 << 20;

/// Reads a feed, and tells its parts.
///
/// # Errors
/// The feed cannot be read, or the visitor has ended it.
pub(crate) fn read(
    feed: impl Read,
    format: Format,
    encoding: Option<&'static Encoding>,
    offers: Offers,
    visit: &mut dyn Visit,
) -> io::Result<Ended> {
    let text = Text::new(feed, encoding)?;
    match format {
        Format::Google => google::read::read(text, offers, visit),
        Format::Icml | Format::Yml => xml::read::read(text, format, offers, visit),
    }
}

/// Tells the format by the beginning of a feed: ICML has a productId in its first offer.
///
/// # Errors
/// The feed cannot be read.
pub(crate) fn guess(feed: impl Read, encoding: Option<&'static Encoding>) -> io::Result<Format> {
    let mut text = Text::new(feed, encoding)?;
    let mut head = Vec::new();
    while head.len() < HEAD {
        // What cannot be read is for the reader to tell.
        let Ok(piece) = text.fill_buf() else { break };
        if piece.is_empty() {
            break;
        }
        head.extend_from_slice(piece);
        let length = piece.len();
        text.consume(length);
        text.begin();
        if !head.trim_ascii_start().starts_with(b"<") {
            return Ok(Format::Google);
        }
        if let Some(format) = of_first_offer(&head) {
            return Ok(format);
        }
    }
    Ok(match head.trim_ascii_start().starts_with(b"<") {
        true => Format::Yml,
        false => Format::Google,
    })
}

/// Looks at the first `<offer …>`, if it is complete.
fn of_first_offer(head: &[u8]) -> Option<Format> {
    let tags = memchr::memmem::find_iter(head, b"<offer");
    let mut tags = tags.filter(|at| {
        head.get(at + 6)
            .is_some_and(|next| !next.is_ascii_alphanumeric())
    });
    let tag = &head[tags.next()?..];
    let tag = &tag[..memchr::memchr(b'>', tag)?];
    Some(match memchr::memmem::find(tag, b"productId") {
        Some(_) => Format::Icml,
        None => Format::Yml,
    })
}
