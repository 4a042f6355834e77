//! The layer; see the [module](super).

use std::time::Duration;

use tower_layer::Layer;

use super::Deadline;

/// Sets a deadline for each call; see the [module](super).
#[derive(Debug, Clone, Copy)]
pub struct DeadlineLayer {
    after: Duration,
}

impl DeadlineLayer {
    /// Sets the deadline to `after` the start of each call.
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
