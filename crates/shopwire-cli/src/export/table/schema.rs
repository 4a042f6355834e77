//! The columns of a Parquet file: a physical and a logical type for each kind of value.

use std::sync::Arc;

use parquet::{
    basic::{LogicalType, Repetition, TimeUnit, Type as Physical},
    errors::ParquetError,
    schema::types::{Type, TypePtr},
};

use crate::rows::{Column, Kind};

/// Digits behind the point of a decimal.
pub(super) const SCALE: u32 = 9;
/// Digits of a decimal.
const PRECISION: i32 = 38;
/// Bytes of a decimal.
pub(super) const WIDTH: usize = 16;

/// The schema of rows with these columns.
pub(super) fn of(columns: &[Column]) -> Result<TypePtr, ParquetError> {
    let fields: Result<Vec<TypePtr>, _> = columns.iter().map(field).collect();
    let schema = Type::group_type_builder("row")
        .with_fields(fields?)
        .build()?;
    Ok(Arc::new(schema))
}

fn field(column: &Column) -> Result<TypePtr, ParquetError> {
    let micros = TimeUnit::MICROS;
    let (physical, logical) = match column.kind {
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Json | Kind::Other => (Physical::BYTE_ARRAY, Some(LogicalType::Json)),
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
