//! Feed imports: following a task to its end, and the callback that announces it.
//!
//! The callback is posted once, never repeated, and carries no signature: take it as a hint that there
//! is a result, confirm what it says by asking, and keep polling for the ones that were lost. The service also reads its feed on its own; whoever pushes turns
//! "Check products automatically" off in its settings, under Website, Products.

mod callback;
mod poll;
#[cfg(feature = "receivers")]
mod receiver;
#[cfg(feature = "client")]
mod watch;

pub use poll::{FeedPoll, PollPolicy, Progress};
#[cfg(feature = "receivers")]
pub use receiver::{CallbackFormat, MemoryStore, Receiver};
#[cfg(feature = "client")]
pub use watch::FeedWatch;

#[cfg(feature = "receivers")]
pub use common_api::receive::{
    Accepted, Counts, Delivery, Kept, OnReject, Reason, Receipt, ReceiptId, Received, Rejected,
    Rejection, Store,
};
