//! NiceChat, Uvygoda and RetailCRM emulated in process, with faults on demand.
//!
//! Three servers on loopback, with state in memory, strict where the real services are. They stand
//! on the signature and on the API descriptions, never on the typed clients, so that a wrong model
//! cannot agree with itself. Any language's client can be pointed at them.
//!
//! ```
//! use shopwire_sandbox::{Fault, Options, RateLimit, ResetAt, Sandbox};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! let sandbox = Sandbox::start(Options::default().retailcrm(|crm| crm.rate_limit(RateLimit::Lifted))).await?;
//! let (url, key, secret) =
//!     (sandbox.nicechat().url(), sandbox.nicechat().api_key(), sandbox.nicechat().api_secret());
//! assert!(url.starts_with("http://127.0.0.1:") && !key.is_empty() && !secret.is_empty());
//!
//! // The next POST takes effect, and its answer never arrives.
//! sandbox.nicechat().faults().push(
//!     Fault::reset(ResetAt::AfterCommit).on(http::Method::POST, "/marketplaces/v1/products/"),
//! );
//! // … a client under test runs against `url` here …
//! assert_eq!(sandbox.nicechat().requests().total(), 0);
//! sandbox.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! # What is emulated
//!
//! - [`NiceChat`]: signatures in headers, query and form (urlencoded and multipart) in any dialect;
//!   categories, products, orders, pages; feed imports that really fetch the feed and post the
//!   callback.
//! - [`Uvygoda`]: methods by header, tokens, sections and their properties, cards with moderation,
//!   webhook events.
//! - [`RetailCrm`]: API v5 with bracketed queries, JSON in forms, pages, history and rate limits.
//!
//! # Where things are
//!
//! A service is a folder of its own: a whole request goes in, a whole answer comes out, and the
//! effect has landed by then. `server` carries it over a socket, notes what was received
//! (`requests`) and lets a `fault` happen before, during or after the effect. `schema` reads the
//! bundled descriptions: what there is, and what is wrong with a value. `outbound` and `callbacks`
//! are for what a service sends by itself. How RetailCRM is layered, the head of its folder says.
//!
//! # What stays fixed
//!
//! An answer follows what the account holds. These of RetailCRM are always the same, and why:
//!
//! - `api.list_versions`: there is one version;
//! - `api.get_system_info`: there is no system behind the sandbox;
//! - `features.check`: the sandbox has every feature;
//! - `integration.update_scopes`: the new key is random and opens nothing; the account keeps its own;
//! - `loyalty.get_loyalty`: no method changes a program;
//! - `loyalty.list_loyalties`: no method changes a program;
//! - `references.list_countries`: no method changes the countries;
//! - `references.list_mg_channels`: no method changes the channels;
//! - `settings.get`: no method changes the settings;
//! - `store.list_product_properties`: no method changes the properties;
//! - `store.list_product_property_values`: no method changes the properties of offers;
//! - `tasks.list_comments`: no method writes a comment, so there is none;
//! - `users.list_groups`: no method changes the groups.
//!
//! # Limits
//!
//! Plain HTTP/1.1 on 127.0.0.1 only. The sandbox itself calls loopback addresses only, unless
//! [`Options::hosts`] says otherwise; it follows at most five redirects of a feed, and a feed has at
//! most 64 MiB, unpacked.
//!
//! Each server has 2,048 connections at a time; others wait. A request has at most 64 KiB of headers
//! and 64 MiB of body, and all open bodies together 256 MiB. A connection that is idle, or that has
//! not sent its headers or its body after a minute, is given up (a fault that stalls on purpose is
//! not). The log of requests keeps the last 32 MiB. What an account stores is not bounded.
//! Keys and tokens are worthless when it ends; they are not
//! made for anything but tests. Where the documents are silent, what the sandbox does is a guess with
//! an option.

mod background;
mod callbacks;
mod clock;
mod fault;
mod nicechat;
mod options;
mod outbound;
mod random;
mod requests;
mod retailcrm;
mod sandbox;
mod schema;
mod server;
mod service;
mod uvygoda;

pub use callbacks::Callbacks;
pub use fault::{Fault, Faults, ResetAt};
pub use nicechat::NiceChat;
pub use options::{
    CallbackForm, DeleteAnswer, Hosts, Moderation, NextLinks, NiceChatOptions, Options, RateLimit,
    Replacement, RetailCrmOptions, Seller, UvygodaOptions,
};
pub use requests::{Received, Requests};
pub use retailcrm::{CrmRow, RetailCrm};
pub use sandbox::Sandbox;
pub use uvygoda::{Event, Uvygoda};
