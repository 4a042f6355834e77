//! A store that keeps events in memory.

use std::{
    collections::{HashMap, VecDeque, hash_map::RandomState},
    fmt,
    hash::{BuildHasher, Hash},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use common_transport::BoxError;
use tokio::time::Instant;

use super::{Receipt, ReceiptId, Received, Store};

/// Default number of events that are kept.
const CAPACITY: usize = 10_000;

/// Default time for which event ids and bodies are remembered.
const WINDOW: Duration = Duration::from_secs(60 * 60);

/// A store that keeps events in memory: for tests, for experiments, and for programs that [`take`](Self::take) them
/// at once. **Events are lost when the process ends.**
///
/// It is bounded. When it is full, it refuses new events ([`MemoryStoreFull`]) and forgets no old ones. Event ids
/// and bodies are remembered for a window of one hour, and for at most as many events as the capacity. A repeat
/// after that is a new event.
#[derive(Debug)]
pub struct MemoryStore<E> {
    capacity: usize,
    window: Duration,
    hashers: [RandomState; 2],
    inner: Mutex<Inner<E>>,
}

#[derive(Debug)]
struct Inner<E> {
    events: Vec<Received<E>>,
    ids: Memory,
    bodies: Memory,
}

/// An error of a full store: [`take`](MemoryStore::take) events, or raise its capacity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct MemoryStoreFull;

impl fmt::Display for MemoryStoreFull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the memory store is full")
    }
}

impl std::error::Error for MemoryStoreFull {}

impl<E> MemoryStore<E> {
    /// Builds a store with a capacity of 10,000 events and a window of one hour.
    #[must_use]
    pub fn new() -> Self {
        Self {
            capacity: CAPACITY,
            window: WINDOW,
            hashers: [RandomState::new(), RandomState::new()],
            inner: Mutex::new(Inner {
                events: Vec::new(),
                ids: Memory::default(),
                bodies: Memory::default(),
            }),
        }
    }

    /// Sets the capacity in events. Default: 10,000.
    #[must_use]
    pub fn capacity(mut self, events: usize) -> Self {
        self.capacity = events;
        self
    }

    /// Sets the time for which event ids and bodies are remembered. Default: one hour.
    #[must_use]
    pub fn window(mut self, window: Duration) -> Self {
        self.window = window;
        self
    }

    /// Removes the events and returns them, in the order they came. Their ids and bodies stay remembered.
    pub fn take(&self) -> Vec<Received<E>> {
        std::mem::take(&mut self.lock().events)
    }

    fn lock(&self) -> MutexGuard<'_, Inner<E>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hashes a text to 128 bits under random keys, so that a sender cannot construct two texts with the same hash.
    fn fingerprint(&self, text: impl Hash) -> Fingerprint {
        self.hashers.each_ref().map(|hasher| hasher.hash_one(&text))
    }
}

impl<E: Clone> MemoryStore<E> {
    /// Returns copies of the events, in the order they came.
    pub fn events(&self) -> Vec<Received<E>> {
        self.lock().events.clone()
    }
}

impl<E> Default for MemoryStore<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E: Clone + Send + Sync + 'static> Store<E> for MemoryStore<E> {
    async fn store(&self, received: &Received<E>) -> Result<Receipt, BoxError> {
        let source = &received.source;
        let id_key = received
            .event_id
            .as_ref()
            .map(|id| self.fingerprint((source, id)));
        let body_key = self.fingerprint((source, &received.delivery.body));
        let now = Instant::now();
        let since = now.checked_sub(self.window);
        let mut inner = self.lock();
        let Inner {
            events,
            ids,
            bodies,
        } = &mut *inner;
        if let Some(earlier) = id_key.and_then(|key| ids.get(key, since)) {
            return Ok(Receipt::kept_before(earlier));
        }
        if events.len() >= self.capacity {
            return Err(MemoryStoreFull.into());
        }
        let id = received.id();
        let repeat_of = bodies.get(body_key, since);
        if let Some(key) = id_key {
            ids.put(key, id, now, self.capacity);
        }
        bodies.put(body_key, id, now, self.capacity);
        events.push(received.clone());
        Ok(Receipt::new(id).repeat_of(repeat_of))
    }
}

type Fingerprint = [u64; 2];

/// The deliveries by the fingerprint of their text, oldest first.
#[derive(Debug, Default)]
struct Memory {
    latest: HashMap<Fingerprint, ReceiptId>,
    order: VecDeque<(Fingerprint, ReceiptId, Instant)>,
}

impl Memory {
    /// Returns the last delivery with this fingerprint, if it came at `since` or later.
    fn get(&mut self, key: Fingerprint, since: Option<Instant>) -> Option<ReceiptId> {
        if let Some(since) = since {
            while self.order.front().is_some_and(|(.., at)| *at < since) {
                self.forget_oldest();
            }
        }
        self.latest.get(&key).copied()
    }

    fn put(&mut self, key: Fingerprint, id: ReceiptId, now: Instant, capacity: usize) {
        self.latest.insert(key, id);
        self.order.push_back((key, id, now));
        while self.order.len() > capacity {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        let Some((key, oldest, _)) = self.order.pop_front() else {
            return;
        };
        // A later delivery of the same text stays.
        if self.latest.get(&key) == Some(&oldest) {
            self.latest.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests;
