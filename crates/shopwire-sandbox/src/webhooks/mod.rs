//! Describes what the sandbox posts: callbacks of feed imports, webhook events, and what is sent by hand.
//!
//! `log` keeps every webhook with its attempts, bounded in bytes. `post` makes the attempts. `new` reads a webhook
//! that is sent by hand.

mod counters;
mod events;
mod handle;
mod log;
mod new;
mod webhook;

pub use counters::Callbacks;
pub use events::WebhookEvents;
pub use handle::Webhooks;
pub(crate) use handle::{Draft, Post};
pub use new::NewWebhook;
pub(crate) use new::{fields, urlencoded};
pub use webhook::{Attempt, Webhook, WebhookState};
