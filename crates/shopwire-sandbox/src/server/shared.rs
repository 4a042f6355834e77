//! What the connections of a server share.

use std::sync::Arc;

use super::limits::Budget;
use crate::background::Background;
use crate::fault::Faults;
use crate::requests::Requests;
use crate::service::Service;

/// What every connection of a server shares.
pub(super) struct Shared {
    pub(super) service: Arc<dyn Service>,
    pub(super) faults: Faults,
    pub(super) requests: Requests,
    pub(super) late: Background,
    /// The bodies that are being read or worked on.
    pub(super) open: Budget,
}
