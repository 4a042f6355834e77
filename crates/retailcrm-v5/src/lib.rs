//! Typed client of the RetailCRM API v5.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod answer;
mod batch;
#[cfg(feature = "callbacks")]
pub mod callbacks;
#[cfg(feature = "client")]
mod client;
mod custom;
mod generated;
mod order_customer;
mod page;
#[cfg(feature = "api")]
mod scopes;
#[cfg_attr(
    not(feature = "full"),
    allow(dead_code, unused_imports, reason = "each group uses its part of it")
)]
mod wire;

pub use answer::Throttling;
pub use batch::Batch;
#[cfg(feature = "client")]
pub use client::{Changes, Client, ClientBuilder, Items, KeyPlace, Pages, default_limits};
#[cfg(feature = "client")]
pub use common_transport::Call;
pub use custom::Custom;
pub use generated::*;
pub use order_customer::OrderCustomer;
pub use page::{History, Page, PageSize, Paged};
pub use shared::ByIdentifier as By;
pub use wire::Download;
