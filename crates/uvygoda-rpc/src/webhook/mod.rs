//! Receiving the events that `setWebHook` asks for.
//!
//! The service announces five events and documents none of their shapes, no signature and no
//! repeats, and no method reads orders or chats: **an event that is lost is lost data** (acceptance
//! rows U18 to U24). The receiver therefore refuses nothing that reaches the right address. It
//! tells events apart by [`Rules`] that are data, keeps the body as it came, and answers only after
//! a [`Store`] has it.
//!
//! ```
//! use uvygoda_rpc::webhook::{Delivery, EventKind, MemoryStore, Receiver, Rule, Rules};
//!
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! let rules = Rules::new([Rule::new(EventKind::NewOrder, "/event").equals("order.new")]);
//! let receiver = Receiver::new("path-secret-1", MemoryStore::default()).rules(rules);
//!
//! let delivery = Delivery::new("path-secret-1", r#"{"event":"order.new","order":{"ID":7}}"#);
//! let receipt = receiver.receive(delivery).await.unwrap();
//! assert_eq!(receipt.event.kind, EventKind::NewOrder);
//! assert!(!receipt.is_duplicate);
//! assert_eq!(receiver.store().events().len(), 1);
//!
//! // Whoever does not know the path is told nothing.
//! let stranger = Delivery::new("guess", "{}");
//! assert_eq!(receiver.receive(stranger).await.unwrap_err().status(), 404);
//! # });
//! ```

mod event;
mod receiver;
mod rules;
#[cfg(feature = "webhooks")]
mod service;
mod store;

pub use event::{Event, EventKind};
pub use receiver::{Delivery, Receipt, Receiver, Rejection};
pub use rules::{Rule, Rules};
#[cfg(feature = "webhooks")]
pub use service::WebhookService;
pub use store::{MemoryStore, Store, Stored};
