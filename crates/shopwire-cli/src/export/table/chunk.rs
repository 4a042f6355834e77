//! Cells written into a column of a row group.

use parquet::{
    column::writer::{ColumnWriter, ColumnWriterImpl},
    data_type::{ByteArray, DataType, FixedLenByteArray},
    errors::ParquetError,
};

use super::schema::WIDTH;

/// Number of cells that are handed over at once, and their size.
const BATCH: usize = 1024;
const BATCH_BYTES: usize = 128 << 10;

/// Writes cells; their bytes are those of `Cells` of this column.
pub(super) fn write(cells: &[u8], column: &mut ColumnWriter<'_>) -> Result<(), ParquetError> {
    match column {
        ColumnWriter::Int64ColumnWriter(out) => {
            write_as(cells, out, |left| fixed(left).map(i64::from_le_bytes))
        }
        ColumnWriter::Int32ColumnWriter(out) => {
            write_as(cells, out, |left| fixed(left).map(i32::from_le_bytes))
        }
        ColumnWriter::DoubleColumnWriter(out) => {
            write_as(cells, out, |left| fixed(left).map(f64::from_le_bytes))
        }
        ColumnWriter::BoolColumnWriter(out) => {
            write_as(cells, out, |left| fixed(left).map(|[flag]| flag == 1))
        }
        ColumnWriter::FixedLenByteArrayColumnWriter(out) => write_as(cells, out, |left| {
            let value = fixed::<WIDTH>(left)?;
            Some(FixedLenByteArray::from(ByteArray::from(value.to_vec())))
        }),
        ColumnWriter::ByteArrayColumnWriter(out) => write_as(cells, out, |left| {
            let length = usize::try_from(u32::from_le_bytes(fixed(left)?)).ok()?;
            let (text, rest) = left.split_at_checked(length)?;
            *left = rest;
            // A copy: the writer keeps some values, and a part of a larger buffer would keep all of it in memory.
            Some(ByteArray::from(text.to_vec()))
        }),
        _ => Err(torn()),
    }
}

/// Writes cells in batches. `take` takes a value from the beginning of the bytes.
fn write_as<T: DataType>(
    cells: &[u8],
    out: &mut ColumnWriterImpl<'_, T>,
    take: impl Fn(&mut &[u8]) -> Option<T::T>,
) -> Result<(), ParquetError> {
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    let (mut left, mut from) = (cells, cells.len());
    while let Some((is_present, rest)) = left.split_first() {
        left = rest;
        levels.push(i16::from(*is_present));
        if *is_present != 0 {
            values.push(take(&mut left).ok_or_else(torn)?);
        }
        if levels.len() == BATCH || from - left.len() >= BATCH_BYTES || left.is_empty() {
            out.write_batch(&values, Some(&levels), None)?;
            from = left.len();
            values.clear();
            levels.clear();
        }
    }
    Ok(())
}

fn fixed<const N: usize>(left: &mut &[u8]) -> Option<[u8; N]> {
    let (value, rest) = left.split_first_chunk()?;
    *left = rest;
    Some(*value)
}

/// The cells are not those of the column.
fn torn() -> ParquetError {
    ParquetError::General("the temporary file was changed by another program".to_owned())
}
