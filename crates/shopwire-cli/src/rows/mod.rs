//! Rows of JSON as lines of a table, for `export` and `import`: columns by the description of a service.

mod columns;
pub(crate) mod csv;
mod elements;
mod flatten;
mod member;

pub(crate) use columns::{Column, Kind, OTHER, chosen, flattened, of as columns_of, table};
pub(crate) use elements::elements;
pub(crate) use flatten::Flattener;
#[cfg(feature = "parquet")]
pub(crate) use flatten::Record;
pub(crate) use member::Row;
