//! An SMS check: its shown form, the lifetime of its code, and its purpose.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::retailcrm::value::Object;

/// Lifetime of a code.
pub(crate) const LIFETIME: Duration = Duration::from_secs(10 * 60);

/// A check that was sent.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Sms {
    /// The check as the API shows it.
    pub(crate) shown: Object,
    /// End of the code's lifetime.
    pub(crate) expires: Timestamp,
    /// The membership that it activates.
    pub(crate) membership: i64,
}

impl Sms {
    /// Whether the code has expired.
    pub(crate) fn is_expired(&self, now: Timestamp) -> bool {
        now >= self.expires
    }
}
