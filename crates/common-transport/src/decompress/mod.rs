//! Expansion of compressed answers, up to a limit.
//!
//! [`DecompressLayer`] requests the codings whose features are on (`gzip`, `brotli`, `zstd`), unless the request has
//! its own `Accept-Encoding`. It expands every such answer, requested or not, also with several codings on top of
//! each other. `gzip` includes `deflate`.
//!
//! An answer that would expand beyond the limit is an error ([`ErrorKind::BodyLimit`](crate::ErrorKind::BodyLimit)).
//! It never takes more memory than the limit and the window of its coding: 32 KiB, 16 MiB and 8 MiB for the three. A
//! Zstandard frame with a larger window is refused.
//!
//! A success in an unknown coding is an error ([`ErrorKind::Decode`](crate::ErrorKind::Decode)) that names the
//! coding: coded bytes are never returned as the answer. A failure in an unknown coding is passed on unchanged, with
//! its header, since its status is enough to classify it.
//!
//! The layer works on whole answers, so it belongs outside of [`attempt`](crate::attempt). It expands on the calling
//! task, a piece at a time: in between other tasks can run, and a deadline outside can end it.
//!
//! ```
//! use bytes::Bytes;
//! use common_transport::{Error, decompress::DecompressLayer};
//! use http::{Request, Response};
//! use tower::{Service, ServiceBuilder, ServiceExt, service_fn};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut service = ServiceBuilder::new()
//!     .layer(DecompressLayer::new().max_body(1024))
//!     .service(service_fn(async |_: Request<Bytes>| {
//!         Ok::<_, Error>(Response::new(Bytes::from_static(b"plain")))
//!     }));
//! let answer = service.ready().await?.call(Request::new(Bytes::new())).await?;
//! assert_eq!(answer.body(), "plain");
//! # Ok(())
//! # }
//! ```

mod coding;
mod expansion;
#[cfg(feature = "gzip")]
mod gzip;
mod layer;
mod metered;
mod service;
#[cfg(test)]
mod tests;
#[cfg(feature = "zstd")]
mod zstd;

#[cfg(feature = "client-core")]
pub(crate) use coding::Codings;
pub use layer::DecompressLayer;
#[cfg(feature = "client-core")]
pub(crate) use service::unread;
pub use service::{Decompress, ResponseFuture};
