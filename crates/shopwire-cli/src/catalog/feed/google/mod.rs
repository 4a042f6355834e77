//! Google's table: columns by name, a row for each offer.

pub(crate) mod columns;
mod quotes;
pub(crate) mod read;
mod row;
pub(crate) mod table;

pub(super) use row::is_column;
pub(crate) mod write;
