//! Orders: create, edit, upload, list, history, payments, links, plates, loyalty.

mod check;
pub(crate) mod combine;
pub(crate) mod delivery;
pub(crate) mod edit;
mod filters;
mod items;
pub(crate) mod links;
pub(crate) mod loyalty;
mod path;
pub(crate) mod payments;
mod place;
pub(crate) mod plates;
pub(crate) mod read;
mod related;
pub(crate) mod upload;
