//! Describes what the handlers of the admin API share.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::Semaphore;

use super::events::{MAX_SUBSCRIBERS, Notices};
use crate::fault::Ledger;
use crate::journal::Journal;
use crate::names::ServiceName;
use crate::server::Budget;
use crate::services::Services;
use crate::state::State;

/// The sandbox as the handlers see it.
#[derive(Debug)]
pub(super) struct Context {
    pub(super) services: Arc<Services>,
    pub(super) journal: Journal,
    pub(super) ledger: Ledger,
    pub(super) state: State,
    /// Bytes of all bodies that are being read.
    pub(super) open: Budget,
    /// Places for clients of the stream of events.
    pub(super) subscribers: Arc<Semaphore>,
    pub(super) notices: Notices,
}

impl Context {
    pub(super) fn new(services: Arc<Services>) -> Self {
        Self {
            journal: services.parts.journal.clone(),
            ledger: services.parts.ledger.clone(),
            state: services.state.clone(),
            services,
            open: Budget::default(),
            subscribers: Arc::new(Semaphore::new(MAX_SUBSCRIBERS)),
            notices: Notices::new(),
        }
    }

    /// Returns the base URL of a service.
    pub(super) fn url_of(&self, service: ServiceName) -> String {
        self.services.url(service)
    }

    /// Returns the address of a service.
    pub(super) fn address_of(&self, service: ServiceName) -> Option<SocketAddr> {
        self.url_of(service).strip_prefix("http://")?.parse().ok()
    }
}
