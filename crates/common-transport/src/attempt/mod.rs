//! Limits of one attempt: its time, the server's pauses, the size of the answer.
//!
//! [`AttemptLayer`] waits for the head of the answer, reads the body to its end, and returns an answer in one piece.
//! Three clocks run: for the head, for each pause within the body, and for the whole attempt. Each piece restarts
//! the clock for pauses, so a slow body that makes progress is not ended. If the call has a
//! [`Context`](crate::Context), its deadline limits all clocks.
//!
//! While a streamed [`body`](crate::body) is being sent, pauses are counted as in an answer, and the clock for the
//! head starts with the last piece.
//!
//! Unlike a timeout around a client, the layer does not stop at the head. It does not connect: the pool has its own
//! clock for that. It does not expand compressed answers.
//!
//! ```
//! use bytes::Bytes;
//! use common_transport::{Error, attempt::AttemptLayer};
//! use http::{Request, Response};
//! use http_body_util::Full;
//! use tower::{Service, ServiceBuilder, ServiceExt, service_fn};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut service = ServiceBuilder::new()
//!     .layer(AttemptLayer::new().max_body(4))
//!     .service(service_fn(async |request: Request<&'static str>| {
//!         Ok::<_, Error>(Response::new(Full::<Bytes>::from(*request.body())))
//!     }));
//!
//! let answer = service.ready().await?.call(Request::new("four")).await?;
//! assert_eq!(answer.body(), "four");
//! let error = service.ready().await?.call(Request::new("five5")).await.unwrap_err();
//! assert_eq!(error.kind(), common_transport::ErrorKind::BodyLimit);
//! # Ok(())
//! # }
//! ```

mod clock;
mod collect;
mod layer;
mod service;
#[cfg(test)]
mod tests;

pub use layer::AttemptLayer;
pub use service::{Attempt, ResponseFuture};
