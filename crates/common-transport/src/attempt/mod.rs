//! The bounds of one attempt: its time, the server's silence, the size of the answer.
//!
//! [`AttemptLayer`] waits for the head of the answer, then reads the body to its end, and gives an answer
//! in one piece. Three clocks run: for the head, for each silence within the body, and for all of it. The
//! clock of silence starts anew with every piece that comes, so a slow and living body is left alone. When
//! the call has a [`Context`](crate::Context), its deadline bounds them all.
//!
//! While a streamed [`body`](crate::body) is being sent, silences are counted as in an answer, and the clock
//! of the head starts with the last piece.
//!
//! It differs from a timeout around a client in that it does not stop at the head. It does not connect:
//! that clock is the pool's. What a server compresses it does not expand.
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
