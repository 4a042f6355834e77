//! What becomes of a delivery that was read whole.

use std::{fmt, future::Future, sync::Arc};

use bytes::Bytes;
use common_transport::BoxError;
use http::{Method, Response};

use super::{Delivery, Reason, Receipt, Received, Rejection, Store};

/// Handles deliveries. The receiver runs it in a task of its own, to its end, whatever the sender
/// does.
pub trait Handler: Send + Sync + 'static {
    /// What comes out, and is answered with [`respond`](Self::respond).
    type Output: Send + 'static;

    /// Handles a delivery.
    ///
    /// # Errors
    /// It was not taken; the rejection says why and what to answer.
    fn handle(
        &self,
        delivery: Delivery,
    ) -> impl Future<Output = Result<Self::Output, Rejection>> + Send;

    /// Whether deliveries come by this method; POST unless said otherwise.
    fn accepts(&self, method: &Method) -> bool {
        *method == Method::POST
    }

    /// The answer; 200 with an empty body unless said otherwise.
    fn respond(&self, output: Self::Output) -> Response<Bytes> {
        drop(output);
        Response::new(Bytes::new())
    }
}

/// Reads the events of a source.
pub trait Format: Send + Sync + 'static {
    /// What it reads.
    type Event: Send + Sync + 'static;

    /// Reads a delivery.
    ///
    /// # Errors
    /// The delivery is none of the source's: it is answered with 400 and leaves a trace. A format
    /// whose events are not documented should take whatever comes.
    fn read(&self, delivery: &Delivery) -> Result<Self::Event, BoxError>;

    /// The source's own id of the event: two deliveries with the same one are the same event, and the
    /// second is not kept. Not the id of the order or the product that the event is about.
    fn event_id(&self, event: &Self::Event) -> Option<String> {
        let _ = event;
        None
    }
}

/// Reads each delivery by a [`Format`] and keeps it in a [`Store`].
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

/// An event that is safe: now its sender may be told.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Accepted<E> {
    /// What the store says.
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
            .map_err(|error| Rejection::new(Reason::Unreadable).with_source(error))?;
        let received = Received {
            source: Arc::clone(&self.source),
            event_id: self.format.event_id(&event),
            delivery,
            event,
        };
        let receipt = self.store.store(&received).await;
        let receipt = receipt.map_err(|error| Rejection::new(Reason::Store).with_source(error))?;
        Ok(Accepted { receipt, received })
    }
}
