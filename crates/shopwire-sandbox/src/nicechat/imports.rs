//! The tasks of feed imports: enqueued, started, successful or failed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::clock::Moment;

/// The tasks pushed so far.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(transparent)]
pub(super) struct Imports {
    tasks: Vec<Task>,
}

/// The requested import.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Push {
    pub(super) url: String,
    pub(super) format: String,
    pub(super) callback: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Task {
    pub(super) token: String,
    pub(super) push: Push,
    pushed: Timestamp,
    pub(super) updated: Timestamp,
    pub(super) state: State,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    /// Waits until this time.
    Enqueued {
        until: Timestamp,
    },
    /// Fetches the feed at this time.
    Started {
        until: Timestamp,
    },
    /// The number of stored elements, and the items that were refused.
    Success {
        count: usize,
        refused: Vec<String>,
    },
    Failed {
        why: String,
    },
}

impl State {
    /// The end of a state that passes by itself.
    pub(super) fn until(&self) -> Option<Timestamp> {
        match self {
            Self::Enqueued { until } | Self::Started { until } => Some(*until),
            Self::Success { .. } | Self::Failed { .. } => None,
        }
    }
}

impl Imports {
    /// Adds a new task, which waits until then.
    pub(super) fn enqueue(&mut self, token: String, push: Push, now: Timestamp, until: Timestamp) {
        self.tasks.push(Task {
            token,
            push,
            pushed: now,
            updated: now,
            state: State::Enqueued { until },
        });
    }

    /// Returns a task.
    pub(super) fn find(&self, token: &str) -> Option<&Task> {
        self.tasks.iter().find(|task| task.token == token)
    }

    /// All tasks, oldest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Task> {
        self.tasks.iter()
    }

    /// Moves a task to another state.
    pub(super) fn enter(&mut self, token: &str, state: State, now: Timestamp) -> Option<&Task> {
        let task = self.tasks.iter_mut().find(|task| task.token == token)?;
        task.state = state;
        task.updated = now;
        Some(task)
    }
}

impl Task {
    /// The count's key has spaces here, and underscores in the callback. `error` and `refused` are the sandbox's
    /// own: the document does not say how it reports the reason of a failure or refused items.
    pub(super) fn to_json(&self) -> Value {
        let mut result = Map::new();
        let moment = |time| Value::from(Moment::from(time).with_offset());
        result.insert("pushed".into(), moment(self.pushed));
        result.insert("updated".into(), moment(self.updated));
        let state = match &self.state {
            State::Enqueued { .. } => "enqueued",
            State::Started { .. } => "started",
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
            State::Enqueued { .. } | State::Started { .. } => None,
        };
        Value::Object(result)
    }
}
