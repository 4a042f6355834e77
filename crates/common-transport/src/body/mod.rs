//! Bodies that are not in memory: streamed requests, and answers read piece by piece.
//!
//! A [`Body`] is what a request sends: bytes, a stream that can be begun anew, or one that cannot. It knows
//! its length or it does not; one of unknown length is sent in chunks. What a repeat may do with it:
//!
//! | body | repeated |
//! |---|---|
//! | bytes | as any call |
//! | [`restartable`](Body::restartable) | as any call; each attempt sends a stream of its own |
//! | [`once`](Body::once) | as any call until its first piece was taken, then never |
//!
//! Layers carry requests of [`Bytes`](bytes::Bytes). [`Body::attach`] puts a stream beside such a request, in
//! its extensions, and the transport at the bottom sends it: [`Outgoing::of`] is how it finds it. So an
//! [`Operation`](crate::Operation) may attach one too, and is then sent like any other. [`retry`](crate::retry)
//! knows what must not be repeated, and [`attempt`](crate::attempt) bounds each silence while the body is
//! being sent, whoever is silent, and waits for the head of the answer from the last piece on. A stream is
//! read no further than the connection takes it. Copies of a request share its stream, and the sending of one
//! ends that of the one before: streams are not for hedging.
//!
//! [`Bounded`] is the other direction: a body whose size, silences and end are bounded as it is read.
//!
//! Both are bodies for any HTTP stack, with no layer around them:
//!
//! ```
//! use bytes::Bytes;
//! use common_transport::body::{Body, Bounded};
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
mod source;
#[cfg(test)]
mod tests;

pub use bounded::Bounded;
pub use failure::BodyFailure;
pub use outgoing::Outgoing;
pub use source::Body;

pub(crate) use bounded::poll_piece;
pub(crate) use run::Run;
pub(crate) use source::{is_spent, run_of};
