//! How far a scenario has come.

use std::time::Duration;

use serde_json::{Value, json};

use crate::fault::Progress;

/// A scenario that was started.
#[derive(Clone, Debug, PartialEq)]
pub struct RunningScenario(Progress);

impl RunningScenario {
    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Returns the time since the start, by the sandbox's clock.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// Returns the number of steps that have happened.
    pub fn done(&self) -> usize {
        self.0.done
    }

    /// Whether the last step has happened. Its faults stay until they are removed or the scenario is stopped.
    pub fn is_finished(&self) -> bool {
        self.0.next.is_none()
    }

    /// Returns the ids of the scenario's faults that can still happen.
    pub fn faults(&self) -> &[u64] {
        &self.0.faults
    }

    /// Returns the progress as the admin API shows it: `{"name", "finished", "elapsed_s", "done", "steps", "next_s",
    /// "faults"}`, where `steps` is a number and `next_s` the time of the next step since the start, or null.
    pub fn to_json(&self) -> Value {
        let progress = &self.0;
        json!({
            "name": progress.name,
            "finished": self.is_finished(),
            "elapsed_s": progress.elapsed.as_millis() as f64 / 1e3,
            "done": progress.done,
            "steps": progress.total,
            "next_s": progress.next.map(|at| at.as_millis() as f64 / 1e3),
            "faults": progress.faults,
        })
    }
}

impl From<Progress> for RunningScenario {
    fn from(progress: Progress) -> Self {
        Self(progress)
    }
}
