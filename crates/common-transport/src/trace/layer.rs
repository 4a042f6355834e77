//! The layer; see the [module](super).

use std::{fmt, sync::Arc};

use tower_layer::Layer;

use super::Trace;
use crate::observe::Observer;

/// Opens a span for each operation, and informs an [`Observer`]; see the [module](super).
#[derive(Clone, Default)]
pub struct TraceLayer {
    observer: Option<Arc<dyn Observer>>,
}

impl TraceLayer {
    /// A layer that opens spans, without an observer.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets an observer that is told of each attempt and each call.
    #[must_use]
    pub fn observer(mut self, observer: impl Observer + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }
}

impl<S> Layer<S> for TraceLayer {
    type Service = Trace<S>;

    fn layer(&self, inner: S) -> Trace<S> {
        Trace::new(inner, self.observer.clone())
    }
}

impl fmt::Debug for TraceLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TraceLayer").finish_non_exhaustive()
    }
}
