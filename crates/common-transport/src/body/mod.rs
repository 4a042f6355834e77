//! Bodies that are not held in memory: streamed requests, and answers read piece by piece.
//!
//! A [`Body`](crate::Body) is sent by a request. It is bytes, a stream that can be restarted, or a stream that cannot.
//! A body of unknown length is sent in chunks. Its kind decides whether a call may be repeated:
//!
//! | body | repeated |
//! |---|---|
//! | bytes | as any call |
//! | [`restartable`](crate::Body::restartable) | as any call; each attempt sends its own stream |
//! | [`once`](crate::Body::once) | as any call until its first piece was taken, then never |
//!
//! Layers carry requests of [`Bytes`](bytes::Bytes). [`Body::attach`](crate::Body::attach) puts a stream into the
//! extensions of such a request, and the transport at the bottom finds it by [`Outgoing::of`] and sends it. So an
//! [`Operation`](crate::Operation) may attach a stream, too, and is then sent like any other.
//!
//! [`retry`](crate::retry) does not repeat a call whose stream is spent. While the body is being sent,
//! [`attempt`](crate::attempt) limits each pause of either side, and it waits for the head of the answer from the
//! last piece on. A stream is read only as fast as the connection takes it. Copies of a request share its stream,
//! and sending one copy ends the sending of the previous one, so streams do not work with hedging.
//!
//! [`Bounded`] is for the other direction: a body whose size, pauses and total time are limited while it is read.
//!
//! Both work with any HTTP stack, without layers:
//!
//! ```
//! use bytes::Bytes;
//! use common_transport::{Body, body::Bounded};
//! use http_body_util::{BodyExt, Full};
//! use tokio::time::Duration;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), common_transport::BoxError> {
//! let body = Body::restartable(|| Full::<Bytes>::from("a long text"));
//! assert_eq!(body.length(), None, "it is known once the stream is made");
//! let sent = body.open().collect().await?.to_bytes();
//! let again = body.open().collect().await?.to_bytes();
//! assert_eq!((&sent[..], &again[..]), (&b"a long text"[..], &b"a long text"[..]));
//!
//! let answer = Bounded::new(Full::<Bytes>::from("five5")).max(4).idle_timeout(Duration::from_secs(1));
//! assert!(answer.collect().await.unwrap_err().to_string().contains("larger than 4 bytes"));
//! # Ok(())
//! # }
//! ```

mod bounded;
mod failure;
mod outgoing;
mod pieces;
mod run;
mod slot;
pub(crate) mod source;
#[cfg(test)]
mod tests;

pub use bounded::Bounded;
pub use failure::BodyFailure;
pub use outgoing::Outgoing;

pub(crate) use bounded::poll_piece;
pub(crate) use run::Run;
pub(crate) use source::{is_spent, run_of};
