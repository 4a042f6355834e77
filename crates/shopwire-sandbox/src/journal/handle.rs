//! The handle of the journal.

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, MutexGuard};

#[cfg(feature = "admin")]
use super::arrivals::Arrival;
use super::entry::Entry;
use super::exchange::Exchange;
use super::filter::{Filter, Page};
use super::open::Open;
use super::shared::Shared;
use super::store::Store;
use super::subscription::Subscription;
use crate::clock::Clock;
use crate::names::ServiceName;

/// Number of exchanges that are looked through before other users of the journal get their turn.
const AT_ONCE: u64 = 1024;

/// All exchanges of a sandbox. Clones share it.
///
/// It keeps 32 MiB: of more than 100,000 exchanges the summaries, of the last ones also query and reasons, and of the
/// last ones headers and bodies, 64 KiB of each body. The oldest are dropped first.
#[derive(Clone)]
pub struct Journal {
    shared: Arc<Shared>,
    clock: Clock,
}

impl Journal {
    pub(crate) fn new(clock: Clock) -> Self {
        Self {
            clock,
            shared: Arc::default(),
        }
    }

    /// Returns the exchange with this id, if it is kept.
    pub fn get(&self, id: u64) -> Option<Exchange> {
        self.shared.get(id)
    }

    /// Returns the newest `limit` exchanges that match.
    pub fn page(&self, filter: &Filter, limit: usize) -> Page {
        let mut page = Page::default();
        let mut before = self.store().next();
        if let Some(limit) = filter.before {
            before = before.min(limit);
        }
        loop {
            let store = self.store();
            let oldest = store.next() - store.iter().len() as u64;
            let lowest = filter.after.map_or(oldest, |after| oldest.max(after + 1));
            let from = before.saturating_sub(AT_ONCE).max(lowest);
            for id in (from..before).rev() {
                let Some(entry) = store.get(id) else { continue };
                if !filter.may_match(entry) || !filter.has_text(entry) {
                    continue;
                }
                page.total += 1;
                if page.exchanges.len() < limit {
                    page.exchanges.push(entry.exchange());
                } else if page.next.is_none() {
                    page.next = page.exchanges.last().map(|last| last.id);
                }
            }
            if from <= lowest {
                return page;
            }
            before = from;
        }
    }

    /// Drops all exchanges. Ids go on.
    pub fn clear(&self) {
        self.store().clear();
    }

    /// Subscribes to exchanges that end from now on.
    pub fn subscribe(&self) -> Subscription {
        Subscription::new(&self.shared)
    }

    /// Records the arrival of a request.
    pub(crate) fn arrived<B>(&self, service: ServiceName, request: &http::Request<B>) -> Open {
        let at_ms = self.clock.timestamp().as_millisecond();
        let mut store = self.store();
        let id = store.next();
        store.push(Entry::new(id, at_ms, service, request));
        drop(store);
        Open::new(self.shared.clone(), id, request.headers())
    }

    /// Expects a request from this address; the result learns its id.
    #[cfg(feature = "admin")]
    pub(crate) fn expect_from(&self, peer: SocketAddr) -> Arrival {
        self.shared.arrivals.expect(peer)
    }

    /// Tells who expects a request from this address that it has arrived.
    pub(crate) fn arrived_from(&self, peer: SocketAddr, id: u64) {
        self.shared.arrivals.tell(peer, id);
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        self.shared.store()
    }

    /// Calls `read` with the entries of a service, oldest first.
    pub(crate) fn of<T>(
        &self,
        service: ServiceName,
        read: impl FnOnce(&mut dyn Iterator<Item = &Entry>, usize) -> T,
    ) -> T {
        let store = self.store();
        let mut entries = store.iter().filter(|entry| entry.service == service);
        read(&mut entries, store.total(service))
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journal")
            .field("kept", &self.store().iter().len())
            .finish_non_exhaustive()
    }
}
