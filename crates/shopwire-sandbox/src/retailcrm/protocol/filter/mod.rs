//! Filters of lists, driven by a table for each list.
//!
//! Each field of a filter is a line in its list's table: its name, and the [`Rule`] by which it chooses rows. The
//! fields and their types come from the description, which is checked before.

mod bound;
mod check;
mod conditions;
mod custom;
mod hold;
mod rule;
#[cfg(test)]
mod tests;

pub(crate) use conditions::Conditions;
pub(crate) use rule::{Field, Rule};
