//! Receivers that keep their events in a durable inbox.
//!
//! [`InboxStore`] is a store for the receivers of all services: `nicechat::feed::Receiver`,
//! `uvygoda::events::Receiver` and `retailcrm::webhooks::NoticeReceiver`. The sender is answered with 2xx after the
//! inbox has the event on disk.
//!
//! An event has these parts of its delivery:
//! - **Source**: as set by `Receiver::source`, such as `uvygoda:main`.
//! - **Id**: the source's own id of the event, if there is one. A repeat is not stored again. An event with a known id
//!   and another body is stored, without the id.
//! - **Order**: events about the same subject, such as an order, stay in order. Events without a subject stay in the
//!   order of their source.
//! - **Headers**: without credentials and without the secret of the path. `:method` is added unless it is POST, and
//!   `:query` if there is one; its parameters with names of secrets are masked.
//! - **Body**: unchanged.
//! - **Erasure**: by each e-mail address and phone number in the body or the query ([`erasure_key`]), at most
//!   [`MOST_ERASURE_KEYS`], and by the key of order.
//!
//! # Example
//! ```
//! # #[cfg(all(feature = "durable-sqlite", feature = "uvygoda"))] {
//! use std::sync::Arc;
//!
//! use shopwire::{
//!     durable::{Claim, Inbox, sqlite::{Sqlite, SqliteOptions}},
//!     inbox::InboxStore,
//!     uvygoda::events::{Delivery, Receiver},
//! };
//!
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! let inbox = Inbox::new(Arc::new(Sqlite::open(SqliteOptions::memory()).await?));
//! let receiver = Receiver::new("path-secret-1", InboxStore::new(inbox.clone())).source("uvygoda:main");
//! let delivery = Delivery::new(r#"{"ORDER":{"ID":7}}"#);
//! receiver.receive("path-secret-1", delivery).await.unwrap();
//!
//! // A worker.
//! for delivery in inbox.claim(Claim::events("uvygoda:main")).await? {
//!     assert_eq!(delivery.event.body, r#"{"ORDER":{"ID":7}}"#);
//!     inbox.finish(delivery.ticket).await?;
//! }
//! # Ok::<(), shopwire::durable::Error>(())
//! # }).unwrap();
//! # }
//! ```

mod event;
mod personal;
mod store;

pub use event::MOST_ERASURE_KEYS;
pub use personal::erasure_key;
pub use store::{InboxStore, event_id, receipt_id};
