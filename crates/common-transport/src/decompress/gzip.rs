//! Gzip as it comes: members one behind the other, and zeros behind the last.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::GzDecoder;

use super::metered::Metered;

/// Expands all members of a gzip body (RFC 1952, section 2.2). Zeros between and behind them are padding, as gzip and
/// curl take them: some servers fill their last block. Anything else behind a member is an error.
pub(super) struct Gzip {
    /// None only while one member gives way to the next.
    member: Option<GzDecoder<BufReader<Metered>>>,
}

impl Gzip {
    pub(super) fn new(body: Metered) -> Self {
        Self {
            member: Some(GzDecoder::new(BufReader::new(body))),
        }
    }

    /// Moves on to the next member; returns `false` after the last one.
    fn next_member(&mut self) -> io::Result<bool> {
        let Some(ended) = &mut self.member else {
            return Ok(false);
        };
        // A pause in here changes nothing: the next call comes back to the same place.
        if !skip_zeros(ended.get_mut())? {
            return Ok(false);
        }
        let rest = self.member.take().map(GzDecoder::into_inner);
        self.member = rest.map(GzDecoder::new);
        Ok(true)
    }
}

impl Read for Gzip {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let Some(member) = &mut self.member else {
                return Ok(0);
            };
            let read = member.read(into)?;
            if read > 0 || into.is_empty() || !self.next_member()? {
                return Ok(read);
            }
        }
    }
}

/// Whether something else than zeros is left.
fn skip_zeros(source: &mut impl BufRead) -> io::Result<bool> {
    loop {
        let bytes = source.fill_buf()?;
        if bytes.is_empty() {
            return Ok(false);
        }
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        let is_all = zeros == bytes.len();
        source.consume(zeros);
        if !is_all {
            return Ok(true);
        }
    }
}
