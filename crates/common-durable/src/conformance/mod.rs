//! The conformance suite: what every engine must do, as functions over a factory of stores.

mod points;

pub use points::Points;
