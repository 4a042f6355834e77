//! The webhooks of a sandbox: the log, and the attempts to post them.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::broadcast;
use tokio::time::Instant;

use super::events::WebhookEvents;
use super::log::{End, Log};
use super::webhook::{Attempt, Webhook, WebhookState};
use crate::background::Background;
use crate::clock::Clock;
use crate::fault::Faults;
use crate::invalid::Invalid;
use crate::names::ServiceName;
use crate::outbound::Outbound;

/// How many changes a slow subscriber may be behind.
const NEWS: usize = 1024;

/// Everything that the sandbox has posted, tries to post or has dropped. Clones share it.
///
/// The services post each webhook once and do not repeat a failed one, as the real ones do as far as their documents
/// tell. The log keeps the last 8 MiB. Numbers of all attempts are in [`Callbacks`](crate::Callbacks).
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use shopwire_sandbox::{NewWebhook, Options, Sandbox, ServiceName, WebhookState};
///
/// let sandbox = Sandbox::start(Options::default()).await?;
/// // Nobody listens at this address.
/// let order = NewWebhook::new(ServiceName::Uvygoda, "new_order").url("http://127.0.0.1:1/hook");
/// let id = sandbox.send_webhook(order)?.id;
/// let webhook = sandbox.webhooks().settled(id).await.expect("it is in the log");
/// assert_eq!((webhook.state, webhook.attempts.len()), (WebhookState::Failed, 1));
///
/// sandbox.webhooks().resend(id)?;
/// let webhook = sandbox.webhooks().settled(id).await.expect("it is in the log");
/// assert_eq!(webhook.attempts.len(), 2);
/// assert_eq!(sandbox.uvygoda().callbacks().failed_count(), 2);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Webhooks(Arc<Shared>);

struct Shared {
    log: Mutex<Log>,
    news: broadcast::Sender<Webhook>,
    clock: Clock,
    outbound: Outbound,
    background: Background,
}

/// A webhook to be posted.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) event: String,
    pub(crate) url: String,
    pub(crate) content_type: String,
    pub(crate) body: String,
}

/// A webhook of the log whose turn is to come. It has all that an attempt needs.
#[derive(Clone)]
pub(crate) struct Post {
    generation: u64,
    webhook: Webhook,
}

impl Webhooks {
    /// # Panics
    /// Outside of a tokio runtime.
    pub(crate) fn new(outbound: Outbound, clock: Clock) -> Self {
        Self(Arc::new(Shared {
            log: Mutex::default(),
            news: broadcast::Sender::new(NEWS),
            clock,
            outbound,
            background: Background::new(),
        }))
    }

    /// Returns the kept webhooks of one service or of all, oldest first.
    pub fn list(&self, service: Option<ServiceName>) -> Vec<Webhook> {
        let log = self.0.log();
        let meant = log
            .iter()
            .filter(|one| service.is_none_or(|name| name == one.service));
        meant.cloned().collect()
    }

    /// Returns a webhook, unless it has left the log.
    pub fn get(&self, id: u64) -> Option<Webhook> {
        self.0.log().get(id).cloned()
    }

    /// Posts the same bytes to the same address once more. No fault drops them. Returns the webhook, which is pending;
    /// [`settled`](Self::settled) waits for the answer.
    ///
    /// # Errors
    /// There is no such webhook, or its last attempt has not ended yet.
    pub fn resend(&self, id: u64) -> Result<Webhook, Invalid> {
        let mut log = self.0.log();
        let Some(known) = log.get(id) else {
            return Err(Invalid::new("id", format!("there is no webhook {id}")));
        };
        if known.state == WebhookState::Pending {
            return Err(Invalid::new(
                "id",
                format!("webhook {id} is still being posted"),
            ));
        }
        let generation = log.generation;
        let webhook = log.retry(id);
        drop(log);
        let Some(webhook) = webhook else {
            return Err(Invalid::new("id", format!("there is no webhook {id}")));
        };
        self.0.tell(&webhook);
        let post = Post {
            generation,
            webhook: webhook.clone(),
        };
        self.0
            .background
            .spawn(attempt(Arc::downgrade(&self.0), post));
        Ok(webhook)
    }

    /// Waits until a webhook is not pending, and returns it. Returns `None` if it is not in the log (any more).
    pub async fn settled(&self, id: u64) -> Option<Webhook> {
        let mut events = self.subscribe();
        loop {
            let webhook = self.get(id)?;
            if webhook.state != WebhookState::Pending {
                return Some(webhook);
            }
            events.next().await?;
        }
    }

    /// Listens to webhooks: each when it becomes due, and again after each attempt.
    pub fn subscribe(&self) -> WebhookEvents {
        WebhookEvents(self.0.news.subscribe())
    }

    /// Forgets all webhooks; ids begin again at 1.
    pub fn clear(&self) {
        self.0.log().clear();
    }

    /// As [`subscribe`](Self::subscribe), for those who report what they have missed.
    #[cfg(feature = "admin")]
    pub(crate) fn receiver(&self) -> broadcast::Receiver<Webhook> {
        self.0.news.subscribe()
    }

    pub(crate) fn count(&self, service: ServiceName, end: WebhookState) -> usize {
        self.0.log().count(service, end)
    }

    /// Puts a webhook that is due into the log.
    pub(crate) fn open(&self, service: ServiceName, draft: Draft) -> Post {
        let mut webhook = Webhook {
            id: 0,
            service,
            event: draft.event,
            url: draft.url,
            at: self.0.clock.now(),
            content_type: draft.content_type,
            body: draft.body.into(),
            state: WebhookState::Pending,
            attempts: Vec::new(),
        };
        let mut log = self.0.log();
        webhook.id = log.add(webhook.clone());
        let generation = log.generation;
        drop(log);
        self.0.tell(&webhook);
        Post {
            generation,
            webhook,
        }
    }

    /// Posts a webhook once, unless a fault drops it.
    pub(crate) async fn deliver(&self, post: Post, faults: &Faults) {
        if faults.loses(&post.webhook.event) {
            self.0.end(&post, End::Lost);
        } else {
            attempt(Arc::downgrade(&self.0), post).await;
        }
    }

    /// Posts a webhook in the background.
    pub(crate) fn deliver_soon(&self, post: Post, faults: Faults) {
        if faults.loses(&post.webhook.event) {
            self.0.end(&post, End::Lost);
        } else {
            self.0
                .background
                .spawn(attempt(Arc::downgrade(&self.0), post));
        }
    }

    /// Checks that the sandbox may call an address.
    pub(crate) fn check_address(&self, url: &str) -> Result<(), Invalid> {
        let checked = self.0.outbound.check(url);
        checked.map_err(|problem| Invalid::new("url", problem))
    }

    /// Ends all attempts that the log makes itself.
    pub(crate) fn stop(&self) {
        self.0.background.stop();
    }
}

/// Posts a webhook once. The sandbox may be gone when the answer comes.
async fn attempt(shared: std::sync::Weak<Shared>, post: Post) {
    let Some((outbound, at)) = shared.upgrade().map(|one| (one.outbound, one.clock.now())) else {
        return;
    };
    let started = Instant::now();
    let Webhook {
        url,
        content_type,
        body,
        ..
    } = &post.webhook;
    let answer = outbound.post(url, content_type, body.to_string()).await;
    let (status, error) = match answer {
        Ok(status) => (Some(status), None),
        Err(why) => (None, Some(why)),
    };
    let attempt = Attempt {
        at,
        status,
        error,
        duration: started.elapsed(),
    };
    if let Some(shared) = shared.upgrade() {
        shared.end(&post, End::Tried(attempt));
    }
}

impl Post {
    /// Returns the webhook as it is in the log.
    pub(crate) fn webhook(&self) -> &Webhook {
        &self.webhook
    }
}

impl Shared {
    fn end(&self, post: &Post, end: End) {
        let mut log = self.log();
        if log.generation != post.generation {
            return;
        }
        let ended = log.end(post.webhook.service, post.webhook.id, end);
        drop(log);
        if let Some(webhook) = ended {
            self.tell(&webhook);
        }
    }

    fn tell(&self, webhook: &Webhook) {
        if self.news.receiver_count() > 0 {
            // Whoever listens may just have stopped.
            let _ = self.news.send(webhook.clone());
        }
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Shows the number of webhooks; their bodies may have secrets.
impl fmt::Debug for Webhooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kept = self.0.log().iter().count();
        f.debug_struct("Webhooks")
            .field("kept", &kept)
            .finish_non_exhaustive()
    }
}
