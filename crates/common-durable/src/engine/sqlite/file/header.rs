//! The first 100 bytes of an SQLite file.

use std::{fs::File, io::Read, path::Path};

use super::{beside, unreadable};
use crate::{Error, ErrorKind};

/// The id that marks a file as a store of this crate: "swds".
pub(in super::super) const APPLICATION_ID: i32 = 0x7377_6473;

const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// Refuses a file that is not ours or shorter than it says.
///
/// A new store is written with a rollback journal, so its header is complete as soon as the file is ours. While such a
/// journal is there, SQLite has to judge.
pub(super) fn check(path: &Path) -> Result<(), Error> {
    let has = |ending| {
        beside(path, ending)
            .metadata()
            .is_ok_and(|data| data.len() > 0)
    };
    if has("-journal") {
        return Ok(());
    }
    let mut header = Vec::with_capacity(100);
    let mut file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let length = file
        .metadata()
        .map_err(|error| unreadable(path, &error))?
        .len();
    file.by_ref()
        .take(100)
        .read_to_end(&mut header)
        .map_err(|error| unreadable(path, &error))?;
    if header.is_empty() {
        return Ok(());
    }
    if header.len() < 100 || !header.starts_with(MAGIC) {
        return Err(Error::new(
            ErrorKind::Foreign,
            format!("{}: it is not an SQLite file", path.display()),
        ));
    }
    if number(&header, 68) != APPLICATION_ID as u32 {
        return Err(Error::new(
            ErrorKind::Foreign,
            format!("{}: it is a database of another program", path.display()),
        ));
    }
    // While there is a log, the header may be newer than the pages behind it.
    let is_short = length < u64::from(number(&header, 28)) * page_size(&header);
    if is_short && !has("-wal") {
        return Err(Error::new(
            ErrorKind::Damaged,
            format!(
                "{}: it is shorter than its header says, as after an unfinished copy",
                path.display()
            ),
        ));
    }
    Ok(())
}

fn number(header: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
}

fn page_size(header: &[u8]) -> u64 {
    match u16::from_be_bytes([header[16], header[17]]) {
        1 => 65_536,
        size => u64::from(size),
    }
}
