//! The state of the three services as a whole: reset, seed, snapshot, a look inside, changes by a manager.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::clock::Clock;
use crate::entities::{Entities, RowQuery, Rows};
use crate::invalid::Invalid;
use crate::origin::Origin;
use crate::plan::{self, SeedPlan};
use crate::snapshot::{self, ClockHand, Document};
use crate::{nicechat, retailcrm, uvygoda};

/// A handle to the state of a sandbox. Clones are handles to the same state.
#[derive(Clone)]
pub(crate) struct State {
    origin: Origin,
    nicechat: Arc<nicechat::State>,
    uvygoda: Arc<uvygoda::State>,
    retailcrm: Arc<retailcrm::State>,
}

/// Describes what a reset does with the clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ClockAfterReset {
    /// It goes back to its start.
    #[default]
    Start,
    /// It stays where it is.
    Kept,
}

impl State {
    pub(crate) fn new(
        origin: Origin,
        nicechat: Arc<nicechat::State>,
        uvygoda: Arc<uvygoda::State>,
        retailcrm: Arc<retailcrm::State>,
    ) -> Self {
        Self {
            origin,
            nicechat,
            uvygoda,
            retailcrm,
        }
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
        self.restart(self.origin.seed(), None);
    }

    /// Resets, and generates data by a plan. The clock stands still at the start of the seeds. Keys stay. Returns the
    /// counts of all entities by service.
    pub(crate) async fn seed(&self, plan: &SeedPlan) -> Value {
        let _alone = self.clock().alone().await;
        self.origin.wind_to_epoch();
        self.restart(plan.seed, Some(plan));
        self.counts()
    }

    fn restart(&self, seed: u64, plan: Option<&SeedPlan>) {
        self.nicechat.restart(seed, plan.map(|plan| &plan.nicechat));
        self.uvygoda.restart(seed, plan.map(|plan| &plan.uvygoda));
        self.retailcrm
            .restart(seed, plan.map(|plan| &plan.retailcrm));
    }

    /// The whole state as one JSON document. All services are held still meanwhile.
    pub(crate) fn snapshot(&self) -> String {
        let (nicechat, _shop) = self.nicechat.saved();
        let (uvygoda, _market) = self.uvygoda.saved();
        let account = self.retailcrm.saved();
        snapshot::write(&Document {
            clock: ClockHand {
                now: self.clock().timestamp(),
                frozen: self.clock().is_frozen(),
            },
            nicechat,
            uvygoda,
            retailcrm: &account,
        })
    }

    /// Replaces the whole state by that of a snapshot, or changes nothing.
    pub(crate) async fn restore(&self, snapshot: &str) -> Result<(), Invalid> {
        let document = snapshot::read(snapshot)?;
        let nicechat = self.nicechat.read(document.nicechat)?;
        let uvygoda = self.uvygoda.read(document.uvygoda)?;
        let _alone = self.clock().alone().await;
        self.clock().set(document.clock.now, document.clock.frozen);
        self.nicechat.load(nicechat);
        self.uvygoda.load(uvygoda);
        self.retailcrm.load(document.retailcrm);
        Ok(())
    }

    /// The numbers of rows by service and entity.
    pub(crate) fn counts(&self) -> Value {
        plan::counts([
            ("nicechat", self.nicechat.counts()),
            ("uvygoda", self.uvygoda.counts()),
            ("retailcrm", self.retailcrm.counts()),
        ])
    }

    /// One page of rows. The error names an unknown service or entity, or a wrong number of the query.
    pub(crate) fn rows(
        &self,
        service: &str,
        entity: &str,
        query: &RowQuery,
    ) -> Result<Rows, Invalid> {
        query.check()?;
        let rows = self.service(service)?.rows(entity, query);
        rows.ok_or_else(|| Invalid::new("entity", format!("{service} has no \"{entity}\"")))
    }

    /// One row, if there is such a row.
    pub(crate) fn row(&self, service: &str, entity: &str, id: &str) -> Option<Value> {
        self.service(service).ok()?.row(entity, id)
    }

    /// The history of a row, oldest entry first, if the service keeps one.
    pub(crate) fn history(&self, service: &str, entity: &str, id: &str) -> Option<Vec<Value>> {
        self.service(service).ok()?.history(entity, id)
    }

    /// Changes an order or a customer of RetailCRM as a manager would, and returns the new entries of the history.
    /// The change is `{"entity","id" or "externalId","user","changes":{…}}`.
    pub(crate) fn change(&self, change: &Value) -> Result<Vec<Value>, Invalid> {
        self.retailcrm.change(change)
    }

    fn service(&self, name: &str) -> Result<&dyn Entities, Invalid> {
        match name {
            "nicechat" => Ok(&*self.nicechat),
            "uvygoda" => Ok(&*self.uvygoda),
            "retailcrm" => Ok(&*self.retailcrm),
            _ => {
                let text = "must be \"nicechat\", \"uvygoda\" or \"retailcrm\"";
                Err(Invalid::new("service", text))
            }
        }
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State")
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}
