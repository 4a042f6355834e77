//! An inbox, an outbox and cursors in one store, for everything that must survive a crash. It knows no service and no
//! HTTP.
//!
//! - The [`Inbox`] keeps the events that a source tells us: appended to disk before the sender is told so, delivered to
//!   workers in order per key, until a worker finishes them or a person decides.
//! - [`Cursors`] keep how far a source was read. A cursor moves in the commit of the effect it stands for, so it is
//!   never ahead of it.
//! - The [`Outbox`] keeps the effects that are meant to happen at a service, and how sure we are that they did.
//!
//! All three are handles on a [`Store`], which has three verbs: `commit`, `claim` and `look`. A [`Commit`] is a value:
//! a list of steps that happen together or not at all. So an event is finished, its cursor moved, its effects recorded
//! and the caller's own rows written in one transaction.
//!
//! # Promises
//! 1. Acknowledged means on disk: it survives kill, crash and power cut, if the disk honours sync. It does not survive
//!    a lost disk, a restored backup, or the promotion of a standby that was not synchronous.
//! 2. An event is delivered at least once, in order per key. Among workers that hold a lease, one has the key.
//! 3. Inside the store, everything happens exactly once: finish, cursor, intents and own statements commit together or
//!    not at all.
//! 4. Outside, by the means of the service: with a unique key, there is at most one object. Without a key, nothing is
//!    sent again that may have landed: it ends landed, refused or parked. With [`Repeat::AfterLook`] there is one
//!    object provided that nothing lands later than the wait and no process sleeps between its last check and the send.
//! 5. Of edits, the newest value stands in the end, once it was sent after the wait that follows the last ambiguous
//!    end.
//!
//! # Features
//! - `sqlite`: the engine on one SQLite file, bundled. It needs a C compiler to build.
//! - `postgres`: the engine on PostgreSQL 13 and later, with TLS by rustls.
//! - `conformance`: the suite that every engine must pass, for authors of engines.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod claim;
mod clock;
mod commit;
#[cfg(feature = "conformance")]
pub mod conformance;
mod cursor;
mod effect;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod engine;
mod error;
mod event;
mod handle;
mod key;
mod lease;
mod limits;
mod look;
mod retry;
mod store;

pub use claim::{Claim, Claimed, Delivery, EffectDelivery, Later, Queue, Task};
pub use clock::{Clock, Timestamp};
pub use commit::{Appended, Commit, Done, Erased, Purged, Statement, Step, Value};
pub use cursor::{Cursor, CursorMove, Position};
pub use effect::{Decision, Effect, EffectId, EffectState, End, NewEffect, Repeat};
#[cfg(feature = "postgres")]
pub use engine::postgres;
#[cfg(feature = "sqlite")]
pub use engine::sqlite;
pub use error::{Error, ErrorKind};
pub use event::{Event, EventId, EventState, Failure, NewEvent};
pub use handle::{Cursors, Inbox, Outbox};
pub use key::Key;
pub use lease::{EffectTicket, Lease, Ticket, Token};
pub use limits::Limits;
pub use look::{
    AccountTotals, EffectDetails, EffectSummary, EventDetails, EventSummary, Look, Page,
    SourceTotals, Totals,
};
pub use retry::{Backoff, Retry};
pub use store::{Answer, Store};
