//! Customers, persons and companies: the same methods over both.

mod check;
pub(crate) mod edit;
mod filters;
mod names;
pub(crate) mod notes;
pub(crate) mod parts;
mod path;
pub(crate) mod read;
pub(crate) mod subscriptions;
