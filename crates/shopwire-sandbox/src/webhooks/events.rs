//! A subscription to webhooks.

use tokio::sync::broadcast;

use super::webhook::Webhook;

/// The webhooks from the time of the subscription on: each when it becomes due, and again after each attempt. See
/// [`Webhooks::subscribe`](super::Webhooks::subscribe).
#[derive(Debug)]
pub struct WebhookEvents(pub(super) broadcast::Receiver<Webhook>);

impl WebhookEvents {
    /// Waits for the next change. A subscriber that reads too slowly misses the oldest of more than 1,024 changes.
    /// Returns `None` when the sandbox has stopped.
    pub async fn next(&mut self) -> Option<Webhook> {
        loop {
            match self.0.recv().await {
                Ok(webhook) => return Some(webhook),
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }
}
