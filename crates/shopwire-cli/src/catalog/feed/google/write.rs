//! Writes Google's table: commas, quotes where they are needed, a header with all columns that a field may need.

use std::io::{self, Write};

use super::super::{Offer, Shop};
use super::{columns::WRITTEN, row};

/// Writes a table row by row.
pub(crate) struct Writer<W: Write> {
    table: csv::Writer<W>,
    further: Vec<String>,
}

impl<W: Write> Writer<W> {
    /// Writes the header.
    pub(crate) fn new(out: W, shop: &Shop) -> io::Result<Self> {
        let mut table = csv::WriterBuilder::new().from_writer(out);
        let further = shop.columns.clone();
        let header = WRITTEN
            .into_iter()
            .chain(further.iter().map(String::as_str));
        table.write_record(header).map_err(io::Error::from)?;
        Ok(Self { table, further })
    }

    /// Writes a row.
    pub(crate) fn offer(&mut self, offer: &Offer) -> io::Result<()> {
        let columns = WRITTEN
            .into_iter()
            .chain(self.further.iter().map(String::as_str));
        for column in columns {
            self.table.write_field(row::cell(offer, column))?;
        }
        self.table
            .write_record(None::<&[u8]>)
            .map_err(io::Error::from)
    }

    /// Writes the end.
    pub(crate) fn finish(self) -> io::Result<W> {
        self.table.into_inner().map_err(|error| error.into_error())
    }
}
