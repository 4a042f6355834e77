//! Named points of an engine at which tests act: kill the process, or wait for a barrier.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

type Action = Arc<dyn Fn() + Send + Sync>;

/// Actions at the named points of one engine. Clones share the actions.
///
/// The SQLite engine has these points, in the order of a commit: `sqlite.taken`, `sqlite.steps_done`,
/// `sqlite.committed`, `sqlite.answered`, `sqlite.checkpoint`. The PostgreSQL engine has `postgres.taken`,
/// `postgres.locked`, `postgres.steps_done`, `postgres.sent` (the commit is under way), `postgres.committed`,
/// `postgres.answered`; claims come to those between `locked` and `committed`.
#[derive(Clone, Default)]
pub struct Points {
    actions: Arc<Mutex<HashMap<String, Action>>>,
}

impl Points {
    /// Acts whenever the engine comes to a point, on the engine's thread.
    pub fn at(&self, name: impl Into<String>, action: impl Fn() + Send + Sync + 'static) {
        self.lock().insert(name.into(), Arc::new(action));
    }

    /// Acts no more at a point.
    pub fn clear(&self, name: &str) {
        self.lock().remove(name);
    }

    /// Called by the engine at its points.
    pub fn reach(&self, name: &str) {
        let action = self.lock().get(name).cloned();
        if let Some(action) = action {
            action();
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Action>> {
        self.actions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.lock().keys()).finish()
    }
}
