//! Filters of lists, driven by a table for each list.
//!
//! A field of a filter is one line of its list's table: its name, and the [`Rule`] by which it chooses rows.
//! Which fields there are and which type each takes, the description says; it is asked before.

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
