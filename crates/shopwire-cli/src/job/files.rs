//! Files of a job that must survive a crash.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
};

use crate::failure::Failure;

/// The path of a file with a further ending.
pub(crate) fn beside(wanted: &Path, ending: &str) -> PathBuf {
    let mut path = wanted.as_os_str().to_owned();
    path.push(".");
    path.push(ending);
    path.into()
}

/// Opens or makes a file, for one process at a time.
///
/// # Errors
/// The file cannot be opened, or another process has it, which is told in the words of `busy`.
pub(crate) fn locked(options: &OpenOptions, path: &Path, busy: &str) -> Result<File, Failure> {
    let file = options.open(path).map_err(|error| failed(path, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(Failure::new(format_args!("{}: {busy}", path.display())))
        }
        // A file system without locks.
        Err(TryLockError::Error(_)) => Ok(file),
    }
}

/// Opens or makes a file for its owner alone, since rows may be personal.
pub(crate) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Brings the names in a file's folder to disk.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    match cfg!(unix) {
        true => File::open(folder.unwrap_or(Path::new(".")))?.sync_all(),
        false => Ok(()),
    }
}

/// A failure that names the file.
pub(crate) fn failed(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format_args!("{}: {error}", path.display()))
}
