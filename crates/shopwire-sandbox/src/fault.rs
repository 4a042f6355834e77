//! Faults that a test can cause.
//!
//! `definition` is a fault, `kind` the table of kinds, `fields` the table of fields by which faults are read from
//! JSON, shown as JSON and described. `ledger` keeps the faults of the three services; [`Faults`] is its view of one
//! service. The rest makes the answers that a fault spoils.

mod definition;
mod draw;
mod entry;
mod fields;
mod json;
mod kind;
mod latency;
mod ledger;
mod listed;
mod plan;
mod queue;
mod reason;
mod shape;
#[cfg(test)]
mod tests;
mod text;
mod values;

pub use definition::Fault;
pub(crate) use entry::Taken;
pub(crate) use json::read_all;
pub(crate) use kind::Kind;
pub use kind::ResetAt;
pub use latency::Latency;
pub(crate) use ledger::Ledger;
pub use listed::QueuedFault;
pub(crate) use plan::{Plan, Progress, Step};
pub use queue::Faults;
pub(crate) use shape::flipped;
pub(crate) use text::{HTML_PAGE, THROTTLED_PAGE, with_php_warning, with_trailing_commas};
