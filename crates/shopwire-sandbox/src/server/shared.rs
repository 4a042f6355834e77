//! State shared by the connections of a server.

use std::sync::Arc;

use super::limits::Budget;
use crate::background::Background;
use crate::fault::Faults;
use crate::requests::Requests;
use crate::service::Service;

/// The state that all connections of a server share.
pub(super) struct Shared {
    pub(super) service: Arc<dyn Service>,
    pub(super) faults: Faults,
    pub(super) requests: Requests,
    pub(super) late: Background,
    /// The bodies that are being read or processed.
    pub(super) open: Budget,
}
