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
//! # Faults, scenarios and webhooks
//!
//! A [`Fault`] waits for requests by operation, method and path. It happens once, some times, always, or for a part
//! of the requests that a seed chooses. A [`Latency`] is fixed, or lognormal by its median and 99th percentile. Each
//! service has its [`Faults`]; [`Sandbox::add_faults`] reads them from JSON, and [`Fault::kinds`] describes kinds and
//! fields.
//!
//! A [`Scenario`] is a JSON file of faults over time: "a bad day", "a moved account" and "a slow night" are part of the
//! crate. Its steps go by the sandbox's clock, so [`Clock::advance`] plays a night in a moment.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use shopwire_sandbox::{Options, Sandbox, Scenario};
//! use std::time::Duration;
//!
//! let sandbox = Sandbox::start(Options::default()).await?;
//! sandbox.clock().freeze();
//! sandbox.start_scenario(Scenario::named("a bad day")?);
//! sandbox.clock().advance(Duration::from_secs(300)).await;
//! // … now all three services are down, and a client under test runs …
//! assert!(sandbox.faults().iter().all(|one| one.fault.to_json()["kind"] == "unavailable"));
//! # Ok(())
//! # }
//! ```
//!
//! [`Webhooks`] logs all that the sandbox posts, with every attempt. A webhook can be sent again, and sent by hand.
//!
//! # The admin API
//!
//! With the feature `admin`, [`Options`] has `admin_port`. The sandbox then serves an API and a page on a loopback port of
//! its own. They do what this crate does, for programs in any language and for people: faults, scenarios, reset,
//! seeds, snapshots, entities, the journal with its reasons, events, the clock, webhooks. `Admin::OPENAPI` describes
//! the API.
//!
//! # Structure
//!
//! A service is a folder of its own. It takes a whole request and returns a whole answer, and by then the effect has
//! landed. Beside the answer it notes why it refused the request. `server` carries it over a socket, records the
//! exchange in the `journal` and makes a `fault` happen before, during or after the effect. `schema` reads the bundled
//! descriptions as a router and a validator. `outbound` and `webhooks` are for the requests that a service sends
//! itself. The docs of the `retailcrm` module explain its layers.
//!
//! `state` is the three services as a whole: reset, seeds, snapshots, a look inside and changes by a manager.
//!
//! # Time, seeds and snapshots
//!
//! All that waits or expires goes by one [`Clock`], which a test freezes and advances. [`Options::seed`] makes ids,
//! keys and times the same in every run, and [`Sandbox::seed`] adds generated data. [`Sandbox::snapshot`] and
//! [`Sandbox::restore`] save and load the whole state, [`Sandbox::reset`] goes back to the start.
//!
//! ```
//! use shopwire_sandbox::{Options, RowQuery, Sandbox, SeedPlan};
//! use std::time::Duration;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! let sandbox = Sandbox::start(Options::default().seed(7)).await?;
//! sandbox.seed(&SeedPlan::new(7).orders(20)).await;
//! let saved = sandbox.snapshot();
//! sandbox.clock().advance(Duration::from_secs(86_400)).await;
//! sandbox.restore(&saved).await.expect("a snapshot");
//! let unpaid = sandbox.rows("retailcrm", "orders", &RowQuery::default().text("not-paid"));
//! assert!(unpaid.expect("orders").total > 0);
//! # Ok(())
//! # }
//! ```
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
//! log of webhooks keeps 8 MiB, and 20 attempts of each. The data of an account is not limited.
//!
//! Keys and tokens are random or come from a seed, are valid for one sandbox only, and meant for tests. Where the documents say nothing, the
//! sandbox guesses, and an option changes the guess.

#[cfg(feature = "admin")]
mod admin;
mod background;
mod bundled;
mod clock;
mod entities;
mod fault;
mod invalid;
mod journal;
mod names;
mod nicechat;
mod operations;
mod options;
mod origin;
mod outbound;
mod parts;
mod plan;
mod random;
mod requests;
mod retailcrm;
mod sandbox;
mod scenario;
mod schema;
mod server;
mod service;
mod services;
mod snapshot;
mod state;
mod uvygoda;
mod webhooks;
mod words;

#[cfg(feature = "admin")]
pub use admin::Admin;
pub use clock::Clock;
pub use entities::{RowQuery, Rows};
pub use fault::{Fault, Faults, Latency, QueuedFault, ResetAt};
pub use invalid::Invalid;
pub use journal::{
    Body, Difference, Exchange, Explanation, Filter, InvalidStatus, Journal, Message, Missed, Page,
    Reason, ReasonKind, SignatureExplanation, StatusFilter, Subscription,
};
pub use names::ServiceName;
pub use nicechat::NiceChat;
pub use options::{
    CallbackForm, ClockStart, DeleteAnswer, Hosts, Moderation, NextLinks, NiceChatOptions, Options,
    RateLimit, Replacement, RetailCrmOptions, Seller, UvygodaOptions,
};
pub use plan::SeedPlan;
pub use requests::{Received, Requests};
pub use retailcrm::{CrmRow, RetailCrm};
pub use sandbox::Sandbox;
pub use scenario::{RunningScenario, Scenario};
pub use uvygoda::{Event, Uvygoda};
pub use webhooks::{
    Attempt, Callbacks, NewWebhook, Webhook, WebhookEvents, WebhookState, Webhooks,
};
