//! Compressed answers, expanded, and no further than a limit.
//!
//! [`DecompressLayer`] asks for the codings whose features are on (`gzip`, `brotli`, `zstd`), unless the
//! request says itself what it accepts. It expands what comes, whether it was asked for or not, and several codings
//! one after another; `gzip` reads `deflate` too. An answer that would expand to more than the
//! limit is an error ([`ErrorKind::BodyLimit`](crate::ErrorKind::BodyLimit)) before it has taken more memory
//! than that, and than its coding looks back for: 32 KiB, 16 MiB and 8 MiB for the three. A Zstandard frame
//! that wants a larger window is refused.
//!
//! A success in a coding that is not read is an error ([`ErrorKind::Decode`](crate::ErrorKind::Decode)) that names it:
//! coded bytes are never taken for the answer. A failure in such a coding stays as it came, with its header, since
//! its status says what it is.
//!
//! It works on whole answers, so it stands outside of [`attempt`](crate::attempt); it expands on the task
//! that asked, a piece at a time: in between others get their turn, and a deadline outside can end it.
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
