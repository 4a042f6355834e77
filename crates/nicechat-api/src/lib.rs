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
#[expect(
    clippy::too_many_arguments,
    reason = "replacing a product takes all its fields, and a constructor asks for all of them"
)]
mod generated;
mod helpers;
mod image;
mod lists;
mod repair;
pub mod sync;
mod wire;

#[cfg(feature = "client")]
mod client;

pub use answer::UnexpectedAnswer;
#[cfg(feature = "mock")]
pub use common_api::mock::Mock;
pub use common_api::{Decoding, Page, Paged, Position, RawItem, RawList, Strictness};
pub use common_model::{Decimal, Map, Timestamp, Value};
pub use common_transport::{BaseUrl, Error, ErrorKind, Operation, Secret};
pub use cursor::PageCursor;
pub use encoding::{Authentication, Encoding};
pub use generated::{categories, feeds, operations, orders, products, shared};
pub use generated::{
    categories::{Category, CategoryEnvelope, CategoryPage, CategoryPageEnvelope},
    feeds::{
        FeedCallback, FeedFormat, FeedResult, FeedResultEnvelope, FeedState, FeedTask,
        FeedTaskEnvelope,
    },
    orders::{Contacts, Deal, DealProduct, Order, OrderPage, OrderPageEnvelope, Visitor},
    products::{Product, ProductEnvelope, ProductPage, ProductPageEnvelope},
    shared::{Acknowledgement, EnvelopeStatus},
};
pub use image::{CategoryRef, Image};
pub use lists::Links;
pub use nicechat_sign::{Credentials, Dialect, Signer};
pub use repair::repair;

#[cfg(feature = "client")]
pub use client::{Answered, Call, Client, ClientBuilder, Gone};
#[cfg(feature = "client")]
pub use common_api::{
    ItemStream, Items, PageStream, Pages,
    look::{LookPolicy, Looked, NotSeen, found, look_until},
    walk::{Care, NoProgress},
};
