//! Feed imports: following a task to its end, and the callback that announces it.
//!
//! The callback is posted once, never repeated, and carries no signature (acceptance rows N83,
//! N84): take it as a hint that there is a result, confirm what it says by asking, and keep polling
//! for the ones that were lost. The service also reads its feed on its own; whoever pushes turns
//! "Check products automatically" off in its settings, under Website, Products (N80).

mod callback;
mod poll;
#[cfg(feature = "client")]
mod watch;

pub use callback::{CallbackReceiver, CallbackRejection};
pub use poll::{FeedPoll, PollPolicy, Progress};
#[cfg(feature = "client")]
pub use watch::FeedWatch;
