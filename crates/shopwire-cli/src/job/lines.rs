//! The whole lines of a journal: a line that a crash cut short does not count.

use std::io::{self, BufRead as _, BufReader};

/// The whole lines of a file.
pub(crate) struct Lines<R> {
    reader: BufReader<R>,
    /// Size of the lines so far.
    pub(crate) read: u64,
}

impl<R: io::Read> Lines<R> {
    pub(crate) fn of(file: R) -> Self {
        Self {
            reader: BufReader::new(file),
            read: 0,
        }
    }

    /// The next line; `None` at the end, and before a line without its end.
    pub(crate) fn next(&mut self) -> io::Result<Option<String>> {
        let mut line = Vec::new();
        self.reader.read_until(b'\n', &mut line)?;
        let length = line.len() as u64;
        if line.pop() != Some(b'\n') {
            return Ok(None);
        }
        self.read += length;
        Ok(String::from_utf8(line).ok())
    }
}
