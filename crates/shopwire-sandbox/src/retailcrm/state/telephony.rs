//! Telephony: the calls the account knows of.

use crate::retailcrm::value::Object;

/// Calls the account knows of.
#[derive(Debug, Default)]
pub(crate) struct Telephony {
    /// What happened to calls, oldest first.
    pub(crate) events: Vec<Object>,
    /// Calls that were uploaded.
    pub(crate) calls: Vec<Object>,
}
