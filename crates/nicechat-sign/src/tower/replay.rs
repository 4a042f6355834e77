//! A window in which the same signed request is accepted once.
//!
//! The signature holds no time and no nonce, so a recorded request stays valid for ever. A replay
//! window refuses a second copy of a request that changes something while the window lasts. It also
//! refuses an honest client that sends the same change twice, so it is optional. It does not help
//! against a copy sent after the window.
// N31

use alloc::collections::{BTreeSet, VecDeque};
use alloc::sync::Arc;
use core::convert::Infallible;
use core::fmt;
use core::future::{Ready, ready};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::Signature;

/// Whether a signature was seen before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Seen {
    /// The first time within the window; the store remembers it now.
    First,
    /// Seen before, within the window.
    Again,
}

/// Remembers signatures for one process or for several.
pub trait ReplayStore {
    /// The error of a failed store. The layer answers 503 and refuses the request.
    type Error;
    /// The future of a query.
    type Future: Future<Output = Result<Seen, Self::Error>>;

    /// Whether the layer queries the store at all.
    const ASKED: bool = true;

    /// Remembers a signature and returns whether it was there, in one atomic step.
    fn remember(&self, signature: &Signature) -> Self::Future;
}

/// No replay window.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unguarded(());

impl ReplayStore for Unguarded {
    type Error = Infallible;
    type Future = Ready<Result<Seen, Infallible>>;

    const ASKED: bool = false;

    fn remember(&self, _: &Signature) -> Self::Future {
        ready(Ok(Seen::First))
    }
}

type Clock = Arc<dyn Fn() -> Instant + Send + Sync>;

/// Remembers signatures in memory. Clones share one store.
#[derive(Clone)]
pub struct MemoryReplayStore {
    window: Duration,
    capacity: usize,
    clock: Clock,
    seen: Arc<Mutex<Memory>>,
}

#[derive(Default)]
struct Memory {
    known: BTreeSet<[u8; 32]>,
    /// The time each signature was first seen, oldest first.
    order: VecDeque<(Instant, [u8; 32])>,
}

/// An error: the store is full, and the window of each signature in it is still open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplayStoreFull(());

impl MemoryReplayStore {
    /// Remembers each signature for `window`, and at most `capacity` of them: when it is full,
    /// requests that change something are refused with 503 until the oldest expires.
    #[expect(
        clippy::disallowed_methods,
        reason = "the default of the clock that `clock` gives"
    )]
    pub fn new(window: Duration, capacity: usize) -> Self {
        Self {
            window,
            capacity,
            clock: Arc::new(Instant::now),
            seen: Arc::default(),
        }
    }

    /// Sets the clock, for tests.
    #[must_use]
    pub fn clock(mut self, clock: impl Fn() -> Instant + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    fn remember_now(&self, signature: &Signature) -> Result<Seen, ReplayStoreFull> {
        let now = (self.clock)();
        let mut memory = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        memory.forget(now, self.window);
        let signature = *signature.as_bytes();
        if memory.known.contains(&signature) {
            return Ok(Seen::Again);
        }
        if memory.known.len() >= self.capacity {
            return Err(ReplayStoreFull(()));
        }
        memory.known.insert(signature);
        memory.order.push_back((now, signature));
        Ok(Seen::First)
    }
}

impl Memory {
    fn forget(&mut self, now: Instant, window: Duration) {
        while let Some((since, signature)) = self.order.front()
            && now.saturating_duration_since(*since) >= window
        {
            self.known.remove(signature);
            self.order.pop_front();
        }
    }
}

impl ReplayStore for MemoryReplayStore {
    type Error = ReplayStoreFull;
    type Future = Ready<Result<Seen, ReplayStoreFull>>;

    fn remember(&self, signature: &Signature) -> Self::Future {
        ready(self.remember_now(signature))
    }
}

impl fmt::Debug for MemoryReplayStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryReplayStore")
            .field("window", &self.window)
            .field("capacity", &self.capacity)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for ReplayStoreFull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the replay store is full")
    }
}

impl core::error::Error for ReplayStoreFull {}

#[cfg(test)]
mod tests {
    use super::*;

    fn signature(byte: u8) -> Signature {
        Signature::from_bytes([byte; 32])
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "some moment to begin with")]
    fn n31_a_signature_is_new_once_per_window() {
        let time = Arc::new(Mutex::new(Instant::now()));
        let clock = Arc::clone(&time);
        let store = MemoryReplayStore::new(Duration::from_secs(60), 2)
            .clock(move || *clock.lock().unwrap());
        let pass = |seconds| *time.lock().unwrap() += Duration::from_secs(seconds);

        assert_eq!(store.remember_now(&signature(1)), Ok(Seen::First));
        pass(59);
        assert_eq!(store.clone().remember_now(&signature(1)), Ok(Seen::Again));
        assert_eq!(store.remember_now(&signature(2)), Ok(Seen::First));
        let full = store.remember_now(&signature(3)).unwrap_err();
        assert_eq!(alloc::format!("{full}"), "the replay store is full");
        pass(1);
        assert_eq!(store.remember_now(&signature(1)), Ok(Seen::First));
        assert_eq!(store.remember_now(&signature(2)), Ok(Seen::Again));

        let for_ever = MemoryReplayStore::new(Duration::MAX, 2);
        assert_eq!(for_ever.remember_now(&signature(1)), Ok(Seen::First));
        assert_eq!(for_ever.remember_now(&signature(1)), Ok(Seen::Again));
    }

    #[test]
    fn debug_shows_no_signature() {
        let store = MemoryReplayStore::new(Duration::from_secs(1), 1);
        store.remember_now(&signature(0xab)).unwrap();
        assert!(!alloc::format!("{store:?}").contains("ab, ab"));
        assert!(!alloc::format!("{store:?}").contains("171"));
    }
}
