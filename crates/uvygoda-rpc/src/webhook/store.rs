//! Where events go before they are acknowledged.

use std::{
    collections::HashSet,
    future::Future,
    sync::{Mutex, PoisonError},
};

use common_transport::BoxError;

use super::Event;

/// Keeps events. The receiver answers 2xx only after `store` has said that the event is safe
/// (acceptance row U24).
pub trait Store: Send + Sync {
    /// Keeps the event durably, once: [`Stored::Already`] when one with the same [`Event::hash`] is
    /// kept.
    ///
    /// # Errors
    /// The event is not safe; the sender is told to try again (503).
    fn store(&self, event: &Event) -> impl Future<Output = Result<Stored, BoxError>> + Send;
}

/// What a store did with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "an event is new or it is not")]
pub enum Stored {
    /// It was new and is kept now.
    New,
    /// It was kept before.
    Already,
}

/// Keeps events in memory, without a limit: for tests and for trying things out.
#[derive(Debug, Default)]
pub struct MemoryStore {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    seen: HashSet<[u8; 32]>,
    events: Vec<Event>,
}

impl MemoryStore {
    /// The events so far, in the order they came.
    pub fn events(&self) -> Vec<Event> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.events.clone()
    }
}

impl Store for MemoryStore {
    async fn store(&self, event: &Event) -> Result<Stored, BoxError> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if !inner.seen.insert(event.hash()) {
            return Ok(Stored::Already);
        }
        inner.events.push(event.clone());
        Ok(Stored::New)
    }
}
