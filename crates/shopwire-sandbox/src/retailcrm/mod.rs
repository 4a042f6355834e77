//! RetailCRM API v5: an account in memory behind the real paths, strict where the service is.
//!
//! It reads bracketed queries as PHP does and JSON in form fields, takes the key as header or
//! parameter, answers errors in the service's envelope, keeps a history of every change, and
//! answers 503 above the documented rates. It knows the API from its description alone and shares
//! no type with the client.
//!
//! # Where things are
//!
//! A request comes in at the top and goes down; nothing below knows what is above it.
//!
//! ```text
//! handle      what a test holds: address, key, faults, switches
//! service     from request to answer: limit, route, key, scope, description, handler
//! routes      verb and path -> operation, from the description; described checks what came
//! registry    operation id -> handler, and nothing else
//! methods/    what each method does, a group of the API in each file or folder
//! protocol/   what all methods share: call, filter, page, batch, answer
//! state/      what an account holds; knows no request, no answer, no route
//! value       helpers over JSON rows
//! ```
//!
//! To play another operation, describe it, write its handler in its group, and name the handler in
//! `registry`. The test `structure` holds the arrows: no group of methods knows another, and no
//! circle of files comes back.
//!
//! # What is played
//!
//! Every described method is played. `played.tsv` says of each operation whether its answer follows
//! the account or is fixed, and why; one line an operation. Simplified:
//!
//! - loyalty has one seeded program: five per cent in bonuses, one bonus pays one unit of the
//!   currency. Levels do not rise by themselves, and the bonuses that an order would bring are shown
//!   in it and not credited;
//! - one dynamic segment follows the orders of persons: who has two of them is in it;
//! - delivery calculation offers the delivery types at their default costs;
//! - invoices, SMS checks and notifications are kept, and nothing leaves the sandbox. The code of
//!   every SMS is 1234;
//! - a filter field that is documented and not played answers 501 and names the field.

mod described;
mod handle;
mod limit;
mod methods;
mod protocol;
mod registry;
mod routes;
mod service;
mod state;
#[cfg(test)]
mod tests;
mod value;

pub use handle::RetailCrm;
