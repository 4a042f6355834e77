//! The layer; see the [module](super).

use tower_layer::Layer;

use super::Guard;

/// Refuses what is not HTTPS; see the [module](super).
#[derive(Debug, Clone, Copy, Default)]
pub struct GuardLayer(());

impl GuardLayer {
    /// The one rule there is.
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
