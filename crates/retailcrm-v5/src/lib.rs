//! Typed client of the RetailCRM API v5.
//!
//! Each method is a value of a type that implements [`Operation`]: `orders::Get`,
//! `customers::List`. There is one module per group of methods, and [`operations()`] is the table of all. Requests
//! and answers are models with public fields. A field that the service leaves out is `None`; a field that this
//! version does not know is kept in `extra`. Large models in answers are boxed: `answer.order.map(|order| *order)`.
//! Methods, models and table are generated from the descriptions under `openapi/`.
//!
//! `Client` sends operations: `client.orders().get("a-1").await` finds an order by the shop's own id,
//! `client.orders().get(By::id(5))` by the service's number. `Client::pages` walks lists, `Client::changes` reads
//! histories by id, and [`RawOperation`] calls methods without a description.
//!
//! # Edits
//!
//! A field that is not set stays as it is at the service. `clear_…` sends null, which empties one; no document of the
//! service says what does, so this is a choice.
//!
//! ```
//! use retailcrm_v5::shared::Customer;
//!
//! let edit = Customer::new().last_name("Lee").clear_patronymic();
//! assert_eq!(common_model::to_json(&edit), r#"{"lastName":"Lee","patronymic":null}"#);
//! ```
//!
//! Fields that the service computes can be read and have no setter:
//!
//! ```
//! # use retailcrm_v5::shared::Customer;
//! assert_eq!(Customer::new().vip(true).orders_count, None);
//! ```
//! ```compile_fail,E0599
//! # use retailcrm_v5::shared::Customer;
//! Customer::new().vip(true).orders_count(1);
//! ```
//!
//! # Features
//! - `client` (default): `Client` over the tower stack of `common-transport`. Without it this crate does no
//!   IO: build the request with `Operation::request`, send it with any HTTP stack, pass the answer to
//!   `Operation::decode`.
//! - `full` (default): all groups of methods. Each group is also a feature: `orders`, `customers`, …
//! - `webhooks`: requests of the service to a module, and the module's answers.
//! - `receivers`: the receiver of these requests, a tower service; implies `webhooks`.
//! - `mock`: `Client::mock`, a client over a test double that answers operations by their type.
//! - `serde`: `Serialize` and `Deserialize` for every model.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod answer;
mod authentication;
mod batch;
#[cfg(feature = "client")]
mod client;
#[cfg(feature = "loyalty")]
mod cursors;
#[cfg_attr(
    feature = "webhooks",
    expect(
        unreachable_pub,
        reason = "the module `webhooks` shows its generated part"
    )
)]
mod generated;
mod lists;
mod many;
mod order_customer;
#[cfg_attr(
    not(feature = "full"),
    allow(dead_code, unused_imports, reason = "each group uses its part of it")
)]
mod page;
mod raw;
#[cfg(test)]
mod recorded;
mod reference;
#[cfg(feature = "api")]
mod scopes;
#[cfg(test)]
mod shapes;
mod tag;
#[cfg(feature = "webhooks")]
pub mod webhooks;
#[cfg_attr(
    not(feature = "full"),
    allow(dead_code, unused_imports, reason = "each group uses its part of it")
)]
mod wire;

pub use answer::{CombinedTo, Refusal};
pub use authentication::{Authentication, KeyPlace};
pub use batch::Batch;
#[cfg(feature = "client")]
pub use client::{Client, ClientBuilder, default_limits};
#[cfg(feature = "mock")]
pub use common_api::mock::Mock;
#[cfg(feature = "client")]
pub use common_api::{
    Answered, Call, Changes, ItemStream, Items, PageStream, Pages,
    look::{LookPolicy, Looked, NotSeen, found, look_until},
    walk::{Care, NoProgress},
};
pub use common_api::{
    AnyList, Decoding, History, ListEntry, Page, Paged, Position, RawItem, RawList, Strictness,
    repair_noise as repair,
};
pub use common_model::{Decimal, Id, Map, Value};
pub use common_transport::{Authorize, BaseUrl, Error, ErrorKind, Operation, Secret};
#[cfg(feature = "client")]
pub use common_transport::{CallOptions, Pool, Priority, RetryPolicy};
#[cfg(feature = "loyalty")]
pub use cursors::Cursors;
pub use generated::*;
pub use lists::lists;
pub use many::OneOrMany;
pub use order_customer::OrderCustomer;
pub use page::PageSize;
pub use raw::RawOperation;
pub use reference::ObjectRef;
pub use shared::ByIdentifier as By;
pub use tag::Tag;
pub use wire::FileContents;
