//! The layer; see the [module](super).

use tower_layer::Layer;

use super::Guard;

/// A layer that refuses requests without HTTPS; see the [module](super).
#[derive(Debug, Clone, Copy, Default)]
pub struct GuardLayer(());

impl GuardLayer {
    /// Builds the layer, which has no settings.
    pub const fn new() -> Self {
        Self(())
    }
}

impl<S> Layer<S> for GuardLayer {
    type Service = Guard<S>;

    fn layer(&self, inner: S) -> Guard<S> {
        Guard::new(inner)
    }
}
