//! The Parquet file, made of the rows when all of them are there.
//!
//! A Parquet file has its directory at the end, so it cannot be gone on with. The rows are kept as JSON Lines until the
//! last one has come, and the file is made of them in one pass. So it depends on the rows alone, not on how often the
//! export was interrupted.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, BufWriter, Write as _},
    path::Path,
};

use super::{super::writer::NotWritten, Table};
use crate::{
    failure::Failure,
    job::{
        Stop,
        files::{create_private, failed, folder_of},
    },
    rows::{Column, Flattener},
};

/// Makes the file, and brings it to disk. Returns the number of values that had no column; `None` after a signal.
pub(crate) fn convert(
    columns: &[Column],
    flatten: Option<&[String]>,
    rows: &Path,
    made: &Path,
    stop: &Stop,
) -> Result<Option<u64>, Failure> {
    let flattener = Flattener::new(columns, flatten);
    let file = create_private(made).map_err(|error| failed(made, &error))?;
    // Beside the file: a folder for temporary files may be in memory, or small.
    let mut table = Table::new(columns, BufWriter::new(file), folder_of(made).to_owned())
        .map_err(Failure::new)?;
    let spool = File::open(rows).map_err(|error| failed(rows, &error))?;
    let mut spool = BufReader::with_capacity(256 << 10, spool);
    let mut row = String::new();
    while spool
        .read_line(&mut row)
        .map_err(|error| failed(rows, &error))?
        > 0
    {
        if stop.is_set() {
            return Ok(None);
        }
        let pushed = flattener.each(row.trim_end_matches('\n'), &mut |record| {
            table.push(record).map_err(NotWritten::Table)
        });
        pushed.map_err(NotWritten::failure)?;
        row.clear();
    }
    let (mut out, lost) = table.finish().map_err(Failure::new)?;
    let synced = out.flush().and_then(|()| out.get_ref().sync_all());
    synced.map_err(|error| failed(made, &error))?;
    Ok(Some(lost))
}
