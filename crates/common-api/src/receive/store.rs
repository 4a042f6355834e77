//! Stores, which keep events before their sender is answered.

use std::{fmt, future::Future, sync::Arc};

use common_transport::BoxError;

use super::{Delivery, Receipt, ReceiptId};

/// An event and the delivery that brought it.
#[derive(Clone)]
#[non_exhaustive]
pub struct Received<E> {
    /// Name of the source, as set by [`Receiver::source`](super::Receiver::source). Event ids and equal bodies are
    /// compared within one source.
    pub source: Arc<str>,
    /// The source's own id of the event, if it has one.
    pub event_id: Option<String>,
    /// What the event is about, if the format can tell: events with the same subject belong in one order.
    pub subject: Option<String>,
    /// The delivery: the body as it came, and its id.
    pub delivery: Delivery,
    /// The event that the format has read.
    pub event: E,
}

impl<E> Received<E> {
    /// Returns the id of the delivery.
    pub fn id(&self) -> ReceiptId {
        self.delivery.id
    }
}

/// Shows the event by its own `Debug`. Body and subject are hidden: a subject may be a phone number.
impl<E: fmt::Debug> fmt::Debug for Received<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("source", &self.source)
            .field("event_id", &self.event_id)
            .field("delivery", &self.delivery)
            .field("event", &self.event)
            .finish_non_exhaustive()
    }
}

/// A store of events. The sender is answered with 2xx only after `store` has succeeded.
///
/// **An event is never dropped because it looks like an earlier one**: the status events 1, 2, 1 are three events.
/// Only a [`Received::event_id`] that the store already has from the same source removes a repeat. A body that
/// equals an earlier one is kept and marked ([`Receipt::repeat_of`]).
///
/// The receiver runs `store` in a task of its own, which is not cancelled when the sender disconnects.
pub trait Store<E>: Send + Sync + 'static {
    /// Keeps the event durably. A store that retries must not keep a delivery twice: its [`id`](Received::id) stays
    /// the same.
    ///
    /// # Errors
    /// The event was not kept; the sender is answered with 503, to try again. An error that is a
    /// [`Rejection`](super::Rejection) chooses another reason, such as a body that is too large for the store.
    fn store(
        &self,
        received: &Received<E>,
    ) -> impl Future<Output = Result<Receipt, BoxError>> + Send;
}

impl<E, S> Store<E> for Arc<S>
where
    E: Sync,
    S: Store<E>,
{
    async fn store(&self, received: &Received<E>) -> Result<Receipt, BoxError> {
        S::store(self, received).await
    }
}
