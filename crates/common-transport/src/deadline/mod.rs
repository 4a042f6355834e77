//! The deadline of a whole call, including retries and waits.
//!
//! [`DeadlineLayer`] adds a [`Context`](crate::Context) with a deadline to each request, and ends the call when the
//! deadline has passed. The inner layers read it: the limiter and the retry fail at once when their wait would end
//! after the deadline.
//!
//! [`CallOptions::timeout`](crate::CallOptions::timeout) sets another time limit for one call, shorter or longer.
//!
//! Unlike tower's `Timeout`, its error says whether the call may have landed and how many attempts were made, and the
//! inner layers know the deadline. The time limit of a single attempt is in [`attempt`](crate::attempt).
//!
//! ```
//! use common_transport::{Error, deadline::DeadlineLayer};
//! use http::{Request, Response};
//! use tokio::time::Duration;
//! use tower::{Service, ServiceBuilder, ServiceExt, service_fn};
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut service = ServiceBuilder::new()
//!     .layer(DeadlineLayer::new(Duration::from_secs(2)))
//!     .service(service_fn(async |_: Request<()>| {
//!         tokio::time::sleep(Duration::from_secs(60)).await;
//!         Ok::<_, Error>(Response::new(()))
//!     }));
//!
//! let error = service.ready().await?.call(Request::new(())).await.unwrap_err();
//! assert!(error.is_timeout());
//! # Ok(())
//! # }
//! ```

mod layer;
mod service;

pub use layer::DeadlineLayer;
pub use service::{Deadline, ResponseFuture};
