//! The outbox: effects that are meant to happen at services.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;

use super::{only, unexpected};
use crate::{
    Claim, Claimed, Commit, Decision, Done, EffectDelivery, EffectDetails, EffectId, EffectState,
    EffectSummary, EffectTicket, End, Error, Look, NewEffect, Page, Store,
};

/// Handle on the effects of a store. Clones share the store.
///
/// A worker claims an effect. For [`Task::Send`](crate::Task::Send) it calls [`send`](Self::send), then sends, then
/// calls
/// [`settle`](Self::settle). For [`Task::Look`](crate::Task::Look) it looks the object up and settles what it found.
#[derive(Debug, Clone)]
pub struct Outbox {
    store: Arc<dyn Store>,
}

/// For flows and workers.
impl Outbox {
    /// Makes a handle on a store.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store }
    }

    /// The store.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// Records an effect that is meant to happen.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub async fn intend(&self, effect: NewEffect) -> Result<EffectId, Error> {
        match self.one(Commit::new().intend(effect)).await? {
            Done::Intended(effect) => Ok(effect),
            _ => Err(unexpected()),
        }
    }

    /// Claims due effects.
    ///
    /// # Errors
    /// As [`Store::claim`].
    pub async fn claim(&self, claim: Claim) -> Result<Vec<EffectDelivery>, Error> {
        let claimed = self.store.claim(claim).await?;
        claimed
            .into_iter()
            .map(|claimed| match claimed {
                Claimed::Effect(delivery) => Ok(delivery),
                _ => Err(unexpected()),
            })
            .collect()
    }

    /// Records that the first byte is about to be sent, as [`Commit::send`] describes. Send only after success, and
    /// only while `within` has not passed.
    ///
    /// # Errors
    /// [`LeaseLost`](crate::ErrorKind::LeaseLost) if another worker claimed the effect,
    /// [`WrongState`](crate::ErrorKind::WrongState) if it is not ready, or as [`Store::commit`].
    pub async fn send(
        &self,
        ticket: EffectTicket,
        within: Duration,
        note: impl Into<Bytes>,
    ) -> Result<(), Error> {
        let commit = Commit::new().send(ticket, within, note);
        self.one(commit).await.map(drop)
    }

    /// Ends an attempt or a look. Returns the state of the effect afterwards.
    ///
    /// # Errors
    /// [`LeaseLost`](crate::ErrorKind::LeaseLost) if another worker claimed the effect,
    /// [`WrongState`](crate::ErrorKind::WrongState) if the end does not fit its state, or as [`Store::commit`].
    pub async fn settle(&self, ticket: EffectTicket, end: End) -> Result<EffectState, Error> {
        match self.one(Commit::new().settle(ticket, end)).await? {
            Done::Settled(state) => Ok(state),
            _ => Err(unexpected()),
        }
    }

    /// Makes a lease as long as given, from now on.
    ///
    /// # Errors
    /// [`LeaseLost`](crate::ErrorKind::LeaseLost), or as [`Store::commit`].
    pub async fn renew(&self, ticket: EffectTicket, lease: Duration) -> Result<(), Error> {
        let commit = Commit::new().renew_effect(ticket, lease);
        self.one(commit).await.map(drop)
    }
}

/// For operators.
impl Outbox {
    /// Returns an effect with its content, or `None` if no effect has this id.
    ///
    /// # Errors
    /// As [`Store::look`].
    pub async fn effect(&self, effect: EffectId) -> Result<Option<EffectDetails>, Error> {
        match self.store.look(Look::Effect(effect)).await? {
            Page::Effect(details) => Ok(details.map(|details| *details)),
            _ => Err(unexpected()),
        }
    }

    /// Returns at most `at_most` effects after one, in the order of their ids.
    ///
    /// # Errors
    /// As [`Store::look`].
    pub async fn effects(
        &self,
        account: Option<String>,
        state: Option<EffectState>,
        after: Option<EffectId>,
        at_most: u32,
    ) -> Result<Vec<EffectSummary>, Error> {
        let look = Look::Effects {
            account,
            state,
            after,
            at_most,
        };
        match self.store.look(look).await? {
            Page::Effects(effects) => Ok(effects),
            _ => Err(unexpected()),
        }
    }

    /// Decides about an effect, as [`Commit::decide`] describes. Returns the effect that counts from now on, and its
    /// state.
    ///
    /// # Errors
    /// [`NotFound`](crate::ErrorKind::NotFound), [`WrongState`](crate::ErrorKind::WrongState), or as
    /// [`Store::commit`].
    pub async fn decide(
        &self,
        effect: EffectId,
        decision: Decision,
    ) -> Result<(EffectId, EffectState), Error> {
        match self.one(Commit::new().decide(effect, decision)).await? {
            Done::Decided { effect, state } => Ok((effect, state)),
            _ => Err(unexpected()),
        }
    }

    /// Makes all effects that are ready or sending unknown, because the store was restored from a backup. Returns
    /// their number.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub async fn restored(&self) -> Result<u64, Error> {
        match self.one(Commit::new().restored()).await? {
            Done::Restored(number) => Ok(number),
            _ => Err(unexpected()),
        }
    }

    async fn one(&self, commit: Commit) -> Result<Done, Error> {
        only(self.store.commit(commit).await?)
    }
}
