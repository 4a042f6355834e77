//! Typed client of the NiceChat API: signed REST for the products, categories, orders and feeds of
//! a shop.
//!
//! Each call is a value that builds an `http::Request` and reads an `http::Response`
//! ([`Operation`]). The `client` feature (default) adds a client over common-transport's stack,
//! with pages and a poller.
//!
//! ```
//! use common_transport::Operation;
//! use nicechat_api::{Image, products};
//!
//! let update = products::Update::new("PQ 1").in_stock(true).image_url(Image::Remove);
//! let request = update.request().unwrap();
//! assert_eq!(request.method(), "PATCH");
//! assert_eq!(request.uri(), "/marketplaces/v1/products/PQ%201/");
//! assert_eq!(request.body(), r#"{"image_url":null,"in_stock":true}"#);
//! ```
//!
//! Answers are whole envelopes (`status`, `code`, `description`, `result`) and keep unknown fields.
//! An edit is either a `Replace`, which requires all fields, or an `Update`, which sends only the
//! fields that are set.
//!
//! [`products::Replace`] takes its nine fields as a struct; one that is missing does not compile:
//!
//! ```
//! use nicechat_api::{CategoryRef, Image, products};
//!
//! let whole = products::Replace::new(products::ReplaceFields {
//!     id: "PQ1".into(),
//!     category: CategoryRef::None,
//!     title: "Плед".into(),
//!     price: 15.into(),
//!     currency: "usd".into(),
//!     description: "Шерсть".into(),
//!     url: "https://shop.example/p-1".into(),
//!     image_url: Image::Remove,
//!     in_stock: true,
//! });
//! assert_eq!(whole.title, "Плед");
//! ```
//!
//! ```compile_fail,E0063
//! use nicechat_api::{CategoryRef, Image, products};
//!
//! let whole = products::Replace::new(products::ReplaceFields {
//!     id: "PQ1".into(),
//!     category: CategoryRef::None,
//!     title: "Плед".into(),
//!     price: 15.into(),
//!     currency: "usd".into(),
//!     description: "Шерсть".into(),
//!     url: "https://shop.example/p-1".into(),
//!     image_url: Image::Remove,
//! });
//! ```
//!
//! In an `Update` a field that is not set stays as it is, and [null clears](products::Update::clear_category)
//! one: the service says so of the image, and it is taken for the other fields of a product.
//!
//! ```
//! use common_transport::Operation;
//! use nicechat_api::products;
//!
//! let update = products::Update::new("PQ1").title("Плед").clear_category();
//! assert_eq!(update.request().unwrap().body(), r#"{"category":null,"title":"Плед"}"#);
//! ```
//!
//! # Features
//! - `client` (default): `Client`, `Pages`, the feed poller.
//! - `receivers`: the receiver of [`feed`] callbacks, a tower service.
//! - `mock`: `Client::mock`, a client over a test double that answers operations by their type.
//! - `serde`: `Serialize` and `Deserialize` for every model.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod answer;
mod cursor;
mod encoding;
pub mod feed;
mod generated;
mod helpers;
mod image;
mod lists;
mod raw;
mod repair;
pub mod sync;
mod wire;

#[cfg(feature = "client")]
mod client;

pub use answer::UnexpectedAnswer;
#[cfg(feature = "mock")]
pub use common_api::mock::Mock;
pub use common_api::{
    AnyList, Decoding, ListEntry, Page, Paged, Position, RawItem, RawList, Strictness,
};
pub use common_model::{Decimal, Id, Map, Timestamp, Value};
pub use common_transport::{Authorize, BaseUrl, Error, ErrorKind, Operation, Secret};
pub use cursor::PageCursor;
pub use encoding::{Authentication, Encoding};
pub use generated::{categories, feeds, operations, orders, products, shared};
pub use image::{CategoryRef, Image};
pub use lists::{Links, lists};
pub use nicechat_sign::{Credentials, Dialect, Signer};
pub use raw::RawOperation;
pub use repair::repair;

#[cfg(feature = "client")]
pub use client::{Client, ClientBuilder, Gone};
#[cfg(feature = "client")]
pub use common_api::{
    Answered, Call, ItemStream, Items, PageStream, Pages,
    look::{LookPolicy, Looked, NotSeen, found, look_until},
    walk::{Care, NoProgress},
};
#[cfg(feature = "client")]
pub use common_transport::{CallOptions, Pool, Priority, RetryPolicy};
