//! The layer; see the [module](super).

use tower_layer::Layer;

use super::Decompress;

/// A layer that expands compressed answers; see the [module](super).
#[derive(Debug, Clone, Copy)]
pub struct DecompressLayer {
    max_body: usize,
}

impl Default for DecompressLayer {
    fn default() -> Self {
        Self {
            max_body: 64 * 1024 * 1024,
        }
    }
}

impl DecompressLayer {
    /// Builds the layer with the default limit of 64 MiB.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the largest size of an expanded body, in bytes.
    #[must_use]
    pub const fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }
}

impl<S> Layer<S> for DecompressLayer {
    type Service = Decompress<S>;

    fn layer(&self, inner: S) -> Decompress<S> {
        Decompress::new(inner, self.max_body)
    }
}
