//! The faults of the three services together, and the scenario that adds and removes them.

use serde_json::Value;

use super::Sandbox;
use crate::fault::{self, QueuedFault};
use crate::invalid::Invalid;
use crate::names::ServiceName;
use crate::scenario::{RunningScenario, Scenario};

impl Sandbox {
    /// Returns the faults of all services by id. The last 100 that cannot happen any more are among them.
    pub fn faults(&self) -> Vec<QueuedFault> {
        self.services.parts.ledger.list(None)
    }

    /// Adds faults from JSON, one or a list, as the admin API takes them. Returns them with their ids. If one is
    /// wrong, none is added.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use serde_json::json;
    /// use shopwire_sandbox::{Options, Sandbox};
    ///
    /// let sandbox = Sandbox::start(Options::default()).await?;
    /// let added = sandbox.add_faults(&json!([
    ///     {"service": "nicechat", "kind": "stall", "operation": "products.create"},
    ///     {"service": "retailcrm", "kind": "latency", "latency": {"p50_ms": 80, "p99_ms": 900}, "times": null, "seed": 7},
    /// ]))?;
    /// assert_eq!((added[0].id, added[1].id, added[1].happened), (1, 2, 0));
    /// assert!(sandbox.remove_fault(1) && !sandbox.remove_fault(1));
    ///
    /// let error = sandbox.add_faults(&json!([{"service": "nicechat", "kind": "stal"}])).unwrap_err();
    /// assert_eq!(error.to_string(), "faults[0].kind: unknown \"stal\"; did you mean \"stall\"?");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// A member is unknown, missing, or has a value that makes no sense; the error names it.
    pub fn add_faults(&self, faults: &Value) -> Result<Vec<QueuedFault>, Invalid> {
        let ledger = &self.services.parts.ledger;
        let read = fault::read_all(faults)?;
        let ids = read
            .into_iter()
            .map(|(service, fault)| ledger.add(service, fault));
        let ids: Vec<u64> = ids.collect();
        Ok(ids.into_iter().filter_map(|id| ledger.get(id)).collect())
    }

    /// Removes the fault with this id. Returns false if there is no such fault.
    pub fn remove_fault(&self, id: u64) -> bool {
        self.services.parts.ledger.remove(id)
    }

    /// Removes all faults of one service, or of all.
    pub fn clear_faults(&self, service: Option<ServiceName>) {
        match service {
            Some(service) => self.services.parts.ledger.clear(&[service]),
            None => self.services.parts.ledger.clear(&ServiceName::ALL),
        }
    }

    /// Starts a scenario in place of the running scenario. Its steps go by the sandbox's clock.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use shopwire_sandbox::{Fault, Options, Sandbox, Scenario, ServiceName};
    /// use std::time::Duration;
    ///
    /// let sandbox = Sandbox::start(Options::default()).await?;
    /// sandbox.clock().freeze();
    /// sandbox.start_scenario(
    ///     Scenario::new("a short outage")
    ///         .at(Duration::from_secs(60), [(ServiceName::RetailCrm, Fault::unavailable().always())])
    ///         .clear_at(Duration::from_secs(90)),
    /// );
    /// assert_eq!(sandbox.faults().len(), 0);
    /// sandbox.clock().advance(Duration::from_secs(60)).await;
    /// assert_eq!(sandbox.faults().len(), 1);
    /// sandbox.clock().advance(Duration::from_secs(30)).await;
    /// assert_eq!(sandbox.faults().len(), 0);
    /// assert!(sandbox.scenario().is_some_and(|running| running.is_finished()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn start_scenario(&self, scenario: Scenario) {
        self.services.parts.ledger.start(scenario.into_plan());
    }

    /// Returns how far the scenario has come, also after its last step. Returns `None` if none was started or it was
    /// stopped.
    pub fn scenario(&self) -> Option<RunningScenario> {
        self.services
            .parts
            .ledger
            .progress()
            .map(RunningScenario::from)
    }

    /// Ends the scenario and removes the faults that it has added. Returns false if no scenario is running.
    pub fn stop_scenario(&self) -> bool {
        self.services.parts.ledger.stop()
    }
}
