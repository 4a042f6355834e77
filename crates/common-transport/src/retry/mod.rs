//! Retries that never double an effect.
//!
//! | the attempt ended, by the [table](crate::verdict) | idempotent operation | any other |
//! |---|---|---|
//! | of the moment, and surely without an effect: not sent, not looked at, stopped by the limiter | repeated | repeated |
//! | of the moment, and perhaps with one: 5xx, lost, late | repeated | given back, as one that [`may_have_landed`] |
//! | in any other way | given back | given back |
//!
//! The [`Metadata`](crate::Metadata) in the request's extensions decides whether an operation is idempotent, or else
//! its method. The [`CallOptions`](crate::CallOptions) of a call override both, and may have a policy of their own. The
//! wait between attempts is a random part of a doubling backoff (full jitter), or the time in `Retry-After`. A
//! [`Budget`], shared by all calls of a client, keeps retries from making an outage worse. If the wait would pass the
//! deadline of the [`Context`](crate::Context), the call ends at once with the result of the last attempt.
//!
//! Unlike tower's `Retry`, it takes idempotency and ambiguity into account. It does not follow redirects, and does not
//! repeat a request whose body is a stream.
//!
//! ```
//! use bytes::Bytes;
//! use common_transport::{Attempts, Error, RetryPolicy, retry::RetryLayer};
//! use http::{Request, Response};
//! use tower::{Service, ServiceBuilder, ServiceExt, service_fn};
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let busy = service_fn(async |_: Request<Bytes>| {
//!     Ok::<_, Error>(Response::builder().status(500).body(Bytes::new()).unwrap())
//! });
//! let mut service = ServiceBuilder::new()
//!     .layer(RetryLayer::new(RetryPolicy::new().max_attempts(3)))
//!     .service(busy);
//!
//! let get = Request::get("https://demo.example/").body(Bytes::new())?;
//! let response = service.ready().await?.call(get).await?;
//! assert_eq!(Attempts::of(&response), Attempts(3));
//!
//! let post = Request::post("https://demo.example/").body(Bytes::new())?;
//! let response = service.ready().await?.call(post).await?;
//! assert_eq!(Attempts::of(&response), Attempts(1), "a 500 may have landed");
//! # Ok(())
//! # }
//! ```
//!
//! [`may_have_landed`]: crate::Error::may_have_landed

mod budget;
pub(crate) mod judge;
mod layer;
pub(crate) mod policy;
mod service;
mod template;
#[cfg(test)]
mod tests;

pub use budget::Budget;
#[cfg(feature = "client-core")]
pub(crate) use judge::Ambiguous;
pub(crate) use judge::Attempts;
pub use layer::RetryLayer;
pub(crate) use policy::RetryPolicy;
pub use service::{ResponseFuture, Retry};
