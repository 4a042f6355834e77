//! A compressed body that is read in small parts.

use std::io::{self, Read};

use bytes::{Buf, Bytes};

/// Bytes that are read before other tasks get their turn: a body may be long and expand to nothing.
const SIP: usize = 16 * 1024;

/// A reader that returns [`WouldBlock`](io::ErrorKind::WouldBlock) now and then.
pub(super) struct Metered {
    bytes: Bytes,
    left: usize,
}

impl Metered {
    pub(super) fn new(bytes: Bytes) -> Self {
        Self { bytes, left: SIP }
    }
}

impl Read for Metered {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 && !self.bytes.is_empty() {
            self.left = SIP;
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let length = into.len().min(self.left).min(self.bytes.len());
        self.bytes.copy_to_slice(&mut into[..length]);
        self.left -= length;
        Ok(length)
    }
}
