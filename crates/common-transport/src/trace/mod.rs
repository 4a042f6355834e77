//! One span for each operation, with the field names of OpenTelemetry.
//!
//! [`TraceLayer`] opens a span `operation` around the whole call. Its fields are those of OpenTelemetry's HTTP client
//! spans, and some of this crate. The layer of `tracing-opentelemetry` reads the first three itself.
//!
//! | field | value |
//! |---|---|
//! | `otel.name` | `GET /api/v5/orders/{externalId}`; the method alone where the operation is not known |
//! | `otel.kind` | `client` |
//! | `otel.status_code` | `ERROR` together with `error.type` |
//! | `http.request.method` | `GET` |
//! | `server.address`, `server.port` | host and port of the request |
//! | `url.template` | the path with `{param}` templates, where the operation is known |
//! | `http.response.status_code` | where there was an answer |
//! | `http.request.resend_count` | how often the call was repeated |
//! | `error.type` | the status from 400 on, the [kind](crate::ErrorKind) of a failure, or `cancelled` |
//! | `service.peer.name`, `operation` | `retailcrm`, `orders.get`; where the operation is known |
//! | `rate_limit.wait_ms` | how long the call waited for the rate limit |
//! | `client_request_id` | the `X-Request-Id` of the request |
//! | `request_id` | the service's [id](crate::request_id()) of the request |
//!
//! The attempts are child spans at level debug, opened by [`retry`](crate::retry). Each has its own
//! `http.request.resend_count`, `http.response.status_code`, `error.type`, `otel.status_code` and `rate_limit.wait_ms`.
//!
//! An [`Observer`](crate::observe::Observer) gets the same information, for metrics. The layer belongs outside of the
//! deadline layer: an outer deadline would end its calls as if they were dropped.
//!
//! No field holds the URL, since its query may hold a key, and its path personal data. No field holds headers or bodies
//! either.
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
pub(crate) use service::close;
pub use service::{ResponseFuture, Trace};
