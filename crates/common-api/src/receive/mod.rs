//! Receivers of callbacks and webhooks, which services post once and do not repeat.
//!
//! The services sign nothing. They never send an event again after an answer or after giving up. A [`Receiver`] is
//! built for that:
//!
//! - The last segment of the path is a secret. It is compared in constant time. Other paths get 404.
//! - The body is read, and the event stored, in a task of its own. Once the last byte of the body has arrived, the
//!   event is stored even if its sender hangs up, resets the connection, half-closes it or stops waiting.
//! - The sender is answered with 200 only after the store has the event.
//! - Each delivery that is not accepted is recorded: a count by [`Reason`], a `tracing` event, and a call of
//!   [`OnReject`] with the size and the first bytes.
//! - Two deliveries with the same body are two events. The second one is marked with [`Receipt::repeat_of`]. Only a
//!   source's own event id removes a repeat.
//! - At shutdown [`Receiver::drain`] waits for deliveries that are still being read or stored.
//!
//! A `Receiver` is a tower service over HTTP types: mount it in any HTTP server.
//!
//! # With hyper
//! Set `http1::Builder::half_close(true)`. Without it hyper drops a connection as soon as the sender has closed its
//! sending side:
//! - Such a sender gets no answer.
//! - hyper may never poll the future of the service. A `Receiver` starts when it is called, before the first poll,
//!   so it must be called at once: `service_fn(move |request| receiver.clone().call(request))`.
//!
//! Some adapters call a tower service only at the first poll: hyper-util's `TowerToHyperService` and axum. Without
//! `half_close` they lose events of senders that close with their last byte, and the receiver does not notice. With
//! `half_close` they lose none.
//! # Example
//!
//! ```
//! use bytes::Bytes;
//! use common_api::receive::{Delivery, Format, MemoryStore, Receiver, Storing};
//! use common_transport::BoxError;
//! use http::Request;
//! use http_body_util::Full;
//! use tower_service::Service;
//!
//! /// The events of this source: one number as text.
//! #[derive(Debug, Default)]
//! struct Numbers;
//!
//! impl Format for Numbers {
//!     type Event = u32;
//!
//!     fn read(&self, delivery: &Delivery) -> Result<u32, BoxError> {
//!         Ok(std::str::from_utf8(&delivery.body)?.parse()?)
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() {
//! let mut receiver: Receiver<Storing<Numbers, _>> = Receiver::new("path-secret-1", MemoryStore::new());
//! let post = |body: &'static str| {
//!     Request::post("/numbers/path-secret-1").body(Full::<Bytes>::from(body)).unwrap()
//! };
//! assert_eq!(receiver.call(post("7")).await.unwrap().status(), 200);
//! assert_eq!(receiver.call(post("7")).await.unwrap().status(), 200);
//! assert_eq!(receiver.call(post("seven")).await.unwrap().status(), 400);
//!
//! let events: Vec<u32> = receiver.store().events().iter().map(|received| received.event).collect();
//! assert_eq!(events, [7, 7]);
//! assert_eq!(receiver.counts().rejected(), 1);
//! # }
//! ```

mod counts;
mod credentials;
mod delivery;
mod handler;
mod in_flight;
mod memory;
mod open;
mod read;
mod receipt;
mod receiver;
mod rejected;
mod rejection;
mod service;
mod store;

pub use crate::credential::is_credential;
pub use counts::Counts;
pub use delivery::Delivery;
pub use handler::{Accepted, Format, Handler, Storing};
pub use memory::{MemoryStore, MemoryStoreFull};
pub use receipt::{Kept, Receipt, ReceiptId};
pub use receiver::Receiver;
pub use rejected::{OnReject, Rejected};
pub use rejection::{Reason, Rejection};
pub use service::ResponseFuture;
pub use store::{Received, Store};
