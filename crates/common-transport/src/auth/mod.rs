//! Credentials, put into each attempt anew.
//!
//! [`AuthorizeLayer`] stands inside the limiter: a signature or a time stamp is made when the permit has
//! come, right before the request is sent, and a retry gets one of its own (acceptance row X3). What it
//! puts in is the business of an [`Authorize`]; it does not react to answers.
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
