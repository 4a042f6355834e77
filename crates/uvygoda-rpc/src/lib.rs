//! Typed client of the Uvygoda API: RPC by header, for sellers with a PRO account.
//!
//! Each method of the service is a value that builds an `http::Request` and reads an
//! `http::Response` ([`Operation`]). The `client` feature (default) adds a client over
//! common-transport's stack.
//!
//! ```
//! use common_transport::Operation;
//! use uvygoda_rpc::{Markup, SectionFilter, catalog};
//!
//! let request = catalog::Sections::new(SectionFilter::All).request().unwrap();
//! assert_eq!(request.uri(), "/local/api/api.php");
//! assert_eq!(request.headers()["method"], "getSections");
//!
//! // 150 wanted, times 1.18.
//! assert_eq!(Markup::default().price(150.into()).unwrap(), 177.into());
//! ```
//!
//! A card has eight required fields, which [`products::AddFields`] names:
//!
//! ```
//! use common_model::parse_decimal;
//! use uvygoda_rpc::{Map, Pictures, products};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let card = products::Add::new(products::AddFields {
//!     section_id: 123,
//!     name: "Плед".into(),
//!     price: parse_decimal("PRICE", "177.00")?,
//!     stock: 5,
//!     description: "Шерсть".into(),
//!     // The id of a property and its value; for a list property the id of the value.
//!     properties: Map::from([("7", 9.into())]),
//!     pictures: Pictures::new(["https://shop.example/1.jpg"])?,
//!     preview_picture: "https://shop.example/0.jpg".into(),
//! });
//! assert_eq!(card.name, "Плед");
//! # Ok(())
//! # }
//! ```
//!
//! A card that lacks one, here its preview picture, does not compile:
//!
//! ```compile_fail,E0063
//! use common_model::parse_decimal;
//! use uvygoda_rpc::{Map, Pictures, products};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let card = products::Add::new(products::AddFields {
//!     section_id: 123,
//!     name: "Плед".into(),
//!     price: parse_decimal("PRICE", "177.00")?,
//!     stock: 5,
//!     description: "Шерсть".into(),
//!     properties: Map::new(),
//!     pictures: Pictures::new(["https://shop.example/1.jpg"])?,
//! });
//! # Ok(())
//! # }
//! ```
//!
//! No field of a card can be cleared: the service requires each of them, and a
//! [`products::Update`] leaves alone what is not set.
//!
//! Limits of the service: no method deletes a card, takes it off sale or
//! sets the stock alone (use [`products::Update`]), and no method reads orders or chats:
//! they come by [`events`] only.
//!
//! # Features
//! - `client` (default): `Client`, `TokenKeeper`.
//! - `receivers`: the receiver of [`events`], a tower service.
//! - `mock`: `Client::mock`, a client over a test double that answers operations by their type.
//! - `serde`: `Serialize` and `Deserialize` for every model.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod answer;
mod auth;
pub mod events;
mod filter;
mod generated;
mod helpers;
mod html;
mod incremental;
#[cfg(feature = "client")]
mod known_sections;
mod lists;
mod pictures;
mod price;
mod properties;
mod raw;
mod sections;
mod wire;

#[cfg(feature = "client")]
mod client;
#[cfg(feature = "client")]
mod token;

pub use answer::{KNOWN_ERRORS, ProtocolError};
pub use auth::Authentication;
#[cfg(feature = "mock")]
pub use common_api::mock::Mock;
pub use common_api::{
    AnyList, Decoding, ListEntry, Page, Paged, Position, RawItem, RawList, Strictness,
    repair_noise as repair,
};
pub use common_model::{Decimal, Id, ListOrMap, Map, SecretText, Value};
pub use common_transport::{Authorize, BaseUrl, Error, ErrorKind, Operation, Secret};
pub use filter::{Level, SectionFilter};
pub use generated::{access, catalog, operations, orders, products, shared, webhooks};
pub use html::{ALLOWED_TAGS, HtmlPolicy};
pub use incremental::for_each_item;
pub use lists::lists;
pub use pictures::Pictures;
pub use price::{Markup, Rounding};
pub use properties::{
    PropertyError, PropertyErrorReason, PropertyErrors, check_properties, merge_properties,
};
pub use raw::RawOperation;
pub use sections::SectionTree;

#[cfg(feature = "client")]
pub use client::{Client, ClientBuilder};
#[cfg(feature = "client")]
pub use common_api::{
    Answered, Call, ItemStream, Items, PageStream, Pages,
    look::{LookPolicy, Looked, NotSeen, found, look_until},
    walk::{Care, NoProgress},
};
#[cfg(feature = "client")]
pub use common_transport::{CallOptions, Pool, Priority, RetryPolicy};
#[cfg(feature = "client")]
pub use token::{TokenKeeper, TokenStore, Unsaved};
