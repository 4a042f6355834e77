//! Rows in the format of the file.

use common_model::Error;

#[cfg(feature = "parquet")]
use super::table::Table;
use crate::{
    args::Format,
    failure::Failure,
    rows::{Column, Flattener, csv},
};

/// Writes rows. The written bytes depend on the row alone, so that a file can be gone on with.
pub(super) struct Writer {
    columns: Vec<Column>,
    form: Form,
}

enum Form {
    Json,
    Csv(Flattener, csv::Style),
    /// Straight to standard output.
    #[cfg(feature = "parquet")]
    Parquet(Flattener, Box<Table<std::io::Stdout>>),
}

/// Why a row was not written.
pub(super) enum NotWritten {
    /// It is no JSON that can be flattened.
    Row(Error),
    #[cfg(feature = "parquet")]
    Table(parquet::errors::ParquetError),
}

impl From<Error> for NotWritten {
    fn from(error: Error) -> Self {
        Self::Row(error)
    }
}

impl NotWritten {
    pub(super) fn failure(self) -> Failure {
        match self {
            Self::Row(error) => Failure::new(format_args!("a row: {error}")),
            #[cfg(feature = "parquet")]
            Self::Table(error) => Failure::new(error),
        }
    }

    /// Whether the reader of standard output has gone.
    pub(super) fn is_closed(&self) -> bool {
        match self {
            Self::Row(_) => false,
            #[cfg(feature = "parquet")]
            Self::Table(parquet::errors::ParquetError::External(source)) => {
                let source = source.downcast_ref::<std::io::Error>();
                source.is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
            }
            #[cfg(feature = "parquet")]
            Self::Table(_) => false,
        }
    }
}

impl Writer {
    /// A writer of rows. To a file, rows of Parquet are written as JSON Lines first.
    pub(super) fn new(
        (format, style): (Format, csv::Style),
        columns: &[Column],
        flatten: Option<&[String]>,
        is_file: bool,
    ) -> Result<Self, Failure> {
        let flattener = || Flattener::new(columns, flatten);
        let form = match format {
            Format::Jsonl => Form::Json,
            Format::Csv => Form::Csv(flattener(), style),
            #[cfg(feature = "parquet")]
            Format::Parquet if is_file => Form::Json,
            #[cfg(feature = "parquet")]
            Format::Parquet => {
                let table = Table::new(columns, std::io::stdout(), std::env::temp_dir());
                let table = table.map_err(Failure::new)?;
                Form::Parquet(flattener(), Box::new(table))
            }
        };
        let _ = is_file;
        Ok(Self {
            columns: columns.to_vec(),
            form,
        })
    }

    /// Writes what comes before the first row.
    pub(super) fn begin(&self, out: &mut Vec<u8>) {
        if let Form::Csv(_, style) = self.form {
            style.header(&self.columns, out);
        }
    }

    pub(super) fn row(&mut self, row: &str, out: &mut Vec<u8>) -> Result<(), NotWritten> {
        match &mut self.form {
            Form::Json => {
                out.extend_from_slice(row.as_bytes());
                out.push(b'\n');
                Ok(())
            }
            Form::Csv(flattener, style) => flattener.each(row, &mut |record| {
                style.line(&self.columns, &record, out);
                Ok(())
            }),
            #[cfg(feature = "parquet")]
            Form::Parquet(flattener, table) => flattener.each(row, &mut |record| {
                table.push(record).map_err(NotWritten::Table)
            }),
        }
    }

    /// Writes what comes after the last row. Returns the number of values that had no column.
    pub(super) fn end(self) -> Result<u64, NotWritten> {
        match self.form {
            #[cfg(feature = "parquet")]
            Form::Parquet(_, table) => table
                .finish()
                .map(|(_, lost)| lost)
                .map_err(NotWritten::Table),
            _ => Ok(0),
        }
    }
}
