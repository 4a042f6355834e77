//! Describes what the three services of a sandbox share.

use crate::fault::{Faults, Ledger};
use crate::journal::Journal;
use crate::names::ServiceName;
use crate::options::Options;
use crate::origin::Origin;
use crate::outbound::Outbound;
use crate::requests::Requests;
use crate::webhooks::Webhooks;

/// Describes what the three services share. Clones share it too.
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    pub(crate) origin: Origin,
    pub(crate) journal: Journal,
    pub(crate) ledger: Ledger,
    pub(crate) webhooks: Webhooks,
}

impl Parts {
    pub(crate) fn of(options: &Options) -> Self {
        let origin = Origin::of(options);
        Self {
            journal: Journal::new(origin.clock.clone()),
            webhooks: Webhooks::new(Outbound::new(options.hosts), origin.clock.clone()),
            ledger: Ledger::new(origin.clock.clone()),
            origin,
        }
    }

    /// Returns the faults of a service.
    pub(crate) fn faults(&self, service: ServiceName) -> Faults {
        Faults::new(self.ledger.clone(), service)
    }

    /// Returns the requests of a service.
    pub(crate) fn requests(&self, service: ServiceName) -> Requests {
        Requests::new(self.journal.clone(), service)
    }
}
