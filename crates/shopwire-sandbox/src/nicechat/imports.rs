//! The tasks of feed imports: enqueued, started, successful or failed.

use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value, json};

use crate::clock::Moment;
use crate::random;

/// The tasks pushed so far.
#[derive(Debug, Default)]
pub(super) struct Imports {
    tasks: Mutex<Vec<Task>>,
}

#[derive(Clone, Debug)]
pub(super) struct Task {
    token: String,
    pushed: Moment,
    pub(super) updated: Moment,
    pub(super) state: State,
}

#[derive(Clone, Debug)]
pub(super) enum State {
    Enqueued,
    Started,
    /// The number of stored elements, and the items that were refused.
    Success {
        count: usize,
        refused: Vec<String>,
    },
    Failed {
        why: String,
    },
}

impl Imports {
    /// Adds a new task and returns its token.
    pub(super) fn enqueue(&self) -> String {
        let token = random::uuid();
        let now = Moment::now();
        self.lock().push(Task {
            token: token.clone(),
            pushed: now,
            updated: now,
            state: State::Enqueued,
        });
        token
    }

    /// Returns the state of a task as JSON.
    pub(super) fn result(&self, token: &str) -> Option<Value> {
        self.lock()
            .iter()
            .find(|task| task.token == token)
            .map(Task::to_json)
    }

    /// Moves a task to another state.
    pub(super) fn enter(&self, token: &str, state: State) -> Option<Task> {
        let mut tasks = self.lock();
        let task = tasks.iter_mut().find(|task| task.token == token)?;
        task.state = state;
        task.updated = Moment::now();
        Some(task.clone())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Task>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Task {
    /// The count's key has spaces here, and underscores in the callback. `error` and `refused` are the sandbox's
    /// own: the document does not say how it reports the reason of a failure or refused items.
    fn to_json(&self) -> Value {
        let mut result = Map::new();
        result.insert("pushed".into(), self.pushed.with_offset().into());
        result.insert("updated".into(), self.updated.with_offset().into());
        let state = match &self.state {
            State::Enqueued => "enqueued",
            State::Started => "started",
            State::Success { .. } => "success",
            State::Failed { .. } => "failed",
        };
        result.insert("state".into(), state.into());
        match &self.state {
            State::Success { count, refused } => {
                if !refused.is_empty() {
                    result.insert("refused".into(), json!(refused));
                }
                result.insert("imported elements count".into(), json!(count))
            }
            State::Failed { why } => result.insert("error".into(), why.as_str().into()),
            State::Enqueued | State::Started => None,
        };
        Value::Object(result)
    }
}
