//! The inbox: events from sources, delivered to workers.

use std::{sync::Arc, time::Duration};

use super::{only, unexpected};
use crate::{
    Appended, Claim, Claimed, Commit, Delivery, Done, Erased, Error, EventDetails, EventId,
    EventState, EventSummary, Key, Later, Look, NewEvent, Page, Purged, Retry, Store, Ticket,
    Timestamp, Totals,
};

/// Handle on the events of a store. Clones share the store.
///
/// A step that belongs together with others goes into a [`Commit`]: `inbox.store().commit(…)`.
#[derive(Debug, Clone)]
pub struct Inbox {
    store: Arc<dyn Store>,
}

/// For receivers.
impl Inbox {
    /// Makes a handle on a store.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store }
    }

    /// The store.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// Appends an event. After success it is on disk, and the sender can be told so.
    ///
    /// # Errors
    /// [`Busy`](crate::ErrorKind::Busy) if the queue is full, [`TooLarge`](crate::ErrorKind::TooLarge), or as
    /// [`Store::commit`].
    pub async fn append(&self, event: NewEvent) -> Result<Appended, Error> {
        match self.one(Commit::new().append(event)).await? {
            Done::Appended(appended) => Ok(appended),
            _ => Err(unexpected()),
        }
    }
}

/// For workers.
impl Inbox {
    /// Claims due events.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a claim of effects, or as [`Store::claim`].
    pub async fn claim(&self, claim: Claim) -> Result<Vec<Delivery>, Error> {
        let claimed = self.store.claim(claim).await?;
        claimed
            .into_iter()
            .map(|claimed| match claimed {
                Claimed::Event(delivery) => Ok(delivery),
                _ => Err(unexpected()),
            })
            .collect()
    }

    /// Ends a delivery: the event was handled.
    ///
    /// # Errors
    /// [`LeaseLost`](crate::ErrorKind::LeaseLost) if another worker claimed the event, or as [`Store::commit`].
    pub async fn finish(&self, ticket: Ticket) -> Result<(), Error> {
        self.one(Commit::new().finish(ticket)).await.map(drop)
    }

    /// Ends a delivery: it failed and is to be delivered again.
    ///
    /// # Errors
    /// As [`finish`](Self::finish).
    pub async fn retry(
        &self,
        ticket: Ticket,
        retry: Retry,
        reason: impl Into<String>,
    ) -> Result<(), Error> {
        let commit = Commit::new().retry(ticket, retry, reason);
        self.one(commit).await.map(drop)
    }

    /// Ends a delivery: the event cannot be handled and waits for a person.
    ///
    /// # Errors
    /// As [`finish`](Self::finish).
    pub async fn dead(
        &self,
        ticket: Ticket,
        reason: impl Into<String>,
        later: Later,
    ) -> Result<(), Error> {
        let commit = Commit::new().dead(ticket, reason, later);
        self.one(commit).await.map(drop)
    }

    /// Makes a lease as long as given, from now on.
    ///
    /// # Errors
    /// As [`finish`](Self::finish).
    pub async fn renew(&self, ticket: Ticket, lease: Duration) -> Result<(), Error> {
        self.one(Commit::new().renew(ticket, lease)).await.map(drop)
    }
}

/// For operators.
impl Inbox {
    /// Returns an event with its content, or `None` if no event has this id.
    ///
    /// # Errors
    /// As [`Store::look`].
    pub async fn event(&self, event: EventId) -> Result<Option<EventDetails>, Error> {
        match self.store.look(Look::Event(event)).await? {
            Page::Event(details) => Ok(details.map(|details| *details)),
            _ => Err(unexpected()),
        }
    }

    /// Returns at most `at_most` events after one, in the order of their ids.
    ///
    /// # Errors
    /// As [`Store::look`].
    pub async fn events(
        &self,
        source: Option<String>,
        state: Option<EventState>,
        after: Option<EventId>,
        at_most: u32,
    ) -> Result<Vec<EventSummary>, Error> {
        let look = Look::Events {
            source,
            state,
            after,
            at_most,
        };
        match self.store.look(look).await? {
            Page::Events(events) => Ok(events),
            _ => Err(unexpected()),
        }
    }

    /// Returns counts and ages.
    ///
    /// # Errors
    /// As [`Store::look`].
    pub async fn totals(&self) -> Result<Totals, Error> {
        match self.store.look(Look::Totals).await? {
            Page::Totals(totals) => Ok(totals),
            _ => Err(unexpected()),
        }
    }

    /// Delivers an event again, as [`Commit::replay`] describes. Returns the event that will be delivered.
    ///
    /// # Errors
    /// [`NotFound`](crate::ErrorKind::NotFound) if there is no such event or its content was removed,
    /// [`WrongState`](crate::ErrorKind::WrongState) if it is pending, or as [`Store::commit`].
    pub async fn replay(&self, event: EventId) -> Result<EventId, Error> {
        match self.one(Commit::new().replay(event)).await? {
            Done::Replayed(events) if events.len() == 1 => Ok(events[0]),
            _ => Err(unexpected()),
        }
    }

    /// Delivers at most `at_most` dead events of a source again that were received since a wall time. Returns them.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub async fn replay_since(
        &self,
        source: impl Into<String>,
        since: Timestamp,
        at_most: u32,
    ) -> Result<Vec<EventId>, Error> {
        let commit = Commit::new().replay_since(source, since, at_most);
        match self.one(commit).await? {
            Done::Replayed(events) => Ok(events),
            _ => Err(unexpected()),
        }
    }

    /// Ends an event that is pending or dead. It frees a key that the event held.
    ///
    /// # Errors
    /// [`NotFound`](crate::ErrorKind::NotFound), [`WrongState`](crate::ErrorKind::WrongState), or as
    /// [`Store::commit`].
    pub async fn bury(&self, event: EventId, reason: impl Into<String>) -> Result<(), Error> {
        self.one(Commit::new().bury(event, reason)).await.map(drop)
    }

    /// Removes one portion of old events, as [`Commit::purge`] describes.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub async fn purge(
        &self,
        bodies_before: Timestamp,
        ids_before: Timestamp,
        at_most: u32,
    ) -> Result<Purged, Error> {
        let commit = Commit::new().purge(bodies_before, ids_before, at_most);
        match self.one(commit).await? {
            Done::Purged(purged) => Ok(purged),
            _ => Err(unexpected()),
        }
    }

    /// Erases everything of a key in the whole store, as [`Commit::erase`] describes.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub async fn erase(&self, key: impl Into<Key>) -> Result<Erased, Error> {
        match self.one(Commit::new().erase(key)).await? {
            Done::Erased(erased) => Ok(erased),
            _ => Err(unexpected()),
        }
    }

    async fn one(&self, commit: Commit) -> Result<Done, Error> {
        only(self.store.commit(commit).await?)
    }
}
