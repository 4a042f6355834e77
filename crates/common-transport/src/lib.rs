//! The transport stack of the API clients; it knows no service.
//!
//! An [`Operation`] is a value: it has a [`Metadata`], builds an `http::Request` and reads its output from an
//! `http::Response`. Without the `client` feature the crate does no IO.
//!
//! # Features
//! - `layers`: the tower layers, each usable in a stack of your own. The order of [`Client`], from the outermost to the
//!   innermost: [`trace`] → [`deadline`] → [`retry`] → [`limit`] → [`auth`] → your own layers → [`decompress`] →
//!   [`attempt`] → [`guard`] → transport. [`body`] has streamed bodies.
//! - `client` (default): [`Client`], these layers over hyper-util's pool with rustls on ring, as one type.
//! - `aws-lc-rs`: [`Client`] with rustls on AWS-LC; it needs a C compiler to build. With `client` on too, ring
//!   stays the default, and [`PoolBuilder::provider`] chooses. The provider is passed to rustls explicitly. This crate
//!   neither installs nor uses a provider of the process.
//! - `client-core`: the common part of these two. On its own, without a provider, `https` fails.
//! - `http2`: HTTP/2 with servers that choose it in the TLS handshake, HTTP/1.1 with all others.
//! - `gzip`, `brotli`, `zstd`: compressed answers are asked for and expanded.
//! - `metrics`: [`observe`] records metrics by the facade crate `metrics`.
//! - `webpki-roots`: Mozilla's root certificates, bundled.
//!
#![cfg_attr(
    not(feature = "client-core"),
    doc = "[`Client`]: #features\n[`PoolBuilder::provider`]: #features"
)]
#![cfg_attr(
    feature = "client-core",
    doc = "[`PoolBuilder::provider`]: client::PoolBuilder::provider"
)]
#![cfg_attr(
    not(feature = "layers"),
    doc = "[`trace`]: #features\n[`deadline`]: #features\n[`retry`]: #features\n[`limit`]: #features"
)]
#![cfg_attr(
    not(feature = "layers"),
    doc = "[`auth`]: #features\n[`decompress`]: #features\n[`attempt`]: #features\n[`guard`]: #features\n[`body`]: #features\n[`observe`]: #features"
)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod authorize;
mod base_url;
mod classify;
mod error;
#[cfg(feature = "layers")]
mod mask;
mod metadata;
mod operation;
pub mod path;
mod request_id;
mod secret;
pub mod verdict;

#[cfg(feature = "layers")]
pub mod attempt;
#[cfg(feature = "layers")]
pub mod auth;
#[cfg(feature = "layers")]
pub mod body;
#[cfg(feature = "layers")]
mod context;
#[cfg(feature = "layers")]
pub mod deadline;
#[cfg(feature = "layers")]
pub mod decompress;
#[cfg(feature = "layers")]
pub mod guard;
#[cfg(feature = "layers")]
pub mod limit;
#[cfg(feature = "layers")]
pub mod observe;
#[cfg(feature = "layers")]
mod options;
#[cfg(feature = "layers")]
pub mod retry;
#[cfg(feature = "layers")]
mod timer;
#[cfg(feature = "layers")]
pub mod trace;

#[cfg(feature = "client-core")]
pub mod client;

pub use authorize::Authorize;
pub use base_url::{BaseUrl, InvalidBaseUrl};
pub use classify::{AssumeProcessed, ByStatus, Classify};
pub use error::{Error, ErrorKind, FieldError, ServiceError};
pub use metadata::{Idempotency, Metadata, Param, Place, RateClass, Scope, ScopeBasis};
pub use operation::{Decoder, Operation};
pub use request_id::request_id;
pub use secret::Secret;

/// Any error, boxed, as foreign services return it.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

#[cfg(feature = "layers")]
pub use body::source::Body;
#[cfg(feature = "layers")]
pub use context::{CallEnd, Context, GivenUp};
#[cfg(feature = "layers")]
pub use limit::{limiter::Limiter, priority::Priority, rates::RateLimits};
#[cfg(feature = "layers")]
pub use options::CallOptions;
#[cfg(feature = "layers")]
pub use retry::{judge::Attempts, policy::RetryPolicy};

#[cfg(feature = "client-core")]
pub use client::{builder::ClientBuilder, download::DownloadBody, handle::Client, pool::Pool};
#[cfg(feature = "layers")]
pub use mask::Mask;
