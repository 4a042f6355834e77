//! Catalogues of goods as feeds: ICML, YML and Google's table, read and written over one model, converted, and checked.
//!
//! It stands on nothing else of the command. Readers and writers stream: memory is bounded by the longest offer and
//! the categories, whatever the number of offers.

pub(crate) mod adapt;
pub(crate) mod categories;
pub(crate) mod check;
pub(crate) mod field;
mod foreign;
mod format;
pub(crate) mod google;
pub(crate) mod model;
pub(crate) mod number;
pub(crate) mod read;
pub(crate) mod rules;
mod sorted;
pub(crate) mod text;
pub(crate) mod visit;
pub(crate) mod write;
pub(crate) mod xml;

#[cfg(test)]
mod tests;

pub(crate) use field::Field;
pub(crate) use format::Format;
pub(crate) use model::{Category, Entry, Node, Offer, Param, Shop};
