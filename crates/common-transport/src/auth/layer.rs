//! The layer; see the [module](super).

use std::{fmt, sync::Arc};

use tower_layer::Layer;

use super::Authorized;
use crate::Authorize;

/// A layer that adds credentials to each request; see the [module](super).
#[derive(Clone)]
pub struct AuthorizeLayer {
    authorize: Arc<dyn Authorize>,
}

impl AuthorizeLayer {
    /// Builds a layer that calls `authorize` for each request.
    pub fn new(authorize: impl Authorize + 'static) -> Self {
        Self {
            authorize: Arc::new(authorize),
        }
    }
}

impl<S> Layer<S> for AuthorizeLayer {
    type Service = Authorized<S>;

    fn layer(&self, inner: S) -> Authorized<S> {
        Authorized::new(inner, Arc::clone(&self.authorize))
    }
}

impl fmt::Debug for AuthorizeLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizeLayer").finish_non_exhaustive()
    }
}
