//! The webhooks of the sandbox.

use super::Sandbox;
use crate::invalid::Invalid;
use crate::webhooks::{NewWebhook, Webhook, Webhooks};

impl Sandbox {
    /// Returns everything that the services have posted, try to post or have lost.
    pub fn webhooks(&self) -> &Webhooks {
        &self.services.parts.webhooks
    }

    /// Sends a webhook by hand. A [`Fault::lost_callback`](crate::Fault::lost_callback) drops it like any other.
    /// Returns the webhook, which is pending or lost; [`Webhooks::settled`] waits for the answer.
    ///
    /// # Errors
    /// The event is unknown, there is no address to post to or the sandbox may not call it, or the body has a shape
    /// that the service does not use. The error names the field.
    pub fn send_webhook(&self, webhook: NewWebhook) -> Result<Webhook, Invalid> {
        self.services.send_webhook(webhook)
    }
}
