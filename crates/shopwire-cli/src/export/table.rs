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
//! | text, and JSON of lists, maps and deep objects | STRING |
//!
//! All columns may be null. A value that its column cannot hold is null there, and stands in the column `_other`.

use std::{io::Write, sync::Arc};

use bytes::Bytes;
use common_model::{from_json, parse_decimal};
use jiff::{Timestamp, civil, tz::TimeZone};
use parquet::{
    basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical},
    column::writer::ColumnWriter,
    data_type::{ByteArray, FixedLenByteArray},
    errors::ParquetError,
    file::{
        properties::{EnabledStatistics, WriterProperties},
        writer::{SerializedFileWriter, SerializedRowGroupWriter},
    },
    schema::types::{Type, TypePtr},
};

use crate::rows::{Column, Kind, Record};

/// Digits behind the point of a decimal.
const SCALE: u32 = 9;
/// Digits of a decimal.
const PRECISION: i32 = 38;
/// Bytes of a decimal.
const WIDTH: usize = 16;

/// Size of the values in a row group, in memory.
const GROUP: usize = 6 << 20;
/// Size of a page of values, and of a page of a dictionary.
const PAGE: usize = 128 << 10;

/// A file under construction.
pub(super) struct Table<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    columns: Vec<Column>,
    values: Vec<Values>,
    rows: usize,
    keeps_other: bool,
    /// Number of values that neither their column nor another one holds.
    lost: u64,
}

/// The values of a column in the row group, without the nulls, and which rows have one.
struct Values {
    present: Vec<i16>,
    data: Data,
}

enum Data {
    Whole(Vec<i64>),
    Days(Vec<i32>),
    Doubles(Vec<f64>),
    Flags(Vec<bool>),
    /// Texts behind each other, and their ends.
    Texts(Vec<u8>, Vec<usize>),
    Decimals(Vec<i128>),
}

impl<W: Write + Send> Table<W> {
    pub(super) fn new(columns: &[Column], out: W) -> Result<Self, ParquetError> {
        let fields: Result<Vec<TypePtr>, _> = columns.iter().map(field).collect();
        let schema = Type::group_type_builder("row")
            .with_fields(fields?)
            .build()?;
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
            writer: SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties))?,
            values: columns.iter().map(Values::of).collect(),
            columns: columns.to_vec(),
            rows: 0,
            keeps_other: columns.iter().any(|column| column.kind == Kind::Other),
            lost: 0,
        })
    }

    /// Adds a line; a full row group is written.
    pub(super) fn push(&mut self, mut record: Record<'_>) -> Result<(), ParquetError> {
        for (at, column) in self.columns.iter().enumerate() {
            let values = &mut self.values[at];
            if column.kind == Kind::Other {
                let other = record.other();
                if let Some(text) = &other {
                    values.data.push_text(text);
                }
                values.add(other.is_some());
                continue;
            }
            let json = record.cells[at];
            let fits = json.map(|json| values.data.push(column.kind, json));
            values.add(fits == Some(Some(true)));
            if let (Some(json), Some(None)) = (json, fits) {
                record.set_aside(column.name(), json);
                self.lost += u64::from(!self.keeps_other);
            }
        }
        self.rows += 1;
        match self.values.iter().map(Values::size).sum::<usize>() >= GROUP {
            true => self.write_group(),
            false => Ok(()),
        }
    }

    fn write_group(&mut self) -> Result<(), ParquetError> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for values in &mut self.values {
            values.write(&mut group)?;
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }

    /// Writes the last row group and the end of the file. Returns the number of values that no column holds.
    pub(super) fn finish(mut self) -> Result<(W, u64), ParquetError> {
        self.write_group()?;
        Ok((self.writer.into_inner()?, self.lost))
    }
}

fn field(column: &Column) -> Result<TypePtr, ParquetError> {
    let micros = TimeUnit::MICROS;
    let (physical, logical) = match column.kind {
        Kind::Text | Kind::Json | Kind::Other => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Integer => (Physical::INT64, None),
        Kind::Decimal => (
            Physical::FIXED_LEN_BYTE_ARRAY,
            Some(LogicalType::decimal(SCALE.cast_signed(), PRECISION)),
        ),
        Kind::Double => (Physical::DOUBLE, None),
        Kind::Boolean => (Physical::BOOLEAN, None),
        Kind::Date => (Physical::INT32, Some(LogicalType::Date)),
        Kind::DateTime => (Physical::INT64, Some(LogicalType::timestamp(false, micros))),
        Kind::Instant => (Physical::INT64, Some(LogicalType::timestamp(true, micros))),
        Kind::Time => (Physical::INT64, Some(LogicalType::time(false, micros))),
    };
    let name = column.name();
    let mut field = Type::primitive_type_builder(&name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical);
    if column.kind == Kind::Decimal {
        field = field
            .with_length(WIDTH.try_into().unwrap_or_default())
            .with_precision(PRECISION)
            .with_scale(SCALE.cast_signed());
    }
    Ok(Arc::new(field.build()?))
}

impl Values {
    fn of(column: &Column) -> Self {
        let data = match column.kind {
            Kind::Text | Kind::Json | Kind::Other => Data::Texts(Vec::new(), Vec::new()),
            Kind::Integer | Kind::DateTime | Kind::Instant | Kind::Time => Data::Whole(Vec::new()),
            Kind::Decimal => Data::Decimals(Vec::new()),
            Kind::Double => Data::Doubles(Vec::new()),
            Kind::Boolean => Data::Flags(Vec::new()),
            Kind::Date => Data::Days(Vec::new()),
        };
        Self {
            present: Vec::new(),
            data,
        }
    }

    fn add(&mut self, is_present: bool) {
        self.present.push(i16::from(is_present));
    }

    fn size(&self) -> usize {
        self.present.len() * 2 + self.data.size()
    }

    /// Writes the column of a row group, and clears it.
    fn write<W: Write + Send>(
        &mut self,
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ParquetError> {
        let Some(mut column) = group.next_column()? else {
            return Err(ParquetError::General(
                "the schema has fewer columns".to_owned(),
            ));
        };
        let levels = Some(self.present.as_slice());
        match (column.untyped(), &mut self.data) {
            (ColumnWriter::Int64ColumnWriter(out), Data::Whole(values)) => {
                out.write_batch(values, levels, None)?;
                values.clear();
            }
            (ColumnWriter::Int32ColumnWriter(out), Data::Days(values)) => {
                out.write_batch(values, levels, None)?;
                values.clear();
            }
            (ColumnWriter::DoubleColumnWriter(out), Data::Doubles(values)) => {
                out.write_batch(values, levels, None)?;
                values.clear();
            }
            (ColumnWriter::BoolColumnWriter(out), Data::Flags(values)) => {
                out.write_batch(values, levels, None)?;
                values.clear();
            }
            (ColumnWriter::ByteArrayColumnWriter(out), Data::Texts(texts, ends)) => {
                let texts = Bytes::from(std::mem::take(texts));
                let mut start = 0;
                let cut = ends.drain(..).map(|end| {
                    let text = texts.slice(start..end);
                    start = end;
                    ByteArray::from(text)
                });
                out.write_batch(&cut.collect::<Vec<_>>(), levels, None)?;
            }
            (ColumnWriter::FixedLenByteArrayColumnWriter(out), Data::Decimals(values)) => {
                let cut = values.drain(..);
                let cut = cut.map(|value| {
                    FixedLenByteArray::from(ByteArray::from(value.to_be_bytes().to_vec()))
                });
                out.write_batch(&cut.collect::<Vec<_>>(), levels, None)?;
            }
            _ => {
                return Err(ParquetError::General(
                    "the schema has other columns".to_owned(),
                ));
            }
        }
        self.present.clear();
        column.close()
    }
}

impl Data {
    fn size(&self) -> usize {
        match self {
            Self::Whole(values) => values.len() * 8,
            Self::Days(values) => values.len() * 4,
            Self::Doubles(values) => values.len() * 8,
            Self::Flags(values) => values.len(),
            Self::Texts(texts, ends) => texts.len() + ends.len() * 8,
            Self::Decimals(values) => values.len() * WIDTH,
        }
    }

    /// Adds a value. Returns whether it counts as a value: the shapes that PHP writes for nothing do not. `None` for a value that the column
    /// cannot hold.
    fn push(&mut self, kind: Kind, json: &str) -> Option<bool> {
        if let Self::Texts(..) = self {
            match json.starts_with('"') && kind == Kind::Text {
                true => self.push_text(&from_json::<String>(json).ok()?),
                false => self.push_text(json),
            }
            return Some(true);
        }
        let text: String = match json.starts_with('"') {
            true => from_json(json).ok()?,
            false => json.to_owned(),
        };
        if text.is_empty() {
            return Some(false);
        }
        match self {
            Self::Whole(values) => values.push(whole(kind, &text)?),
            Self::Days(values) => values.push(days(&text)?),
            Self::Doubles(values) => {
                let number: f64 = text.parse().ok()?;
                values.push(Some(number).filter(|number| number.is_finite())?);
            }
            Self::Flags(values) => values.push(text.parse().ok()?),
            Self::Decimals(values) => values.push(scaled(&text)?),
            Self::Texts(..) => return None,
        }
        Some(true)
    }

    fn push_text(&mut self, text: &str) {
        if let Self::Texts(texts, ends) = self {
            texts.extend_from_slice(text.as_bytes());
            ends.push(texts.len());
        }
    }
}

/// An integer, or a time in microseconds.
fn whole(kind: Kind, text: &str) -> Option<i64> {
    match kind {
        Kind::DateTime => {
            let time: civil::DateTime = text.parse().ok()?;
            let time = TimeZone::UTC.to_timestamp(time).ok()?;
            Some(time.as_microsecond())
        }
        Kind::Instant => Some(text.parse::<Timestamp>().ok()?.as_microsecond()),
        Kind::Time => {
            let time: civil::Time = text.parse().ok()?;
            let since = time.duration_since(civil::Time::midnight());
            i64::try_from(since.as_micros()).ok()
        }
        _ => text.parse().ok(),
    }
}

/// Days since 1970.
fn days(text: &str) -> Option<i32> {
    let date: civil::Date = text.parse().ok()?;
    let since = date.duration_since(civil::Date::constant(1970, 1, 1));
    i32::try_from(since.as_hours() / 24).ok()
}

/// A decimal in units of its last digit.
fn scaled(text: &str) -> Option<i128> {
    let number = parse_decimal("", text).ok()?.normalize();
    let missing = SCALE.checked_sub(number.scale())?;
    number.mantissa().checked_mul(10_i128.pow(missing))
}

#[cfg(test)]
mod tests {
    use common_model::Error;
    use parquet::{
        file::reader::{FileReader as _, SerializedFileReader},
        record::{Field, RowAccessor as _},
    };

    use super::*;
    use crate::rows::Flattener;

    const COLUMNS: [(&str, Kind); 9] = [
        ("id", Kind::Integer),
        ("sum", Kind::Decimal),
        ("name", Kind::Text),
        ("items", Kind::Json),
        ("created", Kind::DateTime),
        ("day", Kind::Date),
        ("paid", Kind::Boolean),
        ("at", Kind::Time),
        ("_other", Kind::Other),
    ];

    fn file(rows: &[&str]) -> Bytes {
        let columns: Vec<Column> = COLUMNS
            .iter()
            .map(|(name, kind)| Column::new(vec![(*name).to_owned()], *kind))
            .collect();
        let flattener = Flattener::new(&columns, None);
        let mut table = Table::new(&columns, Vec::new()).expect("a schema");
        for row in rows {
            let pushed = flattener.each::<Error>(row, &mut |record| {
                table.push(record).expect("a row");
                Ok(())
            });
            pushed.expect("JSON");
        }
        table.finish().expect("a file").0.into()
    }

    // J2
    #[test]
    fn j2_values_keep_their_types() {
        let bytes = file(&[
            r#"{"id":7,"sum":1180.10,"name":"Тов\"ар","items":[{"a":1}],"created":"2026-03-29 02:30:00","day":"1969-12-31","paid":true,"at":"08:30:00"}"#,
            r#"{"id":"8","sum":"0.000000001","name":null,"created":"","day":"0000-00-00","paid":"x","new":1}"#,
            r#"{"id":9.5,"sum":1e-10}"#,
        ]);
        let reader = SerializedFileReader::new(bytes).expect("a file");
        let rows: Vec<_> = reader
            .get_row_iter(None)
            .expect("rows")
            .map(|row| row.expect("a row"))
            .collect();
        assert_eq!(rows[0].get_long(0).expect("id"), 7);
        assert_eq!(rows[0].get_string(2).expect("name"), "Тов\"ар");
        assert_eq!(rows[0].get_string(3).expect("items"), r#"[{"a":1}]"#);
        let decimal = rows[0].get_decimal(1).expect("sum");
        let digits = i128::from_be_bytes(decimal.data().try_into().expect("16 bytes"));
        assert_eq!(
            (digits, decimal.scale(), decimal.precision()),
            (1_180_100_000_000, 9, 38)
        );
        assert_eq!(
            rows[0].get_timestamp_micros(4).expect("created"),
            1_774_751_400_000_000
        );
        let day = rows[0]
            .get_column_iter()
            .nth(5)
            .map(|(_, field)| field.clone());
        assert_eq!(day, Some(Field::Date(-1)));
        assert!(rows[0].get_bool(6).expect("paid"));
        assert_eq!(rows[1].get_long(0).expect("id"), 8);
        assert_eq!(
            rows[1].get_string(8).expect("others"),
            r#"{"new":1,"day":"0000-00-00","paid":"x"}"#
        );
        assert_eq!(
            rows[2].get_string(8).expect("others"),
            r#"{"id":9.5,"sum":1e-10}"#
        );
        assert!(rows[2].get_long(0).is_err() && rows[2].get_decimal(1).is_err());
    }

    // J2, J3
    #[test]
    fn j2_the_same_rows_give_the_same_bytes_in_several_groups() {
        let row = format!(r#"{{"id":1,"name":"{}"}}"#, "x".repeat(1 << 20));
        let rows = vec![row.as_str(); 20];
        let bytes = file(&rows);
        assert_eq!(bytes, file(&rows));
        let reader = SerializedFileReader::new(bytes).expect("a file");
        assert!(reader.num_row_groups() > 2);
        assert_eq!(reader.metadata().file_metadata().num_rows(), 20);
    }
}
