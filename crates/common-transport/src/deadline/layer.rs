//! The layer; see the [module](super).

use std::time::Duration;

use tower_layer::Layer;

use super::Deadline;

/// Ends each call after a time; see the [module](super).
#[derive(Debug, Clone, Copy)]
pub struct DeadlineLayer {
    after: Duration,
}

impl DeadlineLayer {
    /// Ends each call `after` its beginning.
    pub const fn new(after: Duration) -> Self {
        Self { after }
    }
}

impl<S> Layer<S> for DeadlineLayer {
    type Service = Deadline<S>;

    fn layer(&self, inner: S) -> Deadline<S> {
        Deadline::new(inner, self.after)
    }
}
