//! A subscription to the journal.

use std::fmt;
use std::sync::{Arc, Weak};

use tokio::sync::broadcast::{self, error::RecvError};

use super::exchange::Exchange;
use super::shared::Shared;

/// A subscription to the journal: each exchange that has ended since.
///
/// An exchange has ended when its answer is sent, or when it is certain that there will be none.
pub struct Subscription {
    journal: Weak<Shared>,
    ended: broadcast::Receiver<u64>,
}

/// The subscriber was too slow, and this many exchanges were left out. The journal still has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missed(pub u64);

impl Subscription {
    /// Subscribes. The subscription does not keep the journal alive, so that it ends with the sandbox.
    pub(super) fn new(journal: &Arc<Shared>) -> Self {
        Self {
            journal: Arc::downgrade(journal),
            ended: journal.subscribe(),
        }
    }

    /// Returns the next exchange, or `None` when the sandbox has ended. The result may be dropped at any time and
    /// nothing is lost.
    ///
    /// # Errors
    /// Some were left out; the next call returns the oldest that is left.
    pub async fn next(&mut self) -> Option<Result<Exchange, Missed>> {
        loop {
            match self.ended.recv().await {
                Ok(id) => match self.journal.upgrade()?.get(id) {
                    Some(exchange) => return Some(Ok(exchange)),
                    // It was cleared, or has made place for others.
                    None => continue,
                },
                Err(RecvError::Lagged(count)) => return Some(Err(Missed(count))),
                Err(RecvError::Closed) => return None,
            }
        }
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").finish_non_exhaustive()
    }
}
