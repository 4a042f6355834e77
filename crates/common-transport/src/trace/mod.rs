//! One span for each operation.
//!
//! [`TraceLayer`] opens a span `operation` around everything, with OpenTelemetry's names of an HTTP client:
//! `otel.name`, `otel.kind`, `http.request.method`, `server.address`, `server.port`, `url.template`,
//! `http.response.status_code`, `http.request.resend_count`, `error.type`, and `rate_limit.wait_ms`. The
//! attempts are its children, opened by [`retry`](crate::retry); each says how long it had to wait. An
//! [`Observer`](crate::observe::Observer) hears the same, for metrics. It belongs outside of a deadline: one further
//! out ends its calls as if they were dropped.
//!
//! The URL itself is in no field: its query may hold a key (acceptance row R9), its path the data of a
//! person. Headers and bodies are in none either.
//!
//! ```
//! use bytes::Bytes;
//! use common_transport::{Error, trace::TraceLayer};
//! use http::{Request, Response};
//! use tower::{Service, ServiceBuilder, ServiceExt, service_fn};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut service = ServiceBuilder::new()
//!     .layer(TraceLayer::new())
//!     .service(service_fn(async |_: Request<Bytes>| Ok::<_, Error>(Response::new(()))));
//! let request = Request::get("https://demo.example/?apiKey=k-1").body(Bytes::new())?;
//! assert!(service.ready().await?.call(request).await.is_ok());
//! # Ok(())
//! # }
//! ```

mod layer;
mod service;

pub use layer::TraceLayer;
pub use service::{ResponseFuture, Trace};
