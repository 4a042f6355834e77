//! The codings whose features are on.

use std::io::{self, Read};

use bytes::Bytes;

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

/// Why a body could not be expanded.
#[derive(Debug)]
pub(super) enum Failure {
    TooLarge,
    Broken(io::Error),
}

/// Expands a body; `None` when the coding is not known.
pub(super) fn expand(coding: &str, body: &[u8], max: usize) -> Option<Result<Bytes, Failure>> {
    match coding.trim().to_ascii_lowercase().as_str() {
        #[cfg(feature = "gzip")]
        "gzip" | "x-gzip" => Some(read(flate2::read::MultiGzDecoder::new(body), max)),
        #[cfg(feature = "brotli")]
        "br" => Some(read(
            brotli_decompressor::Decompressor::new(body, 4096),
            max,
        )),
        #[cfg(feature = "zstd")]
        "zstd" => Some(match ruzstd::decoding::StreamingDecoder::new(body) {
            Ok(decoder) => read(decoder, max),
            Err(error) => Err(Failure::Broken(io::Error::other(error))),
        }),
        _ => None.or_else(|| none_of(body, max)),
    }
}

/// With every feature off the parameters are still looked at.
const fn none_of(_: &[u8], _: usize) -> Option<Result<Bytes, Failure>> {
    None
}

/// Reads to the end, or to one byte more than the limit.
#[cfg_attr(
    not(any(feature = "gzip", feature = "brotli", feature = "zstd")),
    expect(dead_code, reason = "there is nothing to read")
)]
fn read(decoder: impl Read, max: usize) -> Result<Bytes, Failure> {
    let mut expanded = Vec::new();
    let mut bounded = decoder.take(max as u64 + 1);
    bounded
        .read_to_end(&mut expanded)
        .map_err(Failure::Broken)?;
    if expanded.len() > max {
        return Err(Failure::TooLarge);
    }
    Ok(expanded.into())
}
