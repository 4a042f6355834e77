//! Where events go before their sender is answered.

use std::{fmt, future::Future, sync::Arc};

use common_transport::BoxError;

use super::{Delivery, Receipt, ReceiptId};

/// An event and the delivery it came by.
#[derive(Clone)]
#[non_exhaustive]
pub struct Received<E> {
    /// The source, as [`Receiver::source`](super::Receiver::source) names it: event ids and equal
    /// bodies of two sources have nothing to do with each other.
    pub source: Arc<str>,
    /// The source's own id of the event, if it has one.
    pub event_id: Option<String>,
    /// The delivery: the body as it came, and its id.
    pub delivery: Delivery,
    /// What the format made of it.
    pub event: E,
}

impl<E> Received<E> {
    /// The id of the delivery.
    pub fn id(&self) -> ReceiptId {
        self.delivery.id
    }
}

/// Shows the event as it shows itself, and nothing of the body.
impl<E: fmt::Debug> fmt::Debug for Received<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("source", &self.source)
            .field("event_id", &self.event_id)
            .field("delivery", &self.delivery)
            .field("event", &self.event)
            .finish()
    }
}

/// Keeps events. The sender is answered with 2xx only after `store` has said that the event is safe.
///
/// **Nothing is dropped because it looks like something seen before**: the status events 1, 2, 1 are
/// three. Only a [`Received::event_id`] that the store has already, of the same source, removes a
/// repeat. A body that equals an earlier one is kept and marked ([`Receipt::repeat_of`]).
///
/// The receiver runs `store` in a task of its own: it is not cancelled when the sender leaves.
pub trait Store<E>: Send + Sync + 'static {
    /// Keeps the event durably. A store that tries again must not keep a delivery twice: its
    /// [`id`](Received::id) stays the same.
    ///
    /// # Errors
    /// The event is not safe; the sender is told to try again (503).
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
