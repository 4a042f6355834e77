//! How far a long run has come, on a terminal.

use std::{
    io::{self, IsTerminal as _, Write as _},
    time::Duration,
};

use tokio::time::Instant;

/// The time between two lines.
const PAUSE: Duration = Duration::from_millis(500);

/// A line on standard error that is written again and again.
pub(super) struct Progress {
    is_shown: bool,
    last: Instant,
    has_line: bool,
}

impl Progress {
    pub(super) fn new(is_quiet: bool) -> Self {
        Self {
            is_shown: !is_quiet && io::stderr().is_terminal(),
            last: Instant::now(),
            has_line: false,
        }
    }

    /// Tells the number of offers, if it is time to.
    pub(super) fn offers(&mut self, count: u64) {
        // The clock is read for few of the offers.
        if !self.is_shown || !count.is_multiple_of(256) || self.last.elapsed() < PAUSE {
            return;
        }
        self.last = Instant::now();
        self.has_line = true;
        let _ = write!(io::stderr(), "\r{count} offers");
    }

    /// Removes the line.
    pub(super) fn clear(&mut self) {
        if std::mem::take(&mut self.has_line) {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
