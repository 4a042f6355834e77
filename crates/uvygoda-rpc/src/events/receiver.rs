//! The receiver of events.

use common_api::receive::{self, Delivery, Format, Storing};
use common_model::to_json;
use common_transport::BoxError;

use super::{Event, Rules};

/// Receives the events posted to an address that ends in a secret, and keeps each in a store.
///
/// [`Receiver::new`](receive::Receiver::new) takes the secret and the store;
/// [`format`](receive::Receiver::format) sets the rules.
pub type Receiver<S> = receive::Receiver<Storing<Rules, S>>;

/// A store of events in memory, with a capacity.
pub type MemoryStore = receive::MemoryStore<Event>;

/// Accepts every body. The key of an event is a JSON list of its kind and its id.
impl Format for Rules {
    type Event = Event;

    fn read(&self, delivery: &Delivery) -> Result<Event, BoxError> {
        Ok(Rules::read(self, delivery.content_type(), &delivery.body))
    }

    fn event_id(&self, event: &Event) -> Option<String> {
        let id = event.event_id.clone()?;
        Some(to_json(&vec![event.kind.as_str().to_owned(), id]))
    }

    fn subject(&self, event: &Event) -> Option<String> {
        event.subject.clone()
    }
}

#[cfg(test)]
mod tests;
