//! An SMS check: how it is shown, how long its code can be entered, and what it was sent for.

use std::time::Duration;

use tokio::time::Instant;

use crate::retailcrm::value::Object;

/// How long a code can be entered.
pub(crate) const LIFETIME: Duration = Duration::from_secs(10 * 60);

/// A check that was sent.
#[derive(Debug)]
pub(crate) struct Sms {
    /// As the API shows it.
    pub(crate) shown: Object,
    /// Until when the code can be entered.
    pub(crate) expires: Instant,
    /// The membership that it activates.
    pub(crate) membership: i64,
}

impl Sms {
    /// Whether the code can no longer be entered.
    pub(crate) fn is_expired(&self) -> bool {
        Instant::now() >= self.expires
    }
}
