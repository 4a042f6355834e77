//! The store: three verbs over values.

use std::{fmt, future::Future, pin::Pin, sync::Arc};

use crate::{Claim, Claimed, Commit, Done, Error, Look, Page};

/// A boxed future of a [`Store`]. It does not borrow from the store.
pub type Answer<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'static>>;

/// A durable store of events, cursors and effects.
///
/// The trait is object-safe: share a store as `Arc<dyn Store>`. [`Inbox`](crate::Inbox), [`Cursors`](crate::Cursors)
/// and [`Outbox`](crate::Outbox) are handles with one method per use.
///
/// # Promises
/// - A commit that succeeded is on disk. It survives kill, crash and power cut if the disk honours sync.
/// - The steps of a commit happen together or not at all.
/// - An event is delivered at least once, in order per key. Among workers that hold a lease, one has the key.
///
/// # Cancellation
/// The work belongs to the engine when a method returns, before its future is polled. Dropping the future changes
/// nothing: the commit is carried out.
pub trait Store: fmt::Debug + Send + Sync + 'static {
    /// Carries out the steps of a commit together or not at all, and syncs them. The answer has one result for each
    /// step.
    ///
    /// # Errors
    /// After an error nothing of the commit is stored, unless [`Error::may_be_stored`] says that its fate is unknown.
    fn commit(&self, commit: Commit) -> Answer<Vec<Done>>;

    /// Gives due work to a worker, with a lease. The answer is empty if nothing is due.
    ///
    /// It can also be short, or empty, although work is due: work that its worker lost, and that is unknown, dead or
    /// parked from now on, counts as claimed, and PostgreSQL leaves out what another claim holds at this moment. So a
    /// worker that got nothing pauses and claims again. A test that works off all there is claims with a large
    /// [`at_most`](Claim::at_most).
    ///
    /// A claim need not be synced: a claim that a power cut forgets is a lease that ran out.
    ///
    /// # Errors
    /// If the store is busy or unavailable.
    fn claim(&self, claim: Claim) -> Answer<Vec<Claimed>>;

    /// Reads without changing anything. It does not wait for commits and does not hold them back.
    ///
    /// # Errors
    /// If the store is unavailable.
    fn look(&self, look: Look) -> Answer<Page>;
}

impl<S: Store + ?Sized> Store for Arc<S> {
    fn commit(&self, commit: Commit) -> Answer<Vec<Done>> {
        (**self).commit(commit)
    }

    fn claim(&self, claim: Claim) -> Answer<Vec<Claimed>> {
        (**self).claim(claim)
    }

    fn look(&self, look: Look) -> Answer<Page> {
        (**self).look(look)
    }
}

/// Pins that the trait is object-safe.
const _: Option<&dyn Store> = None;
