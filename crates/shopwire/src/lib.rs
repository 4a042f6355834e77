//! Clients for NiceChat, Uvygoda and RetailCRM v5 behind one configuration and one connection pool.
//!
//! This crate has no logic of its own. Each service is a separate crate, re-exported here as a module behind
//! a feature. This crate adds [`Config`], which reads all settings from one place, and `Shopwire`, which
//! builds the three clients over one pool.
//!
//! # Example
#![cfg_attr(feature = "retailcrm-full", doc = "```")]
#![cfg_attr(not(feature = "retailcrm-full"), doc = "```text")]
//! use shopwire::{Config, Shopwire};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // The sandbox stands in for the services; `Config::from_env()` would find the real ones.
//! let sandbox = shopwire_sandbox::Sandbox::start(Default::default()).await?;
//! let (url, key) = (sandbox.retailcrm().url(), sandbox.retailcrm().api_key());
//! let shopwire = Shopwire::new(&Config::new().retailcrm(url.parse()?, key))?;
//!
//! let credentials = shopwire.retailcrm()?.api().get_credentials().await?;
//! assert_eq!(credentials.success, Some(true));
//! # Ok(())
//! # }
//! ```
//!
//! A service without its settings is an error when it is used: `shopwire.nicechat()` then names the missing
//! settings.
//!
//! # Features
//! - `nicechat`, `uvygoda`, `retailcrm-full` (default): the services, as modules.
//! - `retailcrm`: RetailCRM without its groups of methods.
//! - `retailcrm-api`, `retailcrm-costs`, `retailcrm-custom-fields`, `retailcrm-customer-interaction`,
//!   `retailcrm-customers`, `retailcrm-customers-corporate`, `retailcrm-delivery`, `retailcrm-features`,
//!   `retailcrm-files`, `retailcrm-integration`, `retailcrm-loyalty`, `retailcrm-notifications`,
//!   `retailcrm-orders`, `retailcrm-packs`, `retailcrm-payments`, `retailcrm-references`,
//!   `retailcrm-segments`, `retailcrm-settings`, `retailcrm-statistics`, `retailcrm-store`, `retailcrm-tasks`,
//!   `retailcrm-telephony`, `retailcrm-users`, `retailcrm-verification`, `retailcrm-web-analytics`: one group of methods of RetailCRM each.
//! - `retailcrm-webhooks`: requests of RetailCRM to a module.
//! - `receivers`: receivers of callbacks and webhooks of the enabled services, as tower services:
//!   `uvygoda::events::Receiver`, `nicechat::feed::Receiver`, `retailcrm::webhooks::receiver`.
//! - `durable`: an inbox, an outbox and cursors that survive a crash, and receivers that keep their events in the
//!   inbox.
//! - `durable-sqlite`, `durable-postgres`: the same, with an engine.
//! - `limit-redis`: one rate limit for many processes and machines, on Redis, as the module `limit_redis`.
//! - `sign` (default): the NiceChat signature.
//! - `gzip` (default), `brotli`, `zstd`: accepted compressions of answers.
//! - `http2`: HTTP/2 with the servers that speak it.
//! - `webpki-roots`: Mozilla's root certificates, for systems that have none.
//! - `aws-lc-rs`: AWS-LC as a provider of TLS, beside ring.
//! - `metrics`: `transport::observe::Metrics`, an observer that records metrics under OpenTelemetry's names.
//! - `cassette`: recordings of exchanges, and their playback, as the module `cassette`.
//! - `mock`: `Client::mock` of the clients, over a test double that answers operations by their type.
//! - `serde`: `Serialize` and `Deserialize` for every model.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod config;
#[cfg(feature = "durable")]
pub mod inbox;
#[cfg(any(feature = "nicechat", feature = "retailcrm", feature = "uvygoda"))]
mod shopwire;

#[cfg(feature = "cassette")]
pub use common_api::cassette;
pub use common_api::look::{LookPolicy, Looked, NotSeen, found, look_until};
pub use common_api::{Answered, Call, Decoding, Strictness, walk};
#[cfg(feature = "durable")]
pub use common_durable as durable;
#[cfg(feature = "limit-redis")]
pub use common_limit_redis as limit_redis;
pub use common_model as model;
pub use common_model::{Decimal, Id, Map, Value};
pub use common_transport as transport;
pub use common_transport::{
    BaseUrl, CallOptions, Error, ErrorKind, Operation, Pool, Priority, RetryPolicy, Secret,
};
pub use config::{ClientConfig, Config, NiceChatConfig, RetailCrmConfig, UvygodaConfig};
#[cfg(feature = "nicechat")]
pub use nicechat_api as nicechat;
#[cfg(feature = "sign")]
pub use nicechat_sign as sign;
#[cfg(feature = "retailcrm")]
pub use retailcrm_v5 as retailcrm;
#[cfg(any(feature = "nicechat", feature = "retailcrm", feature = "uvygoda"))]
pub use shopwire::Shopwire;
#[cfg(feature = "uvygoda")]
pub use uvygoda_rpc as uvygoda;
