//! The file of a recording: its owner's alone, and made of whole lines.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _, Write as _},
    path::Path,
};

use super::exchange::Exchange;

/// Opens a file to append to; a new one is made. An incomplete last line, as a crash leaves it, is removed.
///
/// # Errors
/// A file that holds something other than a recording is left as it is, and so is a device, a pipe or a folder.
pub(super) fn open(path: &Path) -> io::Result<File> {
    // Opening a pipe would wait for its other end.
    if path
        .metadata()
        .is_ok_and(|found| !found.is_file() && !found.is_dir())
    {
        return Err(not_regular());
    }
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    if !file.metadata()?.is_file() {
        return Err(not_regular());
    }
    let mut bytes = Vec::new();
    let lock = Lock::on(&file);
    (&file).read_to_end(&mut bytes)?;
    let is_end = |byte: &u8| *byte == b'\n';
    let whole = bytes.iter().rposition(is_end).map_or(0, |at| at + 1);
    let (lines, rest) = bytes.split_at(whole);
    let first = lines.split_inclusive(is_end).next();
    let is_exchange = |line| Exchange::from_bytes(line).is_some();
    if !first.is_none_or(is_exchange) || !(rest.is_empty() || is_torn(rest)) {
        let message = "the file holds something other than a recording";
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    keep_private(&file)?;
    if whole < bytes.len() {
        file.set_len(whole as u64)?;
    }
    drop(lock);
    Ok(file)
}

/// Appends a line whole, or not at all: half a line would make the next one unreadable.
///
/// # Errors
/// The first error of writing, as on a full disk.
pub(super) fn append(file: &File, line: &str) -> io::Result<()> {
    let _lock = Lock::on(file);
    let length = file.metadata()?.len();
    let mut writer = file;
    let written = writer.write_all(line.as_bytes());
    if written.is_err() {
        file.set_len(length)?;
    }
    written
}

/// A lock on a recording while its end is changed, because several programs may write to one file.
struct Lock<'f>(&'f File);

impl<'f> Lock<'f> {
    fn on(file: &'f File) -> Self {
        // Some file systems have no locks; there, each line is still written by one call.
        let _ = file.lock();
        Self(file)
    }
}

impl Drop for Lock<'_> {
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

/// The recorder would change the mode of a device, and a pipe has no end to read up to.
fn not_regular() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidInput,
        "a recording is a regular file, and this is none",
    )
}

/// Whether this is the beginning of a line, as a crash leaves it. The end of it may be zero bytes, which were not written
/// when the power failed.
pub(super) fn is_torn(rest: &[u8]) -> bool {
    const BEGINNING: &[u8] = b"{\"operation\":";
    let end = rest.iter().rposition(|byte| *byte != 0);
    let rest = &rest[..end.map_or(0, |at| at + 1)];
    let is_begun = rest.starts_with(BEGINNING) || BEGINNING.starts_with(rest);
    is_begun && !rest.ends_with(b"\n")
}

/// A file that was there before may be open to others.
#[cfg(unix)]
fn keep_private(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;

    let mut permissions = file.metadata()?.permissions();
    if permissions.mode() & 0o077 != 0 {
        permissions.set_mode(0o600);
        file.set_permissions(permissions)?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn keep_private(_: &File) -> io::Result<()> {
    Ok(())
}
