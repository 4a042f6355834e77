//! A rate limit that several callers, clones and clients share.
//!
//! Each attempt takes one permit of a [`Limiter`] for its host and rate class. [`RateLimits`] is the
//! limiter of one process: first come first served, the cap held in every sliding second, slower after a
//! 503 or 429, `Retry-After` honoured. A wait that would pass the call's deadline is an error at once.
//!
//! It differs from tower's `RateLimit` in what is shared (everything: clones of a service count together)
//! and in what it promises (no second anywhere holds more than the cap, not just no aligned one); from
//! `ConcurrencyLimit` in that it counts starts, not calls in flight.
//!
//! A permit counts from the call of the service, unless the transport inside tells when it sends: the pool of
//! the client does, and others can by the [`Context`](crate::Context). Then the permit keeps its place while its
//! request waits for a connection, a proxy or a TLS handshake, and counts from the moment at which its head is
//! written; a request that was never sent gives its place back. So requests that were started one by one and then
//! all waited for connections do not arrive together.
//!
//! Of two of these layers around each other only the inner one hears when a request leaves; for the outer one the
//! request counts from its permit. One whose limiter does not count the request leaves the hearing to the other.
//!
//! A call that waits for a permit has to be polled: one that is set aside starts when it pleases, and at the head of
//! the queue it holds up those behind it.
//!
//! A refusal slows everyone down when its answer can be read; one whose body breaks off is a lost request.
//!
//! It does not repeat what was refused (that is [`retry`](crate::retry), which belongs outside of it, so
//! that each attempt takes a permit), and processes do not see each other through it: write a [`Limiter`]
//! over a shared store for that.
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
mod limiter;
mod line;
mod nanos;
mod pace;
mod rates;
mod retry_after;
mod service;
#[cfg(test)]
mod tests;

pub use layer::LimitLayer;
pub(crate) use limiter::Reporter;
pub use limiter::{Acquire, Feedback, HeldPermit, Key, Limiter, Permit, PermitOutcome};
pub use rates::RateLimits;
pub(crate) use retry_after::retry_after;
pub use service::{Limit, ResponseFuture};
