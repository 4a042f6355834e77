//! Checks a feed against the rules.

mod checker;
mod content;
mod elements;
mod late;
mod offer;
mod values;

pub(crate) use checker::{Checker, Counts};
pub(super) use offer::google_availability;
