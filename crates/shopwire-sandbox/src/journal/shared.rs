//! The store of the journal with its lock, and the channel to subscribers.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::broadcast;

use super::arrivals::Arrivals;
use super::entry::Entry;
use super::exchange::Exchange;
use super::store::Store;

/// Number of ended exchanges that wait for a slow subscriber.
const WAITING: usize = 4096;

/// Describes what all handles of a journal share.
#[derive(Debug)]
pub(super) struct Shared {
    store: Mutex<Store>,
    ended: broadcast::Sender<u64>,
    pub(super) arrivals: Arrivals,
}

impl Default for Shared {
    fn default() -> Self {
        Self {
            store: Mutex::default(),
            ended: broadcast::Sender::new(WAITING),
            arrivals: Arrivals::default(),
        }
    }
}

impl Shared {
    pub(super) fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn get(&self, id: u64) -> Option<Exchange> {
        self.store().get(id).map(Entry::exchange)
    }

    pub(super) fn subscribe(&self) -> broadcast::Receiver<u64> {
        self.ended.subscribe()
    }

    /// Tells subscribers that an exchange has ended, once.
    pub(super) fn tell(&self, id: u64) {
        let mut is_new = false;
        self.store().change(id, |entry| {
            is_new = !entry.is_told;
            entry.is_told = true;
        });
        if is_new {
            // Without a subscriber there is nobody to tell.
            let _ = self.ended.send(id);
        }
    }
}
