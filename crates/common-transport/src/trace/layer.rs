//! The layer; see the [module](super).

use tower_layer::Layer;

use super::Trace;

/// Opens a span for each operation; see the [module](super).
#[derive(Debug, Clone, Copy, Default)]
pub struct TraceLayer(());

impl TraceLayer {
    /// There is nothing to choose.
    pub const fn new() -> Self {
        Self(())
    }
}

impl<S> Layer<S> for TraceLayer {
    type Service = Trace<S>;

    fn layer(&self, inner: S) -> Trace<S> {
        Trace::new(inner)
    }
}
