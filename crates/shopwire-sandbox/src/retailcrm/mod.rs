//! RetailCRM API v5: an account in memory behind the real paths, strict where the service is.
//!
//! It reads bracketed queries as PHP does and JSON in form fields, takes the key as header or
//! parameter, answers errors in the service's envelope, keeps a history of every change, and
//! answers 503 above the documented rates. It knows the API from its description alone and shares
//! no type with the client.
//!
//! All 188 methods are played and keep what they are given. Simplified:
//!
//! - loyalty has one seeded program with a rate of one bonus a ruble; levels do not rise;
//! - delivery calculation offers the active delivery types at their default costs;
//! - invoices, SMS checks and notifications are kept, and nothing leaves the sandbox;
//! - a filter field that is documented and not played answers 501 and names the field.

mod account;
mod answer;
mod batch;
mod call;
mod catalog;
mod customers;
mod described;
mod fields;
mod filter;
mod handle;
#[cfg(test)]
mod harness;
mod history;
mod limit;
mod orders;
mod page;
mod php;
mod records;
mod references;
mod route;
mod service;
mod table;
mod telephony;
#[cfg(test)]
mod tour;
mod value;

pub use handle::RetailCrm;

use route::Route;

/// Every method.
fn routes() -> Vec<Route> {
    let tables = [
        account::ROUTES,
        catalog::ROUTES,
        customers::ROUTES,
        orders::ROUTES,
        references::ROUTES,
        telephony::ROUTES,
    ];
    let mut routes = tables.concat();
    routes.extend(records::routes());
    routes
}
