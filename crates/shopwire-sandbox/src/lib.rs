//! NiceChat, Uvygoda and RetailCRM emulated in process, with faults on demand.
//!
//! Three servers on loopback, with state in memory, as strict as the real services. They use only the signature
//! crate and the API descriptions, and not the typed clients, so that a wrong model cannot agree with itself.
//! Clients in any language can call them.
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
//! # Structure
//!
//! A service is a folder of its own. It takes a whole request and returns a whole answer, and by then the effect has
//! landed. Beside the answer it notes why it refused the request. `server` carries it over a socket, records the
//! exchange in the `journal` and makes a `fault` happen before, during or after the effect. `schema` reads the bundled descriptions as a router and a validator.
//! `outbound` and `callbacks` are for the requests that a service sends itself. The docs of the `retailcrm` module
//! explain its layers.
//!
//! # Why was it refused?
//!
//! [`Sandbox::journal`] has every exchange with the reasons for a refusal, all at once: fields that the description does
//! not allow, with their paths; key, scope and route; the requests in the limiter's window; the fault that a test
//! caused. [`Sandbox::explain`] shows for a wrong signature of NiceChat the text that the sandbox hashed, beside the text
//! that explains the received signature. The answers on the wire do not tell more than those of the real services.
//!
//! # Fixed answers
//!
//! Answers follow the content of the account, except for these of RetailCRM:
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
//! - `tasks.list_comments`: no method writes a comment, so the list is empty;
//! - `users.list_groups`: no method changes the groups.
//!
//! # Limits
//!
//! The sandbox speaks plain HTTP/1.1 on 127.0.0.1 only. It calls loopback addresses only, unless [`Options::hosts`]
//! allows others. It follows at most five redirects of a feed, and a feed may have 64 MiB, unpacked.
//!
//! Each server has up to 2,048 connections at a time; further ones wait. A request may have 64 KiB of headers and 64
//! MiB of body, and all open bodies together 256 MiB. A connection is closed when it is idle for a minute, or when
//! its headers or its body take longer than a minute (unless a fault stalls it on purpose). The journal keeps 32 MiB of
//! the exchanges with all services: more than 100,000 summaries in 18 MiB, queries and reasons in 4 MiB, headers and
//! bodies in the rest, at most 64 KiB of each body and 100 reasons of each request. The oldest are dropped first. The
//! data of an account is not limited.
//!
//! Keys and tokens are random, valid for one sandbox only, and meant for tests. Where the documents say nothing, the
//! sandbox guesses, and an option changes the guess.

mod background;
mod bundled;
mod callbacks;
mod clock;
mod fault;
mod journal;
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
pub use journal::{
    Body, Difference, Exchange, Explanation, Filter, InvalidStatus, Journal, Message, Missed, Page,
    Reason, ReasonKind, ServiceName, SignatureExplanation, StatusFilter, Subscription,
    UnknownService,
};
pub use nicechat::NiceChat;
pub use options::{
    CallbackForm, DeleteAnswer, Hosts, Moderation, NextLinks, NiceChatOptions, Options, RateLimit,
    Replacement, RetailCrmOptions, Seller, UvygodaOptions,
};
pub use requests::{Received, Requests};
pub use retailcrm::{CrmRow, RetailCrm};
pub use sandbox::Sandbox;
pub use uvygoda::{Event, Uvygoda};
