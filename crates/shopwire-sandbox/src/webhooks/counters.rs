//! Counters of callbacks and webhook events that the sandbox has posted.

use super::handle::Webhooks;
use super::webhook::WebhookState;
use crate::names::ServiceName;

/// Numbers of callbacks or webhook events that one service has posted. They count attempts, also those that
/// [`Webhooks::resend`] has made. Clones share the counters.
#[derive(Clone, Debug)]
pub struct Callbacks {
    webhooks: Webhooks,
    service: ServiceName,
}

impl Callbacks {
    pub(crate) fn new(webhooks: Webhooks, service: ServiceName) -> Self {
        Self { webhooks, service }
    }

    /// Returns how many were posted and answered with 2xx.
    pub fn delivered_count(&self) -> usize {
        self.count(WebhookState::Delivered)
    }

    /// Returns how many were tried, but not answered with 2xx. They are not repeated.
    pub fn failed_count(&self) -> usize {
        self.count(WebhookState::Failed)
    }

    /// Returns how many were dropped by a fault.
    pub fn lost_count(&self) -> usize {
        self.count(WebhookState::Lost)
    }

    fn count(&self, end: WebhookState) -> usize {
        self.webhooks.count(self.service, end)
    }
}
