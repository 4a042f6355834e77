//! Faults that come and go by themselves: the steps of a scenario.

use std::time::Duration;

use super::definition::Fault;
use crate::names::ServiceName;

/// Describes what happens at one time of a plan: faults are removed, and then added.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Step {
    /// Time since the start, by the sandbox's clock.
    pub(crate) at: Duration,
    /// Services that lose all their faults.
    pub(crate) clear: Vec<ServiceName>,
    pub(crate) faults: Vec<(ServiceName, Fault)>,
}

/// Steps in the order of their times.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plan {
    pub(crate) name: String,
    pub(crate) steps: Vec<Step>,
}

/// How far a plan has come.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Progress {
    pub(crate) name: String,
    /// Time since the start.
    pub(crate) elapsed: Duration,
    /// Number of steps that have happened.
    pub(crate) done: usize,
    pub(crate) total: usize,
    /// Time of the next step, since the start.
    pub(crate) next: Option<Duration>,
    /// Ids of the plan's faults that can still happen.
    pub(crate) faults: Vec<u64>,
}
