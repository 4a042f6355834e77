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
//! A card has eight required fields; code that lacks one of them does not compile:
//!
//! ```compile_fail,E0061
//! uvygoda_rpc::products::Add::new(123, "Плед");
//! ```
//!
//! ```
//! use common_model::Map;
//! use uvygoda_rpc::{Pictures, products};
//!
//! let pictures = Pictures::new(["https://shop.example/1.jpg"]).unwrap();
//! let preview = "https://shop.example/0.jpg";
//! let card = products::Add::new(123, "Плед", 177, 5, "Шерсть", Map::new(), pictures, preview);
//! assert_eq!(card.name, "Плед");
//! ```
//!
//! What the service does not offer: there is no method that deletes a card, takes it off sale or
//! sets the stock alone (stock goes by [`products::Update`]), and none that reads orders or chats:
//! they come by [`events`] only.
//!
//! # Features
//! - `client` (default): `Client`, `TokenKeeper`.
//! - `receivers`: the receiver of [`events`] events, a tower service.
//! - `mock`: `Client::mock`, a client over a test double that answers operations by their type.
//! - `serde`: `Serialize` and `Deserialize` for every model.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod answer;
pub mod events;
mod filter;
#[expect(
    clippy::too_many_arguments,
    reason = "addProduct takes eight required fields, and a constructor asks for all of them"
)]
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
mod repair;
mod sections;
mod wire;

#[cfg(feature = "client")]
mod auth;
#[cfg(feature = "client")]
mod client;
#[cfg(feature = "client")]
mod token;

pub use answer::{KNOWN_ERRORS, ProtocolError};
#[cfg(feature = "mock")]
pub use common_api::mock::Mock;
pub use common_api::{Decoding, Page, Paged, Position, RawItem, RawList, Strictness};
pub use common_model::{Decimal, Id, ListOrMap, Map, SecretText, Value};
pub use common_transport::{BaseUrl, Error, ErrorKind, Operation, Secret};
pub use filter::{Level, SectionFilter};
pub use generated::{access, catalog, operations, orders, products, shared, webhooks};
pub use generated::{
    access::TokenAnswer,
    catalog::{Section, SectionPropertiesAnswer, SectionsAnswer},
    orders::{NamedItem, OrderPropertiesAnswer, StagesAnswer},
    products::{
        AddProductAnswer, Product, ProductFilter, ProductInfo, ProductInfoAnswer,
        ProductListAnswer, PublishAnswer, Stage, UpdateProductAnswer,
    },
    shared::{Confirmation, Property, PropertyType, PropertyValue},
    webhooks::WebhookAnswer,
};
pub use html::{ALLOWED_TAGS, HtmlPolicy};
pub use incremental::for_each_item;
pub use pictures::Pictures;
pub use price::{Markup, Rounding};
pub use properties::{
    PropertyError, PropertyErrorReason, PropertyErrors, check_properties, merge_properties,
};
pub use raw::RawOperation;
pub use repair::repair;
pub use sections::SectionTree;

#[cfg(feature = "client")]
pub use client::{Answered, Call, Client, ClientBuilder};
#[cfg(feature = "client")]
pub use common_api::{
    ItemStream, Items, PageStream, Pages,
    look::{LookPolicy, Looked, NotSeen, found, look_until},
};
#[cfg(feature = "client")]
pub use token::{TokenKeeper, TokenStore, Unsaved};
