//! The layer; see the [module](super).

use std::time::Duration;

use tower_layer::Layer;

use super::Attempt;
#[cfg(feature = "client-core")]
use crate::body::Bounded;

/// A layer that limits each attempt; see the [module](super).
#[derive(Debug, Clone, Copy)]
pub struct AttemptLayer {
    pub(super) total: Duration,
    pub(super) head: Duration,
    pub(super) idle: Duration,
    pub(super) max_body: usize,
}

impl Default for AttemptLayer {
    fn default() -> Self {
        Self {
            total: Duration::from_secs(60),
            head: Duration::from_secs(30),
            idle: Duration::from_secs(15),
            max_body: 64 * 1024 * 1024,
        }
    }
}

impl AttemptLayer {
    /// Builds the default limits: 60 s in all, 30 s for the head, 15 s for each pause in the body, 64 MiB.
    pub fn new() -> Self {
        Self::default()
    }

    /// Limits the attempt from its start to the last byte. Default: 60 seconds.
    #[must_use]
    pub const fn timeout(mut self, total: Duration) -> Self {
        self.total = total;
        self
    }

    /// Limits the wait for the head of the answer, including connecting and sending. Default: 30 seconds.
    #[must_use]
    pub const fn response_timeout(mut self, head: Duration) -> Self {
        self.head = head;
        self
    }

    /// Limits each pause within the body. Default: 15 seconds.
    #[must_use]
    pub const fn idle_timeout(mut self, idle: Duration) -> Self {
        self.idle = idle;
        self
    }

    /// Limits the size of the body, in bytes. Default: 64 MiB.
    #[must_use]
    pub const fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// Applies the limits to a body that is read outside of the layer.
    #[cfg(feature = "client-core")]
    pub(crate) fn bound<B>(&self, body: B) -> Bounded<B> {
        Bounded::new(body)
            .max(self.max_body as u64)
            .idle_timeout(self.idle)
    }
}

impl<S> Layer<S> for AttemptLayer {
    type Service = Attempt<S>;

    fn layer(&self, inner: S) -> Attempt<S> {
        Attempt::new(inner, *self)
    }
}
