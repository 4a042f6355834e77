//! The end of a whole call, retries and waits included.
//!
//! [`DeadlineLayer`] gives each request a [`Context`](crate::Context) with a deadline, and ends the call
//! when it has passed. The layers inside read it: the limiter and the retry give up at once when what they
//! would wait for comes later.
//!
//! [`CallOptions::timeout`](crate::CallOptions::timeout) gives one call another time, shorter or longer.
//!
//! It differs from tower's `Timeout` in the error, which says whether the call may have landed and how
//! many attempts were made, and in telling the layers inside. It does not bound a single attempt: that is
//! [`attempt`](crate::attempt).
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
