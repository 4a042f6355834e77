//! Telephony: the calls that the account knows.

use serde::{Deserialize, Serialize};

use crate::retailcrm::value::Object;

/// The calls that the account knows.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(crate) struct Telephony {
    /// Events of calls, oldest first.
    pub(crate) events: Vec<Object>,
    /// Calls that were uploaded.
    pub(crate) calls: Vec<Object>,
}
