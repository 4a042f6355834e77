//! A scenario and its steps.

use std::time::Duration;

use crate::fault::{Fault, Plan, Step};
use crate::names::ServiceName;

/// Faults that come and go at times of the sandbox's clock, counted from the start of the scenario.
///
/// A scenario is a JSON file, or is built in Rust:
///
/// ```
/// use shopwire_sandbox::{Fault, Scenario, ServiceName};
/// use std::time::Duration;
///
/// let text = r#"{
///     "name": "a short outage",
///     "steps": [
///         {"at_s": 60, "faults": [{"service": "retailcrm", "kind": "unavailable", "times": null}]},
///         {"at_s": 90, "clear": true}
///     ]
/// }"#;
/// let read: Scenario = text.parse()?;
/// let built = Scenario::new("a short outage")
///     .at(Duration::from_secs(60), [(ServiceName::RetailCrm, Fault::unavailable().always())])
///     .clear_at(Duration::from_secs(90));
/// assert_eq!(read, built);
/// assert_eq!(read.length(), Duration::from_secs(90));
/// # Ok::<(), shopwire_sandbox::Invalid>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    pub(super) name: String,
    pub(super) description: String,
    /// In the order of their times.
    pub(super) steps: Vec<Step>,
}

impl Scenario {
    /// Builds a scenario without steps.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            description: String::new(),
            steps: Vec::new(),
        }
    }

    /// Sets the description.
    #[must_use]
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = text.into();
        self
    }

    /// Adds a step that adds faults. Steps of the same time happen in the order in which they were added.
    #[must_use]
    pub fn at(
        self,
        time: Duration,
        faults: impl IntoIterator<Item = (ServiceName, Fault)>,
    ) -> Self {
        self.step(Step {
            at: time,
            clear: Vec::new(),
            faults: faults.into_iter().collect(),
        })
    }

    /// Adds a step that removes all faults of the three services, also those that the scenario has not added.
    #[must_use]
    pub fn clear_at(self, time: Duration) -> Self {
        self.step(Step {
            at: time,
            clear: ServiceName::ALL.into(),
            faults: Vec::new(),
        })
    }

    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the time of the last step.
    pub fn length(&self) -> Duration {
        self.steps.last().map_or(Duration::ZERO, |step| step.at)
    }

    pub(super) fn step(mut self, step: Step) -> Self {
        let place = self.steps.partition_point(|one| one.at <= step.at);
        self.steps.insert(place, step);
        self
    }

    pub(crate) fn into_plan(self) -> Plan {
        Plan {
            name: self.name,
            steps: self.steps,
        }
    }
}
