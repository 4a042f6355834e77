//! The file of a recording: its owner's alone, and made of whole lines.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _},
    path::Path,
};

use super::exchange::Exchange;

/// Opens a file to append to; a new one is made. An incomplete last line, as a crash leaves it, is removed.
///
/// # Errors
/// A file that holds something other than a recording is left as it is.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let whole = bytes
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |at| at + 1);
    let first = bytes
        .split_inclusive(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let is_exchange =
        |line| std::str::from_utf8(line).is_ok_and(|line| Exchange::from_line(line).is_some());
    // A crash within the very first line leaves its beginning.
    let is_begun = whole == 0 && bytes.starts_with(BEGINNING);
    if !bytes.is_empty() && !is_begun && !(whole > 0 && is_exchange(first)) {
        let message = "the file holds something other than a recording";
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    keep_private(&file)?;
    if whole < bytes.len() {
        file.set_len(whole as u64)?;
    }
    Ok(file)
}

/// The first bytes of each line.
const BEGINNING: &[u8] = b"{\"operation\":";

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
