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
//! - a page of the stock may have 250 rows, as the vendor's own modules ask; other lists offer 20, 50 and 100.
//!
//! # Filters
//!
//! Every field of every filter works. What no document tells, and what is taken for it here:
//!
//! - A text is searched for in any case, in any part of the value, and is 255 characters long at most; numbers,
//!   codes and identifiers are compared whole. Where a document names the values of a text field, another value
//!   finds nothing; an `enum` of the description, `attachments` and `tasksCounts` refuse it.
//! - Lists are alternatives: one of the values is enough. Fields narrow together.
//! - `filter` that is a text, such as `None`, is no filter.
//! - A cost lies between `dateFrom` and `dateTo` when its period touches them. `deliveryTimeFrom` looks at the begin
//!   of the delivery's interval, `deliveryTimeTo` at its end.
//! - The gross profit of an order is its total less purchase, own cost of delivery and costs.
//! - `deliveryStates` is what the delivery service said; without that `success` once there is a number of the
//!   delivery, and `none` before. `dpdParcelDate` is `delivery.data.sendDate`. A courier is `delivery.data.id` or
//!   `courierId`.
//! - `productSearchType` compares `product` whole when it is `exact`. `statusHistorySequence` finds orders that went
//!   through the statuses in this order, others between them allowed.
//! - A customer is online up to 15 minutes after the end of the last visit, which the methods of web analytics
//!   write. A cart that was dropped and has items is abandoned.
//! - `classSegment` of customers grades `monetary`, `recency` and `frequency` by fixed borders: 5000 and 20000;
//!   90 and 30 days since the last order; 2 and 4 orders.
//! - `commentary` of customers, `tags` of tasks, `classSegment` of products, receipts and `uploadedToExtStoreSys` of
//!   orders are written by no method: [`RetailCrm::arrange`] sets them.
//! - `tagsFilter` joins `without` and `attached` by or. The `type` of a segment is `dynamic` or `static`.
//! - A condition on a custom field that the account does not have finds nothing.
//! - The catalogue of a group or property is that of its site. The `contactIds` of the history of persons are the
//!   persons themselves, if they are contacts of a company. `burn_soon` lists all bonuses that lapse at all.

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
pub use state::aside::CrmRow;
