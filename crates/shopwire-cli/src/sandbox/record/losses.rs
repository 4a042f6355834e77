//! Exchanges that could not be written, as on a full disk.

use std::{fmt, io, sync::OnceLock};

/// The first error of writing. Clients still get their answers, so it is told again at the end.
#[derive(Debug, Default)]
pub(super) struct Losses(OnceLock<String>);

impl Losses {
    pub(super) fn note(&self, error: &io::Error) {
        // A later error has the same reason.
        let _ = self.0.set(error.to_string());
    }

    /// # Errors
    /// The first error.
    pub(super) fn check(&self) -> Result<(), Lost<'_>> {
        self.0.get().map_or(Ok(()), |first| Err(Lost(first)))
    }
}

/// Exchanges are missing in the recording.
#[derive(Debug)]
pub(super) struct Lost<'l>(&'l str);

impl fmt::Display for Lost<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exchanges are missing in the recording: {}", self.0)
    }
}
