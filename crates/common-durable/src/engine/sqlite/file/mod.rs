//! The file of a store, before SQLite opens it.

mod header;
mod network;
mod owner;

use std::{
    fs::{self, OpenOptions},
    io,
    path::{Path, PathBuf},
};

pub(super) use header::APPLICATION_ID;
pub(super) use owner::Owner;

use crate::{Error, ErrorKind};

/// Refuses a file that is not ours, damaged, or on a file system that cannot keep the promises. It changes nothing.
pub(super) fn check(path: &Path, any_file_system: bool) -> Result<(), Error> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if !folder.is_dir() {
        return Err(Error::new(
            ErrorKind::Unavailable,
            format!("{}: its folder does not exist", path.display()),
        ));
    }
    if !any_file_system {
        network::check(path, folder)?;
    }
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(unreadable(path, &error)),
        Ok(data) if data.is_dir() => Err(Error::new(
            ErrorKind::Foreign,
            format!("{}: it is a folder", path.display()),
        )),
        Ok(_) => {
            header::check(path)?;
            // SQLite would open a read-only file, and fail at the first commit.
            match OpenOptions::new().write(true).open(path) {
                Ok(_) => Ok(()),
                Err(error) => Err(unreadable(path, &error)),
            }
        }
    }
}

/// Returns the file that a link leads to: what lies beside a store is named after the file itself.
///
/// # Errors
/// [`Unavailable`](ErrorKind::Unavailable) for a link to nothing.
pub(super) fn resolved(path: PathBuf) -> Result<PathBuf, Error> {
    if !path.is_symlink() {
        return Ok(path);
    }
    path.canonicalize()
        .map_err(|error| unreadable(&path, &error))
}

fn unreadable(path: &Path, error: &io::Error) -> Error {
    let kind = match error.kind() {
        io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => ErrorKind::Unsafe,
        _ => ErrorKind::Unavailable,
    };
    Error::new(kind, format!("{}: {}", path.display(), error.kind()))
}

/// Returns the path with an ending added to its name.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
