//! The stop check, which ends reading when its result is no longer needed.

use std::fmt;

use super::Reader;
use crate::{Error, options::Stop, steps};

/// Bytes between two calls of the stop check: some ten microseconds of reading.
const STEP: usize = 16 * 1024;

/// The stop check, and the position of its next call.
#[derive(Clone, Copy)]
pub(super) struct StopCheck<'a> {
    next: usize,
    stop: Option<Stop<'a>>,
}

impl<'a> StopCheck<'a> {
    pub(super) const NEVER: Self = Self {
        next: usize::MAX,
        stop: None,
    };

    pub(super) fn new(stop: Option<Stop<'a>>) -> Self {
        Self {
            next: stop.map_or(usize::MAX, |_| STEP),
            stop,
        }
    }
}

impl fmt::Debug for StopCheck<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.next.fmt(f)
    }
}

impl<'a> Reader<'a> {
    /// Calls the stop check when it is due; used after each element and member.
    #[inline]
    pub(super) fn go_on(&mut self) -> Result<(), Error> {
        match self.is_due() {
            false => Ok(()),
            true => self.ask(),
        }
    }

    /// Whether the stop check is due.
    #[inline]
    pub(super) fn is_due(&self) -> bool {
        steps::add(1);
        self.at >= self.stop.next
    }

    #[cold]
    #[inline(never)]
    fn ask(&mut self) -> Result<(), Error> {
        self.stop.next = self.at.saturating_add(STEP);
        match self.stop.stop {
            Some(stop) if stop() => Err(Error::stopped(self.at)),
            _ => Ok(()),
        }
    }

    /// Goes back in the text. Bytes that are read again count again.
    pub(super) fn go_back(&mut self, at: usize) {
        self.at = at;
        if self.stop.stop.is_some() {
            self.stop.next = self.stop.next.min(at.saturating_add(STEP));
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
