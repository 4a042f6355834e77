//! A rate limit that several callers, clones and clients share.
//!
//! Each attempt takes one permit of a [`Limiter`] for its host and rate class. [`RateLimits`](crate::RateLimits) is a
//! limiter for one process. It serves first come, first served, and calls of high [priority](crate::Priority) before
//! those of low priority. It keeps the cap in every sliding second, slows down after a 503 or 429, and honours
//! `Retry-After`. A wait beyond the call's deadline is an error at once.
//!
//! It differs from tower's `RateLimit` in two ways. All clones of a service count together. And every second holds
//! at most the cap, not only every aligned second. Unlike `ConcurrencyLimit` it counts starts, not calls in flight.
//!
//! A permit counts from the call of the service, unless the inner transport reports when it sends. The pool of the
//! client does, and others can by the [`Context`](crate::Context). Then the permit keeps its place while its request
//! waits for a connection, a proxy or a TLS handshake, and counts from the moment at which its head is written. A
//! request that was never sent frees its place. So requests that start one by one, and then all wait for
//! connections, do not arrive together.
//!
//! If two of these layers are nested, only the inner one learns when a request leaves. In the outer one the request
//! counts from its permit. A layer whose limiter does not count the request leaves these reports to the other.
//!
//! A call that waits for a permit must be polled. If it is not polled it does not start, and at the head of the
//! queue it delays those behind it.
//!
//! A refusal slows down all callers if its answer can be read. A refusal whose body breaks off counts as a lost
//! request.
//!
//! The layer does not repeat refused requests. [`retry`](crate::retry) does, and belongs outside of it, so that each
//! attempt takes a permit. Processes do not see each other: the crate `common-limit-redis` has a [`Limiter`] that they
//! share through Redis.
//!
//! ```
//! use std::convert::Infallible;
//!
//! use common_transport::{BoxError, RateClass, RateLimits, limit::LimitLayer};
//! use http::{Request, Response};
//! use tokio::time::{Duration, Instant};
//! use tower::{Service, ServiceBuilder, ServiceExt, service_fn};
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> Result<(), BoxError> {
//! let limits = RateLimits::new().class(RateClass::DEFAULT, 10);
//! let mut service = ServiceBuilder::new()
//!     .layer(LimitLayer::new(limits))
//!     .map_err(BoxError::from)
//!     .service(service_fn(async |_: Request<()>| Ok::<_, Infallible>(Response::new(()))));
//!
//! let begin = Instant::now();
//! for _ in 0..31 {
//!     let request = Request::get("https://demo.example/").body(())?;
//!     service.ready().await?.call(request).await?;
//! }
//! assert!(begin.elapsed() >= Duration::from_secs(3));
//! # Ok(())
//! # }
//! ```

mod bucket;
mod clock;
mod layer;
pub(crate) mod limiter;
mod line;
mod nanos;
mod pace;
pub(crate) mod priority;
pub(crate) mod rates;
mod retry_after;
mod service;
#[cfg(test)]
mod tests;
mod waited;
mod waiters;

pub use layer::LimitLayer;
pub use limiter::{Acquire, Feedback, HeldPermit, Key, Permit, PermitOutcome};
pub(crate) use limiter::{Limiter, Reporter};
pub(crate) use retry_after::retry_after;
pub use service::{Limit, ResponseFuture};
pub use waited::Waited;
pub use waiters::{Ticket, Waiters};
