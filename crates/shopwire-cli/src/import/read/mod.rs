//! The rows of the file that is imported.

mod csv;
mod header;
mod joined;
mod jsonl;
#[cfg(test)]
mod tests;

use std::io::{self, Read};

use common_model::{Map, Value};
use encoding_rs::Encoding;

pub(super) use header::{Cell, Header};

use super::check::RowPlace;
use crate::args::RowFormat;

/// Something that is wrong with the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) line: u64,
    /// The column, or the path of the member; empty for a whole row.
    pub(super) path: String,
    pub(super) why: String,
}

/// Takes the rows of a file.
pub(super) trait Rows {
    /// The names of a table's columns, before its rows.
    fn header(&mut self, header: &Header);

    fn row(&mut self, line: u64, row: Map<Value>) -> io::Result<()>;

    /// A fault; the rows after it follow.
    fn fault(&mut self, fault: Fault) -> io::Result<()>;
}

/// Reads all rows.
///
/// # Errors
/// The file cannot be read any further, or the taker of the rows has ended it.
pub(super) fn rows(
    format: RowFormat,
    input: &mut dyn Read,
    encoding: Option<&'static Encoding>,
    place: RowPlace<'_>,
    rows: &mut dyn Rows,
) -> io::Result<()> {
    match format {
        RowFormat::Csv => csv::rows(input, encoding, place, rows),
        RowFormat::Jsonl => jsonl::rows(input, encoding, rows),
    }
}
