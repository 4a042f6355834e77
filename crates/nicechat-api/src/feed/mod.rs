//! Feed imports: polling of a task to its end, and the callback that announces the end.
//!
//! The service posts the callback once, without a signature and without retries. Take it as a hint
//! that there is a result, query the result to confirm it, and keep polling in case a callback is
//! lost. The service also reads the feed on its own schedule. To import only by push, turn off
//! "Check products automatically" in its settings, under Website, Products.

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
