//! Standard output.

use std::io::{self, Write as _};

use crate::failure::Failure;

/// Writes a line.
pub(crate) fn line(text: &str) -> Result<(), Failure> {
    write(format!("{text}\n").as_bytes())
}

/// Writes bytes and flushes, since a pipe is not flushed by itself. When the reader has gone (`| head`), the command
/// ends with code 1 and without a word.
pub(crate) fn write(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            Err(Failure::reported(String::new()))
        }
        Err(error) => Err(Failure::new(format_args!("standard output: {error}"))),
    }
}
