//! Zstandard. ruzstd's own reader stops after the first frame, and does not limit the window.

use std::io::{self, Read};

use bytes::{Buf, Bytes};
use ruzstd::decoding::{BlockDecodingStrategy::UptoBlocks, FrameDecoder};

/// A reader of all frames of a body (RFC 8878, section 3), each with a window of at most 8 MiB (RFC 9659).
pub(super) struct Zstd {
    decoder: FrameDecoder,
    source: Bytes,
}

impl Zstd {
    /// Most blocks, each of up to 128 KiB, that are decoded in one read that yields no byte.
    const BLOCKS: usize = 4;

    pub(super) fn new(source: Bytes) -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(8 * 1024 * 1024);
        Self { decoder, source }
    }
}

impl Read for Zstd {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut source = (&mut self.source).reader();
        for _ in 0..Self::BLOCKS {
            if self.decoder.can_collect() > 0 {
                return self.decoder.read(into);
            }
            if !self.decoder.is_finished() {
                let decoded = self.decoder.decode_blocks(&mut source, UptoBlocks(1));
                decoded.map_err(io::Error::other)?;
            } else if source.get_ref().is_empty() {
                return Ok(0);
            } else {
                self.decoder.reset(&mut source).map_err(io::Error::other)?;
            }
        }
        Err(io::ErrorKind::WouldBlock.into())
    }
}
