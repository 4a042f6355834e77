//! A guard against unencrypted requests.
//!
//! [`GuardLayer`] belongs right above the transport. It refuses each request that is not `https`, unless its host is
//! loopback. It checks the request as it would be sent, after all layers above. It does not check certificates: the
//! transport does.
//!
//! ```
//! use common_transport::{Error, guard::GuardLayer};
//! use http::{Request, Response};
//! use tower::{Service, ServiceBuilder, ServiceExt, service_fn};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut service = ServiceBuilder::new()
//!     .layer(GuardLayer::new())
//!     .service(service_fn(async |_: Request<()>| Ok::<_, Error>(Response::new(()))));
//!
//! for (url, passes) in [
//!     ("https://demo.example/", true),
//!     ("http://127.0.0.1:8080/", true),
//!     ("http://demo.example/", false),
//! ] {
//!     let request = Request::get(url).body(())?;
//!     assert_eq!(service.ready().await?.call(request).await.is_ok(), passes, "{url}");
//! }
//! # Ok(())
//! # }
//! ```

mod layer;
mod service;

pub use layer::GuardLayer;
pub use service::{Guard, ResponseFuture};
