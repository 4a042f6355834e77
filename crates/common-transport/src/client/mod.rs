//! The client: the layers over a connection pool, as one type without parameters.

mod answer;
mod around;
pub(crate) mod builder;
mod chain;
mod connector;
pub(crate) mod download;
mod failed;
mod foreign;
pub(crate) mod handle;
pub(crate) mod pool;
mod provider;
mod proxy;
mod reading;
mod refused;
pub(crate) mod request_ids;
mod route;
mod sent;
mod stack;
mod stream;
#[cfg(test)]
mod tests;
mod tls;
mod transport;

pub use around::{AroundAttempt, AttemptService};
pub(crate) use builder::ClientBuilder;
pub(crate) use download::DownloadBody;
pub(crate) use handle::Client;
pub(crate) use pool::Pool;
pub use pool::{PoolBody, PoolBuilder, PoolFuture};
pub use provider::Provider;
pub use proxy::Proxy;
pub use request_ids::{ClientRequestId, RequestIds};
pub use tls::{Identity, Roots};

use std::sync::Arc;

use crate::Secret;

/// Secrets of one request, such as a password among its parameters, as an extension of the request. They are masked in
/// errors of the call, as are the secrets of the [client](ClientBuilder::hide).
#[derive(Debug, Clone)]
pub struct Hide(
    /// The secrets. Texts of fewer than four characters are not masked.
    pub Vec<Secret>,
);

/// Names of parameters that hold a secret or a signature, in the query or in a form, as an extension of a request: for
/// an [`Authorize`](crate::Authorize) whose names can be configured. Recordings leave out their values.
#[derive(Debug, Clone)]
#[expect(clippy::exhaustive_structs, reason = "it is a name for a list")]
pub struct HideParameters(
    /// The names, as they are sent.
    pub Arc<[String]>,
);
