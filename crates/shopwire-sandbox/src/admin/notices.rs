//! Events that are no request: where handlers and services report them.

use std::sync::Arc;

use serde_json::Value;
use tokio::sync::broadcast;

/// Events, other than of requests, that wait for a slow subscriber.
const WAITING: usize = 1024;

/// Most subscribers at the same time.
pub(super) const MAX_SUBSCRIBERS: usize = 256;

/// An event that is no request.
#[derive(Clone, Debug)]
pub(super) struct Notice {
    pub(super) name: &'static str,
    pub(super) data: Arc<Value>,
}

/// Where handlers and services report what is no request.
#[derive(Clone, Debug)]
pub(super) struct Notices(broadcast::Sender<Notice>);

impl Notices {
    pub(super) fn new() -> Self {
        Self(broadcast::Sender::new(WAITING))
    }

    /// Tells all subscribers.
    pub(super) fn tell(&self, name: &'static str, data: Value) {
        let data = Arc::new(data);
        // Without a subscriber there is nobody to tell.
        let _ = self.0.send(Notice { name, data });
    }

    pub(super) fn subscribe(&self) -> broadcast::Receiver<Notice> {
        self.0.subscribe()
    }
}
