//! The layer; see the [module](super).

use tower_layer::Layer;

use super::Decompress;

/// Expands compressed answers; see the [module](super).
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
    /// The default: up to 64 MiB.
    pub fn new() -> Self {
        Self::default()
    }

    /// Bounds the size of the expanded body, in bytes.
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
