//! Credentials, added to each attempt anew.
//!
//! [`AuthorizeLayer`] belongs inside the limiter. So a signature or a time stamp is made after the wait for a
//! permit, right before the request is sent, and each retry gets a new one. An [`Authorize`] decides what is added.
//! The layer does not react to answers.
//!
//! ```
//! use bytes::Bytes;
//! use common_transport::{Error, auth::AuthorizeLayer};
//! use http::{HeaderValue, Request, Response};
//! use tower::{Service, ServiceBuilder, ServiceExt, service_fn};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let key = |request: &mut Request<Bytes>| {
//!     request.headers_mut().insert("x-api-key", HeaderValue::from_static("k-1"));
//!     Ok(())
//! };
//! let mut service = ServiceBuilder::new().layer(AuthorizeLayer::new(key)).service(service_fn(
//!     async |request: Request<Bytes>| {
//!         Ok::<_, Error>(Response::new(request.headers()["x-api-key"].clone()))
//!     },
//! ));
//!
//! let response = service.ready().await?.call(Request::new(Bytes::new())).await?;
//! assert_eq!(response.body(), "k-1");
//! # Ok(())
//! # }
//! ```
//!
//! [`Authorize`]: crate::Authorize

mod layer;
mod service;

pub use layer::AuthorizeLayer;
pub use service::{Authorized, ResponseFuture};
