//! Typed client of the RetailCRM API v5.
//!
//! An [`Operation`](common_transport::Operation) is a value: `orders::Get`, `customers::List`, one module per
//! group of methods, all of them in the table [`operations()`]. What is sent and what is answered are models with
//! public fields; a field that the service leaves out is `None`, a field that this version does not know is kept in
//! `extra`. Methods, models and table are generated from the descriptions under `openapi/`.
//!
//! `Client` sends them: `client.orders().get("a-1").await` asks by the shop's own id, `client.orders().get(By::id(5))`
//! by the number that the service gave. `Client::pages` walks
//! lists, `Client::changes` reads histories by id, [`Custom`] calls what is not described.
//!
//! # Features
//! - `client` (default): `Client` over the tower stack of `common-transport`. Without it nothing here does IO:
//!   build the request with `Operation::request`, send it with any HTTP stack, give the answer to
//!   `Operation::decode`.
//! - `full` (default): every group of methods. Each is a feature of its own name: `orders`, `customers`, …
//! - `webhooks`: what the service asks a module, and what the module answers.
//! - `receivers`: the receiver of it, a tower service; with `webhooks`.
//! - `serde`: `Serialize` and `Deserialize` for every model.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod answer;
mod batch;
#[cfg(feature = "client")]
mod client;
#[cfg_attr(
    feature = "webhooks",
    expect(
        unreachable_pub,
        reason = "the module `webhooks` shows its generated part"
    )
)]
mod generated;
mod many;
mod order_customer;
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
pub use batch::Batch;
#[cfg(feature = "client")]
pub use client::{Changes, Client, ClientBuilder, Items, KeyPlace, Pages, default_limits};
pub use common_api::Decoding;
#[cfg(feature = "client")]
pub use common_api::{Answered, Call};
#[cfg(feature = "client")]
pub use common_api::{
    look::{LookPolicy, Looked, NotSeen, found, look_until},
    walk::{Care, NoProgress},
};
pub use generated::*;
pub use many::OneOrMany;
pub use order_customer::OrderCustomer;
pub use page::{History, Page, PageSize, Paged};
pub use raw::RawOperation;
pub use reference::ObjectRef;
pub use shared::ByIdentifier as By;
pub use tag::Tag;
pub use wire::FileContents;
