//! Work that continues after its request, and ends with the sandbox.

use std::fmt;
use std::future::Future;
use std::sync::{Mutex, PoisonError};

use tokio::runtime::Handle;
use tokio::task::JoinSet;

/// Background tasks of one service. Dropping it aborts them.
pub(crate) struct Background {
    runtime: Handle,
    tasks: Mutex<JoinSet<()>>,
}

impl Background {
    /// Builds an empty set of tasks for the current runtime.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub(crate) fn new() -> Self {
        Self {
            runtime: Handle::current(),
            tasks: Mutex::new(JoinSet::new()),
        }
    }

    /// Starts a task. Works from any thread.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        while tasks.try_join_next().is_some() {}
        tasks.spawn_on(task, &self.runtime);
    }

    /// Aborts all tasks; others can be started after it.
    pub(crate) fn restart(&self) {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.abort_all();
        *tasks = JoinSet::new();
    }

    /// Aborts all tasks.
    pub(crate) fn stop(&self) {
        self.tasks
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .abort_all();
    }
}

impl fmt::Debug for Background {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Background")
    }
}
