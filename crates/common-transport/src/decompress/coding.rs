//! The codings that an answer names, and the decoders of the enabled features.

use std::io::Read;

use bytes::Bytes;
use http::{
    HeaderMap,
    header::{CONTENT_ENCODING, TRANSFER_ENCODING},
};

#[cfg(feature = "gzip")]
use super::gzip::Gzip;
use super::metered::Metered;
#[cfg(feature = "zstd")]
use super::zstd::Zstd;

/// The value of `Accept-Encoding`; `None` when no feature is on.
pub(super) const ACCEPTED: Option<&str> = match (
    cfg!(feature = "gzip"),
    cfg!(feature = "brotli"),
    cfg!(feature = "zstd"),
) {
    (true, true, true) => Some("gzip, br, zstd"),
    (true, true, false) => Some("gzip, br"),
    (true, false, true) => Some("gzip, zstd"),
    (true, false, false) => Some("gzip"),
    (false, true, true) => Some("br, zstd"),
    (false, true, false) => Some("br"),
    (false, false, true) => Some("zstd"),
    (false, false, false) => None,
};

/// A reader that expands a body.
pub(super) type Decoder = Box<dyn Read + Send>;

/// Most codings on top of each other; more are an attack.
const MOST: usize = 4;

/// The codings of a body in the order in which they were applied (RFC 9110, section 8.4): the last one must be
/// undone first. `identity` is left out. Names are in lower case.
///
/// A transfer coding other than `chunked` is applied after the codings of the content. The HTTP stack undoes only
/// `chunked`, so the rest of `Transfer-Encoding` is undone here, like the others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Codings(Vec<String>);

impl Codings {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let values = headers.get_all(CONTENT_ENCODING).into_iter();
        let values = values.chain(headers.get_all(TRANSFER_ENCODING));
        let texts: Vec<_> = values
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
            .collect();
        let names = texts.iter().flat_map(|text| text.split(','));
        let names = names.map(|name| name.trim().to_ascii_lowercase());
        Self(
            names
                .filter(|name| !matches!(name.as_str(), "" | "identity" | "chunked"))
                .collect(),
        )
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Removes the last coding and returns its decoder; `None` when this build cannot decode it.
    pub(super) fn undo_last(&mut self, body: &Bytes) -> Option<Decoder> {
        if self.0.len() > MOST {
            return None;
        }
        let decoder = decoder(self.0.last()?, body)?;
        self.0.pop();
        Some(decoder)
    }
}

/// Writes the codings as in the header. Names come from the server, so long ones are cut, and unusual characters are
/// replaced.
impl std::fmt::Display for Codings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (place, name) in self.0.iter().take(MOST + 1).enumerate() {
            let plain = |c: char| match c.is_ascii_alphanumeric() || "-_.".contains(c) {
                true => c,
                false => '?',
            };
            let shown: String = name.chars().take(20).map(plain).collect();
            let comma = if place == 0 { "" } else { ", " };
            write!(f, "{comma}{shown}")?;
        }
        Ok(())
    }
}

fn decoder(coding: &str, body: &Bytes) -> Option<Decoder> {
    let metered = || Metered::new(body.clone());
    match coding {
        #[cfg(feature = "gzip")]
        "gzip" | "x-gzip" => Some(Box::new(Gzip::new(metered()))),
        // The name means the zlib format; some servers send the bare one (RFC 9110, section 8.4.1.2).
        #[cfg(feature = "gzip")]
        "deflate" if is_zlib(body) => Some(Box::new(flate2::read::ZlibDecoder::new(metered()))),
        #[cfg(feature = "gzip")]
        "deflate" => Some(Box::new(flate2::read::DeflateDecoder::new(metered()))),
        #[cfg(feature = "brotli")]
        "br" => Some(Box::new(brotli_decompressor::Decompressor::new(
            metered(),
            4096,
        ))),
        #[cfg(feature = "zstd")]
        "zstd" => Some(Box::new(Zstd::new(body.clone()))),
        _ => none_of(metered),
    }
}

/// Whether the body begins with the two bytes of a zlib header (RFC 1950, section 2.2).
#[cfg(feature = "gzip")]
fn is_zlib(body: &[u8]) -> bool {
    matches!(body, [method, flags, ..]
        if method & 0x0f == 8 && u16::from_be_bytes([*method, *flags]) % 31 == 0)
}

/// Takes the place of a decoder whose feature is off.
fn none_of(_: impl FnOnce() -> Metered) -> Option<Decoder> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(values: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(CONTENT_ENCODING, http::HeaderValue::from_static(value));
        }
        Codings::of(&headers).to_string()
    }

    // F8
    #[test]
    fn f8_codings_stand_in_one_header_or_in_several() {
        assert_eq!(shown(&["GZIP, identity", " br ,"]), "gzip, br");
        assert_eq!(shown(&["identity"]), "");
        assert_eq!(shown(&[]), "");
    }

    // F8
    #[test]
    fn f8_codings_of_the_transfer_come_last() {
        let mut headers = HeaderMap::new();
        let gzip_chunked = http::HeaderValue::from_static("gzip, chunked");
        headers.insert(TRANSFER_ENCODING, gzip_chunked);
        assert_eq!(Codings::of(&headers).to_string(), "gzip");
        headers.insert(CONTENT_ENCODING, http::HeaderValue::from_static("br"));
        assert_eq!(Codings::of(&headers).to_string(), "br, gzip");
        headers.insert(TRANSFER_ENCODING, http::HeaderValue::from_static("chunked"));
        assert_eq!(Codings::of(&headers).to_string(), "br");
    }

    // F8, H13
    #[test]
    fn f8_a_name_from_outside_is_shown_short_and_plain() {
        assert_eq!(
            shown(&["a\"b <c>=0123456789012345678901234567890"]),
            "a?b??c??012345678901"
        );
        assert_eq!(shown(&["a,b,c,d,e,f,g"]), "a, b, c, d, e");
    }
}
