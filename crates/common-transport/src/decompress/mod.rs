//! Compressed answers, expanded, and no further than a limit.
//!
//! [`DecompressLayer`] asks for the codings whose features are on (`gzip`, `brotli`, `zstd`), unless the
//! request says itself what it accepts, and expands what comes. An answer that would expand to more than the
//! limit is an error ([`ErrorKind::BodyLimit`](crate::ErrorKind::BodyLimit)) before it has taken more memory
//! than that, and than its coding looks back for: 32 KiB, 16 MiB and 8 MiB for the three. A Zstandard frame
//! that wants a larger window is refused. Without any of the features it changes nothing.
//!
//! It works on whole answers, so it stands outside of [`attempt`](crate::attempt); it expands on the task
//! that asked, a piece at a time: in between others get their turn, and a deadline outside can end it. Codings
//! that it does not know stay as they came, with their header.
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
mod layer;
mod metered;
mod service;
#[cfg(test)]
mod tests;
#[cfg(feature = "zstd")]
mod zstd;

pub use layer::DecompressLayer;
pub use service::{Decompress, ResponseFuture};
