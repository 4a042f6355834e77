//! The state of the three services as a whole: reset, seed, snapshot, a look inside, changes by a manager.

use serde_json::Value;

use crate::clock::Clock;
use crate::entities::{RowQuery, Rows};
use crate::error::StateError;
use crate::origin::Origin;
use crate::plan::SeedPlan;

/// A handle to the state of a sandbox. Clones are handles to the same state.
#[derive(Clone, Debug)]
pub(crate) struct State {
    origin: Origin,
}

/// Whether a reset puts the clock back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ClockAfterReset {
    /// To its start.
    #[default]
    Start,
    /// It stays where it is.
    Kept,
}

impl State {
    pub(crate) fn new(origin: Origin) -> Self {
        Self { origin }
    }

    /// The clock of the sandbox.
    pub(crate) fn clock(&self) -> &Clock {
        &self.origin.clock
    }

    /// Puts all data back to the start. Keys, options and seed stay.
    pub(crate) async fn reset(&self, clock: ClockAfterReset) {
        let _alone = self.clock().alone().await;
        if clock == ClockAfterReset::Start {
            self.origin.wind_back();
        }
    }

    /// Resets, and generates data by a plan. Returns the counts of all entities by service.
    pub(crate) async fn seed(&self, plan: &SeedPlan) -> Value {
        let _ = plan;
        self.counts()
    }

    /// The whole state as one JSON document.
    pub(crate) fn snapshot(&self) -> Value {
        Value::Null
    }

    /// Replaces the whole state by that of a snapshot, or changes nothing.
    pub(crate) async fn restore(&self, snapshot: &Value) -> Result<(), StateError> {
        let _ = snapshot;
        Ok(())
    }

    /// The numbers of rows by service and entity.
    pub(crate) fn counts(&self) -> Value {
        Value::Null
    }

    /// One page of rows. The error names an unknown service or entity, or a wrong number of the query.
    pub(crate) fn rows(
        &self,
        service: &str,
        entity: &str,
        query: &RowQuery,
    ) -> Result<Rows, StateError> {
        let _ = (service, entity);
        query.check()?;
        Ok(Rows::default())
    }

    /// One row, if there is such a row.
    pub(crate) fn row(&self, service: &str, entity: &str, id: &str) -> Option<Value> {
        let _ = (service, entity, id);
        None
    }

    /// The history of a row, oldest entry first, if the service keeps one.
    pub(crate) fn history(&self, service: &str, entity: &str, id: &str) -> Option<Vec<Value>> {
        let _ = (service, entity, id);
        None
    }

    /// Changes an order or a customer of RetailCRM as a manager would, and returns the new entries of the history.
    /// The change is `{"entity","id" or "externalId","changes":{…}}`.
    pub(crate) fn change(&self, change: &Value) -> Result<Vec<Value>, StateError> {
        let _ = change;
        Ok(Vec::new())
    }
}
