//! RetailCRM API v5: an account in memory behind the real paths, as strict as the service.
//!
//! It reads bracketed queries as PHP does, and JSON in form fields. It takes the key as header or parameter, and
//! answers errors in the service's envelope. It keeps a history of every change. Above the documented rates it
//! answers 503. It uses the API's description, and shares no type with the client.
//!
//! # Structure
//!
//! A request passes through these layers from top to bottom. A layer does not know those above it.
//!
//! ```text
//! manager     changes by a manager; whole: reset, seed, snapshot, a look inside
//! handle      what a test controls: address, key, faults, switches
//! service     from request to answer: limit, route, key, scope, description, handler
//! routes      verb and path -> operation, from the description; described checks the request
//! registry    operation id -> handler, and nothing else
//! methods/    the effect of each method; a file or folder for each group of the API
//! protocol/   shared by all methods: call, filter, page, batch, answer
//! state/      the data of an account; knows no request, answer or route
//! shown       a row as an answer shows it
//! value       helpers over JSON rows
//! ```
//!
//! To emulate another operation, describe it, write its handler in its group, and name the handler in `registry`.
//! The test `structure` checks the layers: no group of methods uses another, and files do not depend on each other
//! in a circle.
//!
//! # Emulated methods
//!
//! Every described method is emulated. `played.tsv` lists the operations, and tells for each whether its answer
//! follows the account or is fixed, and why. These are simplified:
//!
//! - loyalty has one seeded program: five per cent in bonuses, one bonus pays one unit of the
//!   currency. Levels do not rise by themselves, and the bonuses that an order would bring are shown
//!   in it and not credited;
//! - one dynamic segment contains the persons with at least two orders;
//! - delivery calculation offers the delivery types at their default costs;
//! - invoices, SMS checks and notifications are kept, and nothing leaves the sandbox. The code of
//!   every SMS is 1234;
//! - a page of the stock may have 250 rows, as the vendor's own modules request; other lists offer 20, 50 and 100.
//!
//! # Filters
//!
//! Every field of every filter works. Where the documents are silent, the sandbox assumes the following:
//!
//! - A text is searched for in any part of the value, ignoring case, and has at most 255 characters. Numbers, codes
//!   and identifiers are compared whole. Where a document lists the values of a text field, another value finds
//!   nothing. Another value of an `enum` in the description, of `attachments` or of `tasksCounts` is an error.
//! - Lists are alternatives: a row must match one of the values. Several fields must all match.
//! - A `filter` that is a text, such as `None`, is ignored.
//! - A cost lies between `dateFrom` and `dateTo` when its period touches them. `deliveryTimeFrom` looks at the begin
//!   of the delivery's interval, `deliveryTimeTo` at its end.
//! - The gross profit of an order is its total less purchase, own cost of delivery and costs.
//! - `deliveryStates` is the state that the delivery service gave. Without one it is `success` if the delivery has a
//!   number, and `none` if it has not. `dpdParcelDate` is `delivery.data.sendDate`. A courier is `delivery.data.id` or
//!   `courierId`.
//! - With `productSearchType` `exact`, `product` is compared whole. `statusHistorySequence` finds orders that went
//!   through the statuses in this order, possibly with others between them.
//! - A customer is online up to 15 minutes after the end of the last visit, which the methods of web analytics
//!   write. A dropped cart with items is abandoned.
//! - `classSegment` of customers grades `monetary`, `recency` and `frequency` by fixed borders: 5000 and 20000;
//!   90 and 30 days since the last order; 2 and 4 orders.
//! - No method writes `commentary` of customers, `tags` of tasks, `classSegment` of products, or receipts and
//!   `uploadedToExtStoreSys` of orders: [`RetailCrm::arrange`] sets them.
//! - `tagsFilter` combines `without` and `attached` by or. The `type` of a segment is `dynamic` or `static`.
//! - A condition on an unknown custom field finds nothing.
//! - The catalogue of a group or property is that of its site. The `contactIds` of the history of persons are the
//!   persons themselves, if they are contacts of a company. `burn_soon` lists all bonuses that expire.

mod described;
mod handle;
mod limit;
mod manager;
mod methods;
mod protocol;
mod reasons;
mod registry;
mod routes;
mod service;
mod shown;
mod state;
#[cfg(test)]
mod tests;
mod value;
mod whole;

pub(crate) use service::Crm as State;
pub(crate) use state::Account;

pub use handle::RetailCrm;
pub use state::aside::CrmRow;
