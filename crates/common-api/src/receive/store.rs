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
    /// The subject of the event, such as an order, if the format can tell: events with the same subject belong in one
    /// order.
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
///
/// ```
/// use std::{fs::File, io::Write, path::PathBuf};
///
/// use common_api::receive::{Receipt, Received, Store};
/// use common_transport::BoxError;
///
/// /// One file for each delivery: a delivery that is stored again replaces itself.
/// struct Folder(PathBuf);
///
/// impl<E: Send + Sync> Store<E> for Folder {
///     async fn store(&self, received: &Received<E>) -> Result<Receipt, BoxError> {
///         let path = self.0.join(received.id().to_string());
///         let body = received.delivery.body.clone();
///         tokio::task::spawn_blocking(move || {
///             let mut file = File::create(path)?;
///             file.write_all(&body)?;
///             file.sync_all()
///         })
///         .await??;
///         Ok(Receipt::new(received.id()))
///     }
/// }
/// # use common_api::receive::{Delivery, Format, Receiver, Storing};
/// # #[derive(Default)]
/// # struct Bytes;
/// # impl Format for Bytes {
/// #     type Event = usize;
/// #     fn read(&self, delivery: &Delivery) -> Result<usize, BoxError> { Ok(delivery.body.len()) }
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), BoxError> {
/// # let folder = std::env::temp_dir().join(format!("store-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # let receiver: Receiver<Storing<Bytes, _>> = Receiver::new("path-secret-1", Folder(folder.clone()));
/// # receiver.receive("path-secret-1", Delivery::new("event 7")).await.expect("accepted");
/// # let entry = std::fs::read_dir(&folder)?.next().expect("a file")?;
/// # assert_eq!(std::fs::read(entry.path())?, b"event 7");
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok(())
/// # }
/// ```
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
