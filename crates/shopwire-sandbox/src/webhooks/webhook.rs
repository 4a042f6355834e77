//! A webhook and its attempts.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::names::ServiceName;

/// A callback or webhook event that the sandbox has posted, tries to post, or has dropped.
#[non_exhaustive]
#[derive(Clone, PartialEq, Eq)]
pub struct Webhook {
    /// The number of the webhook; it is unique in the sandbox.
    pub id: u64,
    /// The service that posts it.
    pub service: ServiceName,
    /// The name of the event (see [`ServiceName::events`]).
    pub event: String,
    /// The address it is posted to.
    pub url: String,
    /// When it became due, by the sandbox's clock.
    pub at: SystemTime,
    /// The media type of the body.
    pub content_type: String,
    /// The body.
    pub body: Arc<str>,
    /// Describes what has become of it.
    pub state: WebhookState,
    /// The last 20 attempts, oldest first.
    pub attempts: Vec<Attempt>,
}

/// Describes what has become of a webhook.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebhookState {
    /// It waits for its turn or for an answer.
    Pending,
    /// The last attempt was answered with 2xx.
    Delivered,
    /// The last attempt was not answered, or with another status.
    Failed,
    /// A fault has dropped it.
    Lost,
}

/// One attempt to post a webhook.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// When it began, by the sandbox's clock.
    pub at: SystemTime,
    /// The HTTP status of the answer.
    pub status: Option<u16>,
    /// Why there was no answer.
    pub error: Option<String>,
    /// How long it took, in real time.
    pub duration: Duration,
}

impl WebhookState {
    /// Returns the name that JSON uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Lost => "lost",
        }
    }
}

impl Webhook {
    /// Returns the webhook as the admin API shows it.
    pub fn to_json(&self) -> Value {
        let size = self.body.len();
        json!({
            "id": self.id,
            "service": self.service.as_str(),
            "event": self.event,
            "url": self.url,
            "at": time(self.at),
            "content_type": self.content_type,
            "body": {"size": size, "kept": size, "text": &*self.body},
            "state": self.state.as_str(),
            "attempts": self.attempts.iter().map(Attempt::to_json).collect::<Value>(),
        })
    }

    /// Bytes that the webhook takes in the log.
    pub(super) fn bytes(&self) -> usize {
        let texts = self.event.len() + self.url.len() + self.content_type.len() + self.body.len();
        let errors = self
            .attempts
            .iter()
            .map(|one| one.error.as_ref().map_or(0, String::len));
        let attempts = self.attempts.capacity() * size_of::<Attempt>();
        size_of::<Self>() + texts + attempts + errors.sum::<usize>()
    }
}

/// Leaves out address and body, which may have secrets.
impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook")
            .field("id", &self.id)
            .field("service", &self.service)
            .field("event", &self.event)
            .field("state", &self.state)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

impl Attempt {
    /// Whether it was answered with 2xx.
    pub fn is_successful(&self) -> bool {
        self.status
            .is_some_and(|status| (200..300).contains(&status))
    }

    fn to_json(&self) -> Value {
        let micros = self.duration.as_micros().min(u64::MAX.into()) as u64;
        json!({
            "at": time(self.at),
            "status": self.status,
            "error": self.error,
            "duration_ms": micros as f64 / 1e3,
        })
    }
}

fn time(at: SystemTime) -> String {
    let time = Timestamp::try_from(at).unwrap_or(Timestamp::MAX);
    format!("{time:.3}")
}
