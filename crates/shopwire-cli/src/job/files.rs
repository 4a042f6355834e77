//! Files of a job that must survive a crash.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
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
    for_owner(&mut options);
    options
}

/// Makes a file for its owner alone, in place of any content.
#[cfg(feature = "parquet")]
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    for_owner(&mut options);
    options.open(path)
}

#[cfg_attr(not(unix), expect(unused_variables, reason = "only Unix has modes"))]
fn for_owner(options: &mut OpenOptions) {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
}

/// Gives a finished file the permissions of the file that it replaces, or those of any new file in its folder.
pub(crate) fn publish(made: &Path, wanted: &Path) -> io::Result<()> {
    if cfg!(not(unix)) {
        return Ok(());
    }
    let permissions = match fs::metadata(wanted) {
        Ok(older) => older.permissions(),
        Err(_) => of_new_file(wanted)?,
    };
    match fs::metadata(made)?.permissions() == permissions {
        true => Ok(()),
        false => fs::set_permissions(made, permissions),
    }
}

/// The permissions of a new file, by the umask and the folder: those of an empty one that is made for a moment.
fn of_new_file(wanted: &Path) -> io::Result<fs::Permissions> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let probe = builder.tempfile_in(folder_of(wanted))?;
    Ok(probe.as_file().metadata()?.permissions())
}

/// The folder of a file.
pub(crate) fn folder_of(path: &Path) -> &Path {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Brings the names in a file's folder to disk.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    match cfg!(unix) {
        true => File::open(folder_of(path))?.sync_all(),
        false => Ok(()),
    }
}

/// A failure that names the file.
pub(crate) fn failed(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format_args!("{}: {error}", path.display()))
}
