//! The stop check, which ends reading when its result is no longer needed.

use std::fmt;

use super::Reader;
use crate::{Error, options::Stop, steps};

/// Bytes between two calls of the stop check: some ten microseconds of reading.
const STEP: usize = 16 * 1024;

/// The stop check, and the place of the next call.
///
/// The reader searches only the part of the text before that place. It has to check for the end of that part anyway, so
/// the stop check costs nothing when it is not due.
#[derive(Clone, Copy)]
pub(super) struct StopCheck<'a> {
    /// The text up to the byte where the next call is due, or up to its end.
    free: &'a str,
    stop: Option<Stop<'a>>,
}

impl<'a> StopCheck<'a> {
    pub(super) fn new(text: &'a str, stop: Option<Stop<'a>>) -> Self {
        let mut check = Self { free: text, stop };
        check.ask_after(0, text);
        check
    }

    /// The next question is due a step behind `at`, where there is somebody to ask.
    fn ask_after(&mut self, at: usize, text: &'a str) {
        let mut next = match self.stop {
            Some(_) => at.saturating_add(STEP).min(text.len()),
            None => text.len(),
        };
        while !text.is_char_boundary(next) {
            next -= 1;
        }
        self.free = &text[..next];
    }
}

impl fmt::Debug for StopCheck<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.free.len().fmt(f)
    }
}

impl<'a> Reader<'a> {
    /// The byte that comes next, where no question is due before it.
    #[inline]
    pub(super) fn free_byte(&self) -> Option<u8> {
        steps::add(1);
        self.stop.free.as_bytes().get(self.at).copied()
    }

    /// The bytes that come next, up to where a question is due.
    #[inline]
    pub(super) fn free_bytes(&self) -> &'a [u8] {
        steps::add(1);
        let free = self.stop.free.as_bytes();
        free.get(self.at..).unwrap_or_default()
    }

    /// A part of what comes before a question is due.
    #[inline]
    pub(super) fn free_text(&self, start: usize, length: usize) -> Option<&'a str> {
        self.stop.free.get(start..start + length)
    }

    /// Asks whether to go on, if that is due.
    #[inline]
    pub(super) fn go_on(&mut self) -> Result<(), Error> {
        match self.free_byte() {
            Some(_) => Ok(()),
            None => self.ask(),
        }
    }

    #[cold]
    #[inline(never)]
    fn ask(&mut self) -> Result<(), Error> {
        self.stop.ask_after(self.at, self.text);
        match self.stop.stop {
            Some(stop) if stop() => Err(Error::stopped(self.at)),
            _ => Ok(()),
        }
    }

    /// Goes back in the text. Bytes that are read again count again.
    pub(super) fn go_back(&mut self, at: usize) {
        self.at = at;
        if self.stop.free.len() > at.saturating_add(STEP) {
            self.stop.ask_after(at, self.text);
        }
    }

    /// Returns the stop check, for work that is not reading.
    pub(crate) fn stop_check(&self) -> Option<Stop<'a>> {
        self.stop.stop
    }

    /// Builds the error of work that the stop check ended.
    pub(crate) fn stopped(&self) -> Error {
        Error::stopped(self.at)
    }
}
