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
    let is_end = |byte: &u8| *byte == b'\n';
    let whole = bytes.iter().rposition(is_end).map_or(0, |at| at + 1);
    let (lines, rest) = bytes.split_at(whole);
    let first = lines.split_inclusive(is_end).next();
    let is_exchange =
        |line| str::from_utf8(line).is_ok_and(|line| Exchange::from_line(line).is_some());
    if !first.is_none_or(is_exchange) || !(rest.is_empty() || is_torn(rest)) {
        let message = "the file holds something other than a recording";
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    keep_private(&file)?;
    if whole < bytes.len() {
        file.set_len(whole as u64)?;
    }
    Ok(file)
}

/// Whether this is the beginning of a line, as a crash leaves it.
pub(super) fn is_torn(rest: &[u8]) -> bool {
    const BEGINNING: &[u8] = b"{\"operation\":";
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
