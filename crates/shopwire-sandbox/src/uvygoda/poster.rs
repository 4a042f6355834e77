//! The webhook: its address, and the events that wait for their turn.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc;

use crate::background::Background;
use crate::fault::Faults;
use crate::names::ServiceName;
use crate::outbound;
use crate::webhooks::{Draft, Post, Webhook, Webhooks};

/// The media type of events.
const JSON: &str = "application/json;charset=UTF-8";

/// Posts events in order, each once.
#[derive(Debug)]
pub(super) struct Poster {
    queue: mpsc::UnboundedSender<Post>,
    hook: Arc<Mutex<Option<String>>>,
    webhooks: Webhooks,
}

impl Poster {
    pub(super) fn start(background: &Background, webhooks: Webhooks, faults: Faults) -> Self {
        let (queue, mut waiting) = mpsc::unbounded_channel::<Post>();
        let log = webhooks.clone();
        background.spawn(async move {
            while let Some(post) = waiting.recv().await {
                log.deliver(post, &faults).await;
            }
        });
        Self {
            queue,
            hook: Arc::default(),
            webhooks,
        }
    }

    /// Sets the URL for events. It may be any web address: whether it can be reached shows when an event is posted.
    /// The error says why the text is not a web address.
    pub(super) fn set_hook(&self, url: &str) -> Result<(), String> {
        outbound::check_address(url)?;
        *self.hook.lock().unwrap_or_else(PoisonError::into_inner) = Some(url.to_owned());
        Ok(())
    }

    /// Returns the URL for events.
    pub(super) fn hook(&self) -> Option<String> {
        let hook = self.hook.lock().unwrap_or_else(PoisonError::into_inner);
        hook.clone()
    }

    /// Puts the URL for events back to what it was.
    pub(super) fn replace_hook(&self, url: Option<String>) {
        *self.hook.lock().unwrap_or_else(PoisonError::into_inner) = url;
    }

    /// Posts an event to the webhook after earlier ones. Without a webhook the event is dropped.
    pub(super) fn post(&self, event: &str, body: String) {
        if let Some(url) = self.hook() {
            self.post_to(url, event, None, body);
        }
    }

    /// Posts an event to an address after earlier events.
    pub(super) fn post_to(
        &self,
        url: String,
        event: &str,
        content_type: Option<String>,
        body: String,
    ) -> Webhook {
        let draft = Draft {
            event: event.to_owned(),
            url,
            content_type: content_type.unwrap_or_else(|| JSON.to_owned()),
            body,
        };
        let post = self.webhooks.open(ServiceName::Uvygoda, draft);
        let webhook = post.webhook().clone();
        // The queue is closed only when the sandbox stops; then the event is not awaited.
        let _ = self.queue.send(post);
        webhook
    }

    pub(super) fn webhooks(&self) -> &Webhooks {
        &self.webhooks
    }
}
