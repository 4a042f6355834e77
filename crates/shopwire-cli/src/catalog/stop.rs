//! Ending early, at a safe point.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

/// Whether the user wants the command to end, and what it must not leave behind.
#[derive(Debug, Clone, Default)]
pub(super) struct Stop(Arc<State>);

#[derive(Debug, Default)]
struct State {
    is_set: AtomicBool,
    /// The temporary file beside the file that is written.
    beside: Mutex<Option<PathBuf>>,
}

impl Stop {
    pub(super) fn set(&self) {
        self.0.is_set.store(true, Ordering::Relaxed);
    }

    /// Says which file must not be left behind.
    pub(super) fn beside(&self, path: Option<&Path>) {
        let mut beside = self.0.beside.lock().unwrap_or_else(PoisonError::into_inner);
        *beside = path.map(Path::to_owned);
    }

    /// Removes what must not be left behind, before the process ends without its destructors.
    pub(super) fn clean(&self) {
        let mut beside = self.0.beside.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(path) = beside.take() {
            // There is nobody left to tell.
            let _ = fs::remove_file(path);
        }
    }

    /// An error, if the command is to end.
    pub(super) fn check(&self) -> io::Result<()> {
        match self.0.is_set.load(Ordering::Relaxed) {
            true => Err(io::Error::other(Stopped)),
            false => Ok(()),
        }
    }
}

/// The error of a command that was interrupted.
#[derive(Debug)]
struct Stopped;

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("interrupted")
    }
}

impl std::error::Error for Stopped {}

/// Whether the error is an interruption.
pub(super) fn is_stopped(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<Stopped>())
}
