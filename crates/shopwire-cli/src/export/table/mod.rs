//! Parquet: typed columns, written in row groups.
//!
//! | type of the description | in the file |
//! |---|---|
//! | integer | INT64 |
//! | decimal | DECIMAL(38, 9) |
//! | number | DOUBLE |
//! | boolean | BOOLEAN |
//! | date; time | DATE; TIME in microseconds, without a zone |
//! | date and time | TIMESTAMP in microseconds; with a zone only where the service writes one |
//! | text | STRING |
//! | JSON of lists, maps and deep objects | JSON |
//!
//! All columns may be null. A value that its column cannot hold is null there, and stands in the column `_other`.
//!
//! A row group is written column by column. The writer holds about 0.8 KiB in memory for each column of each row group
//! until the end of the file: 150 KiB for a row group of orders. So row groups must be few, and too large for memory.
//! Their cells go to a temporary file one MiB at a time, and are read again one column at a time.

mod cells;
mod chunk;
mod convert;
mod schema;
mod spool;
#[cfg(test)]
mod tests;

use std::{io::Write, path::PathBuf, sync::Arc};

use parquet::{
    basic::Compression,
    errors::ParquetError,
    file::{
        properties::{EnabledStatistics, WriterProperties},
        writer::SerializedFileWriter,
    },
};

use crate::rows::{Column, Kind, Record};
use cells::{Cells, Fit};
pub(super) use convert::convert;
use spool::Spool;

/// Size of a page of values, and of a page of a dictionary.
const PAGE: usize = 128 << 10;

/// Bounds of a row group.
#[derive(Debug, Clone, Copy)]
struct Sizes {
    /// Bytes of cells in memory.
    held: usize,
    /// Bytes of cells in a row group.
    group: u64,
    rows: usize,
}

/// Readers work well with 10^5 to 10^6 rows in a row group.
const SIZES: Sizes = Sizes {
    held: 1 << 20,
    group: 512 << 20,
    rows: 1 << 20,
};

/// A file under construction.
pub(super) struct Table<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    columns: Vec<Column>,
    /// The cells of the row group that are in memory, by column.
    cells: Vec<Cells>,
    /// Those before them.
    spool: Spool,
    sizes: Sizes,
    /// Rows in the row group.
    rows: usize,
    keeps_other: bool,
    /// Number of values that neither their column nor another one holds.
    lost: u64,
}

impl<W: Write + Send> Table<W> {
    /// A table that is written to `out`, with its temporary file in `folder`.
    pub(super) fn new(columns: &[Column], out: W, folder: PathBuf) -> Result<Self, ParquetError> {
        Self::sized(columns, out, folder, SIZES)
    }

    fn sized(
        columns: &[Column],
        out: W,
        folder: PathBuf,
        sizes: Sizes,
    ) -> Result<Self, ParquetError> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(concat!("shopwire ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_data_page_size_limit(PAGE)
            .set_dictionary_page_size_limit(PAGE)
            // Those of each page would be held in memory up to the end.
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_offset_index_disabled(true)
            .build();
        Ok(Self {
            writer: SerializedFileWriter::new(out, schema::of(columns)?, Arc::new(properties))?,
            cells: columns
                .iter()
                .map(|column| Cells::of(column.kind))
                .collect(),
            spool: Spool::new(folder),
            columns: columns.to_vec(),
            sizes,
            rows: 0,
            keeps_other: columns.iter().any(|column| column.kind == Kind::Other),
            lost: 0,
        })
    }

    /// Adds a line; a full row group is written.
    pub(super) fn push(&mut self, mut record: Record<'_>) -> Result<(), ParquetError> {
        for (at, column) in self.columns.iter().enumerate() {
            let cells = &mut self.cells[at];
            if column.kind == Kind::Other {
                match record.other() {
                    Some(others) => drop(cells.push(&others)),
                    None => cells.push_null(),
                }
                continue;
            }
            let Some(json) = record.cells[at] else {
                cells.push_null();
                continue;
            };
            if cells.push(json) == Fit::Misfit {
                record.set_aside(column.name(), json);
                self.lost += u64::from(!self.keeps_other);
            }
        }
        self.rows += 1;
        let held: usize = self.cells.iter().map(|cells| cells.bytes().len()).sum();
        let group = self.spool.size() + held as u64;
        if group >= self.sizes.group || self.rows >= self.sizes.rows {
            self.write_group()
        } else if held >= self.sizes.held {
            Ok(self.spool.take(&mut self.cells)?)
        } else {
            Ok(())
        }
    }

    fn write_group(&mut self) -> Result<(), ParquetError> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for (at, cells) in self.cells.iter_mut().enumerate() {
            let Some(mut column) = group.next_column()? else {
                return Err(ParquetError::General(
                    "the schema has fewer columns".to_owned(),
                ));
            };
            self.spool
                .read(at, &mut |earlier| chunk::write(earlier, column.untyped()))?;
            chunk::write(cells.bytes(), column.untyped())?;
            cells.clear();
            column.close()?;
        }
        group.close()?;
        self.spool.clear()?;
        self.rows = 0;
        Ok(())
    }

    /// Writes the last row group and the end of the file. Returns the number of values that no column holds.
    pub(super) fn finish(mut self) -> Result<(W, u64), ParquetError> {
        self.write_group()?;
        Ok((self.writer.into_inner()?, self.lost))
    }
}
