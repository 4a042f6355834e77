//! The codings whose features are on.

use std::io::{self, Read};

use bytes::Bytes;

use super::metered::Metered;
#[cfg(feature = "zstd")]
use super::zstd::Zstd;

/// What a request says that it accepts; `None` when no feature is on.
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

/// What expands a body while it is read.
pub(super) type Decoder = Box<dyn Read + Send>;

/// The decoder of a body; `None` when the coding is not known.
pub(super) fn decoder(coding: &str, body: &Bytes) -> Option<io::Result<Decoder>> {
    let metered = || Metered::new(body.clone());
    match coding.trim().to_ascii_lowercase().as_str() {
        #[cfg(feature = "gzip")]
        "gzip" | "x-gzip" => Some(Ok(Box::new(flate2::read::MultiGzDecoder::new(metered())))),
        #[cfg(feature = "brotli")]
        "br" => Some(Ok(Box::new(brotli_decompressor::Decompressor::new(
            metered(),
            4096,
        )))),
        #[cfg(feature = "zstd")]
        "zstd" => Some(Ok(Box::new(Zstd::new(body.clone())))),
        _ => None.or_else(|| none_of(metered)),
    }
}

/// With every feature off the body is still looked at.
fn none_of(_: impl FnOnce() -> Metered) -> Option<io::Result<Decoder>> {
    None
}
