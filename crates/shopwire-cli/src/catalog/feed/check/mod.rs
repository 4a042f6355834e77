//! Checks a feed against the rules.

mod checker;
mod elements;
mod offer;
mod values;

pub(crate) use checker::{Checker, Counts};
pub(super) use offer::google_availability;
