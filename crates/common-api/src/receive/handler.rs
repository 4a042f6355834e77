//! Handlers of deliveries whose body was read completely.

use std::{fmt, future::Future, sync::Arc};

use bytes::Bytes;
use common_transport::BoxError;
use http::{Method, Response};

use super::{Delivery, Reason, Receipt, Received, Rejection, Store};

/// A handler of deliveries. The receiver runs it to its end in a task of its own, even if the sender disconnects.
pub trait Handler: Send + Sync + 'static {
    /// The result, from which [`respond`](Self::respond) makes the answer.
    type Output: Send + 'static;

    /// Handles a delivery.
    ///
    /// # Errors
    /// The delivery was not accepted. The rejection has the reason and the answer.
    fn handle(
        &self,
        delivery: Delivery,
    ) -> impl Future<Output = Result<Self::Output, Rejection>> + Send;

    /// Whether the handler accepts this method. Default: POST only.
    fn accepts(&self, method: &Method) -> bool {
        *method == Method::POST
    }

    /// Builds the answer. Default: 200 with an empty body.
    fn respond(&self, output: Self::Output) -> Response<Bytes> {
        drop(output);
        Response::new(Bytes::new())
    }
}

/// A reader of the events of a source.
pub trait Format: Send + Sync + 'static {
    /// The type of the events.
    type Event: Send + Sync + 'static;

    /// Reads a delivery.
    ///
    /// # Errors
    /// The delivery is not an event of the source. It is answered with 400 and recorded as rejected. An error that is
    /// a [`Rejection`] chooses the reason and the answer. A format of undocumented events should accept any delivery.
    fn read(&self, delivery: &Delivery) -> Result<Self::Event, BoxError>;

    /// Returns the source's own id of the event. Two deliveries with the same id are the same event, and the second
    /// one is not kept. The id of the order or product that the event is about is no event id.
    fn event_id(&self, event: &Self::Event) -> Option<String> {
        let _ = event;
        None
    }

    /// Returns what the event is about, such as the number of an order. A store that delivers events to workers keeps
    /// events with the same subject in order. Default: nothing, so all events of the source are in one order.
    fn subject(&self, event: &Self::Event) -> Option<String> {
        let _ = event;
        None
    }

    /// Whether the source sends events by this method. Default: POST only.
    fn accepts(&self, method: &Method) -> bool {
        *method == Method::POST
    }

    /// Builds the answer to an event that was stored. Default: 200 with an empty body.
    fn acknowledgement(&self) -> Response<Bytes> {
        Response::new(Bytes::new())
    }
}

/// A handler that reads each delivery by a [`Format`] and keeps it in a [`Store`].
pub struct Storing<F, S> {
    format: Arc<F>,
    store: Arc<S>,
    source: Arc<str>,
}

impl<F, S> Storing<F, S> {
    pub(super) fn new(format: F, store: S) -> Self {
        Self {
            format: Arc::new(format),
            store: Arc::new(store),
            source: Arc::from(""),
        }
    }

    pub(super) fn with_format<G>(&self, format: G) -> Storing<G, S> {
        Storing {
            format: Arc::new(format),
            store: Arc::clone(&self.store),
            source: Arc::clone(&self.source),
        }
    }

    pub(super) fn with_source(&self, source: &str) -> Self {
        Self {
            format: Arc::clone(&self.format),
            store: Arc::clone(&self.store),
            source: Arc::from(source),
        }
    }

    pub(super) fn store(&self) -> &S {
        &self.store
    }
}

impl<F, S: fmt::Debug> fmt::Debug for Storing<F, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Storing")
            .field("source", &self.source)
            .field("store", &self.store)
            .finish_non_exhaustive()
    }
}

/// An event that the store has kept, so that its sender may be answered.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Accepted<E> {
    /// The store's receipt.
    pub receipt: Receipt,
    /// The event.
    pub received: Received<E>,
}

impl<F, S> Handler for Storing<F, S>
where
    F: Format,
    S: Store<F::Event>,
{
    type Output = Accepted<F::Event>;

    async fn handle(&self, delivery: Delivery) -> Result<Self::Output, Rejection> {
        let event = self
            .format
            .read(&delivery)
            .map_err(|error| rejection(Reason::Unreadable, error))?;
        let received = Received {
            source: Arc::clone(&self.source),
            event_id: self.format.event_id(&event),
            subject: self.format.subject(&event),
            delivery,
            event,
        };
        let receipt = self.store.store(&received).await;
        let receipt = receipt.map_err(|error| rejection(Reason::Store, error))?;
        Ok(Accepted { receipt, received })
    }

    fn accepts(&self, method: &Method) -> bool {
        self.format.accepts(method)
    }

    fn respond(&self, accepted: Self::Output) -> Response<Bytes> {
        drop(accepted);
        self.format.acknowledgement()
    }
}

/// A format or a store may choose reason and answer itself.
fn rejection(reason: Reason, error: BoxError) -> Rejection {
    match error.downcast::<Rejection>() {
        Ok(rejection) => *rejection,
        Err(error) => Rejection::new(reason).with_source(error),
    }
}
