//! The faults of one service.

use http::Request;

use super::definition::Fault;
use super::entry::Taken;
use super::ledger::Ledger;
use super::listed::QueuedFault;
use crate::names::ServiceName;

/// The faults of one service, in the order they were pushed. Clones share the list.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// use shopwire_sandbox::{Fault, Options, Sandbox};
///
/// let sandbox = Sandbox::start(Options::default()).await?;
/// let faults = sandbox.retailcrm().faults();
/// let id = faults.push(Fault::unavailable().on_operation("orders.list").times(3));
/// assert_eq!((faults.pending(), faults.list()[0].happened), (1, 0));
/// assert!(faults.remove(id));
/// assert_eq!(faults.pending(), 0);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Faults {
    ledger: Ledger,
    service: ServiceName,
}

impl Faults {
    pub(crate) fn new(ledger: Ledger, service: ServiceName) -> Self {
        Self { ledger, service }
    }

    /// Queues a fault and returns its id.
    pub fn push(&self, fault: Fault) -> u64 {
        self.ledger.add(self.service, fault)
    }

    /// Removes all faults.
    pub fn clear(&self) {
        self.ledger.clear(&[self.service]);
    }

    /// Removes the fault with this id. Returns false if the service has no such fault.
    pub fn remove(&self, id: u64) -> bool {
        let is_own = self.ledger.service_of(id) == Some(self.service);
        is_own && self.ledger.remove(id)
    }

    /// Returns the number of faults that can still happen, including those that have happened some of their times.
    pub fn pending(&self) -> usize {
        self.list().iter().filter(|one| one.pending).count()
    }

    /// Returns the faults in the order they were pushed. The last 100 that have happened as often as they should
    /// stay in the list.
    pub fn list(&self) -> Vec<QueuedFault> {
        self.ledger.list(Some(self.service))
    }

    /// Takes the first fault that matches the request, if its turn has come.
    pub(crate) fn take<B>(&self, request: &Request<B>) -> Option<Taken> {
        self.ledger.take(self.service, request)
    }

    /// Whether to drop the webhook of this event that is due now; takes the fault.
    pub(crate) fn loses(&self, event: &str) -> bool {
        self.ledger.take_callback(self.service, event).is_some()
    }
}
