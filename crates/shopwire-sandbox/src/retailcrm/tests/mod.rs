//! The account over whole requests, without a socket.

mod catalogue;
mod checked;
mod customers;
mod edits;
mod filters;
pub(crate) mod generated;
mod harness;
mod history;
mod orders;
mod played;
mod records;
mod references;
mod resolved;
mod scopes;
mod tour;
mod typed;
