//! The layer; see the [module](super).

use std::sync::Arc;

use tower_layer::Layer;

use super::{Limit, Limiter, service::Settings};
use crate::Priority;

/// A layer that takes a permit before each request; see the [module](super).
#[derive(Debug, Clone)]
pub struct LimitLayer {
    settings: Arc<Settings>,
}

impl LimitLayer {
    /// Builds a layer over `limiter`. An `Arc` of one, or a clone of a [`RateLimits`](crate::RateLimits), is shared.
    pub fn new(limiter: impl Limiter + 'static) -> Self {
        Self {
            settings: Arc::new(Settings {
                limiter: Arc::new(limiter),
                priority: Priority::default(),
            }),
        }
    }

    /// Sets the priority of calls without one in their [options](crate::CallOptions::priority). Default:
    /// [`Priority::High`].
    #[must_use]
    pub fn priority(mut self, priority: Priority) -> Self {
        let limiter = Arc::clone(&self.settings.limiter);
        self.settings = Arc::new(Settings { limiter, priority });
        self
    }
}

impl<S> Layer<S> for LimitLayer {
    type Service = Limit<S>;

    fn layer(&self, inner: S) -> Limit<S> {
        Limit::with_settings(inner, Arc::clone(&self.settings))
    }
}
