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

use crate::Secret;

/// Secrets that one request holds, as an extension of it: a password among its parameters. Errors of the call leave
/// them out where the service quotes them, beside those of the [client](ClientBuilder::hide).
#[derive(Debug, Clone)]
pub struct Hide(
    /// The secrets; texts of fewer than four characters are not looked for.
    pub Vec<Secret>,
);
