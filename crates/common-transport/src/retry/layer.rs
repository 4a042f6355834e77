//! The layer; see the [module](super).

use std::{fmt, sync::Arc};

use tower_layer::Layer;

use super::{Retry, RetryPolicy};
use crate::{ByStatus, Classify};

/// Retries calls after transient failures; see the [module](super).
#[derive(Clone)]
pub struct RetryLayer {
    policy: RetryPolicy,
    classify: Arc<dyn Classify>,
}

impl RetryLayer {
    /// Retries by `policy`. Responses are classified [`ByStatus`].
    pub fn new(policy: RetryPolicy) -> Self {
        Self {
            policy,
            classify: Arc::new(ByStatus),
        }
    }

    /// Classifies responses by `classify`.
    #[must_use]
    pub fn classify(mut self, classify: impl Classify + 'static) -> Self {
        self.classify = Arc::new(classify);
        self
    }
}

impl<S> Layer<S> for RetryLayer {
    type Service = Retry<S>;

    fn layer(&self, inner: S) -> Retry<S> {
        Retry::new(inner, self.policy.clone(), Arc::clone(&self.classify))
    }
}

impl fmt::Debug for RetryLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryLayer")
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}
