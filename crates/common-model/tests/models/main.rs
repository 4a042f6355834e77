//! Models with every type of field: PHP's shapes of values are read, and written again as they came.

mod absent;
mod dates;
mod declare;
mod edits;
mod ids;
mod lists;
mod odd;
mod parameters;
mod planted;
mod round_trip;
mod scalars;
#[cfg(feature = "serde")]
mod serde;
mod shop;
mod unknown;
mod whole;
