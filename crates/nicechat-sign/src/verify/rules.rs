//! The rules for reading a request.

use alloc::sync::Arc;
use alloc::vec::Vec;

use http::Method;

use crate::{Dialect, Names, QueryRule};

type IsKnown = dyn Fn(&str) -> bool + Send + Sync;

/// The settings of a [`Verifier`](super::Verifier).
#[derive(Clone)]
pub(super) struct Rules {
    pub(super) dialects: Arc<[Dialect]>,
    pub(super) names: Vec<Names>,
    pub(super) query: QueryRule,
    pub(super) methods: Vec<Method>,
    pub(super) paths: Option<Arc<IsKnown>>,
    pub(super) max_body: usize,
}

impl Rules {
    /// Whether the path is known. Without a rule for paths, all are.
    pub(super) fn knows(&self, path: &str) -> bool {
        self.paths.as_ref().is_none_or(|is_known| is_known(path))
    }
}
