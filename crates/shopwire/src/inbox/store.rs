//! The inbox as a store of receivers.

use common_api::receive::{self, Reason, Receipt, ReceiptId, Received, Rejection};
use common_durable::{Appended, Error, ErrorKind, EventId, Inbox, NewEvent};
use common_transport::BoxError;

use super::event;

/// Number of times that a commit of unknown fate is tried again.
const TRIES_AGAIN: u32 = 2;

/// A store of receivers that keeps events in a durable inbox. See the [module docs](super).
///
/// A store that is busy, or cannot write, is answered with 503 at once; an event above a limit of the store with 413.
#[derive(Debug, Clone)]
pub struct InboxStore {
    inbox: Inbox,
}

impl InboxStore {
    /// Makes a store of an inbox. Receivers of several sources can share it.
    pub fn new(inbox: Inbox) -> Self {
        Self { inbox }
    }

    /// The inbox.
    pub fn inbox(&self) -> &Inbox {
        &self.inbox
    }

    async fn append(&self, mut event: NewEvent) -> Result<Appended, Error> {
        let appended = self.append_surely(&event).await?;
        if !matches!(appended, Appended::Differs { .. }) {
            return Ok(appended);
        }
        // Another body under a known id: the source has used its id twice. Both are kept.
        tracing::warn!(
            source = event.source,
            "an event has the id of another one; it is stored without the id"
        );
        event.event_id = None;
        self.append_surely(&event).await
    }

    /// Tries a commit again whose answer was lost. The receipt, or the source's id, removes the repeat.
    async fn append_surely(&self, event: &NewEvent) -> Result<Appended, Error> {
        let mut outcome = self.inbox.append(event.clone()).await;
        for _ in 0..TRIES_AGAIN {
            match &outcome {
                Err(error) if error.may_be_stored() => {
                    outcome = self.inbox.append(event.clone()).await;
                }
                _ => break,
            }
        }
        outcome
    }
}

impl<E: Send + Sync + 'static> receive::Store<E> for InboxStore {
    async fn store(&self, received: &Received<E>) -> Result<Receipt, BoxError> {
        match self.append(event::of(received)).await {
            Ok(Appended::Stored { event, repeat_of }) => {
                Ok(Receipt::new(receipt_id(event)).repeat_of(repeat_of.map(receipt_id)))
            }
            Ok(appended) => Ok(Receipt::kept_before(receipt_id(appended.event()))),
            Err(error) => Err(rejection(error).into()),
        }
    }
}

fn rejection(error: Error) -> Rejection {
    let reason = match error.kind() {
        ErrorKind::Busy => Reason::Busy,
        ErrorKind::TooLarge => Reason::TooLarge,
        _ => Reason::Store,
    };
    Rejection::new(reason).with_source(error)
}

/// The id of a stored event, as receipts have it.
#[must_use]
pub fn receipt_id(event: EventId) -> ReceiptId {
    ReceiptId::from_bytes(i128::from(event.0).to_be_bytes())
}

/// The event of a receipt's id that [`InboxStore`] gave. `None` for an id of another store.
///
/// ```
/// use shopwire::{durable::EventId, inbox};
///
/// assert_eq!(inbox::event_id(inbox::receipt_id(EventId(7))), Some(EventId(7)));
/// ```
#[must_use]
pub fn event_id(receipt: ReceiptId) -> Option<EventId> {
    let number = i128::from_be_bytes(receipt.to_bytes());
    i64::try_from(number).ok().map(EventId)
}

#[cfg(test)]
mod tests;
