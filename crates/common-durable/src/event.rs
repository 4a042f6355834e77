//! Events: what a source told us, as bytes with headers.

use std::fmt;

use bytes::Bytes;

use crate::{Key, Timestamp, Token};

/// Names of headers that carry credentials. [`NewEvent::header`] leaves them out.
const CREDENTIALS: [&str; 5] = [
    "authorization",
    "cookie",
    "proxy-authorization",
    "set-cookie",
    "x-api-key",
];

/// Number of an event in its store. Within a key, a later event has a larger number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(pub i64);

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An event that is to be appended.
///
/// ```
/// use common_durable::{Key, NewEvent};
///
/// let event = NewEvent::new("uvygoda:shop-1", r#"{"id":17}"#)
///     .key("order-17")
///     .event_id("17-created")
///     .header("content-type", "application/json")
///     .erase_by(Key::new("+380501112233"));
/// assert_eq!(event.source, "uvygoda:shop-1");
/// assert_eq!(event.headers.len(), 1);
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct NewEvent {
    /// Name of the source with its account: `uvygoda:shop-1`. Workers claim by it.
    pub source: String,
    /// Id that the source gave to the event, if it gives ids.
    pub event_id: Option<String>,
    /// Id that we gave to the delivery when this value was made. It removes repeats of the append itself.
    pub receipt: Token,
    /// Key of order. Events of a source with the same key are delivered one after another.
    pub key: Option<Key>,
    /// Keys by which the event can be erased, besides its key of order.
    pub erasure_keys: Vec<Key>,
    /// Headers in their order, with repeats.
    pub headers: Vec<(String, Bytes)>,
    /// The body, unchanged.
    pub body: Bytes,
}

impl NewEvent {
    /// Makes an event of a source. The receipt id is drawn here, so a commit can be tried again with a clone of it.
    pub fn new(source: impl Into<String>, body: impl Into<Bytes>) -> Self {
        Self {
            source: source.into(),
            event_id: None,
            receipt: Token::random(),
            key: None,
            erasure_keys: Vec::new(),
            headers: Vec::new(),
            body: body.into(),
        }
    }

    /// Sets the key of order. An event without a key is delivered independently of all others.
    #[must_use]
    pub fn key(mut self, key: impl Into<Key>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Sets the source's own id of the event. A second event of the source with this id is not stored.
    #[must_use]
    pub fn event_id(mut self, id: impl Into<String>) -> Self {
        self.event_id = Some(id.into());
        self
    }

    /// Adds a header. Headers that carry credentials by their name (`Authorization`, `Proxy-Authorization`, `Cookie`,
    /// `Set-Cookie`, `X-Api-Key`) are left out. Other headers with a secret must not be passed.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<Bytes>) -> Self {
        let name = name.into();
        if !CREDENTIALS
            .iter()
            .any(|credential| name.eq_ignore_ascii_case(credential))
        {
            self.headers.push((name, value.into()));
        }
        self
    }

    /// Adds a key by which the event can be erased.
    #[must_use]
    pub fn erase_by(mut self, key: impl Into<Key>) -> Self {
        self.erasure_keys.push(key.into());
        self
    }
}

impl fmt::Debug for NewEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewEvent")
            .field("source", &self.source)
            .field("headers", &self.headers.len())
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// State of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventState {
    /// It waits for a worker, or a worker has it.
    Pending,
    /// A worker finished it.
    Finished,
    /// It failed for good and waits for a person.
    Dead,
    /// A person ended it: buried, replayed or erased.
    Buried,
}

impl EventState {
    /// All states, in the order of their numbers.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Finished, Self::Dead, Self::Buried];

    /// The number by which engines store the state.
    pub const fn number(self) -> i16 {
        match self {
            Self::Pending => 0,
            Self::Finished => 1,
            Self::Dead => 2,
            Self::Buried => 3,
        }
    }

    /// Returns the state of a number.
    pub fn from_number(number: i64) -> Option<Self> {
        Self::ALL.get(usize::try_from(number).ok()?).copied()
    }

    /// The name, as operators read it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Finished => "finished",
            Self::Dead => "dead",
            Self::Buried => "buried",
        }
    }
}

/// A stored event with its content.
#[derive(Clone, PartialEq, Eq)]
pub struct Event {
    /// Number in the store.
    pub id: EventId,
    /// Name of the source with its account.
    pub source: String,
    /// Id that the source gave to the event.
    pub event_id: Option<String>,
    /// Wall time of the append.
    pub received_at: Timestamp,
    /// The earlier event of the same source and key with an equal body. It is only a mark: both are delivered.
    pub repeat_of: Option<EventId>,
    /// The event of which a person made this one by a replay.
    pub replay_of: Option<EventId>,
    /// Headers in their order, with repeats.
    pub headers: Vec<(String, Bytes)>,
    /// The body, unchanged.
    pub body: Bytes,
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("id", &self.id)
            .field("source", &self.source)
            .field("received_at", &self.received_at)
            .field("repeat_of", &self.repeat_of)
            .field("replay_of", &self.replay_of)
            .field("headers", &self.headers.len())
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Why a delivery did not succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Wall time of the failure.
    pub at: Timestamp,
    /// Number of the claim that failed, from 1.
    pub claim: u32,
    /// The worker's reason. It is shown to operators and erased with the event.
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d2_headers_with_credentials_are_left_out() {
        let event = NewEvent::new("s", "")
            .header("Authorization", "Bearer x")
            .header("COOKIE", "a=b")
            .header("x-a", "1")
            .header("x-a", "2");
        let names: Vec<_> = event
            .headers
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(names, ["x-a", "x-a"]);
    }

    #[test]
    fn d2_debug_shows_no_payload() {
        let event = NewEvent::new("s", "pay-load")
            .key("key-1")
            .event_id("id-1")
            .header("h", "value-1");
        let shown = format!("{event:?}");
        assert_eq!(
            shown,
            r#"NewEvent { source: "s", headers: 1, body_bytes: 8, .. }"#
        );
    }

    #[test]
    fn numbers_of_states_are_stable() {
        for (number, state) in EventState::ALL.into_iter().enumerate() {
            assert_eq!(usize::try_from(state.number()), Ok(number));
            assert_eq!(EventState::from_number(number as i64), Some(state));
        }
        assert_eq!(EventState::from_number(-1), None);
        assert_eq!(EventState::from_number(4), None);
    }
}
