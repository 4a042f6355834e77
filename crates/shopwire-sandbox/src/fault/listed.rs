//! A fault as the list shows it.

use super::definition::Fault;
use crate::names::ServiceName;

/// A fault in the list of a service, with how often it has happened.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub struct QueuedFault {
    /// The number of the fault; it is unique in the sandbox.
    pub id: u64,
    /// The service whose requests or webhooks it meets.
    pub service: ServiceName,
    /// The fault as it was given, with the seed by which it draws.
    pub fault: Fault,
    /// How often it has happened.
    pub happened: u64,
    /// Whether it can still happen.
    pub pending: bool,
}
