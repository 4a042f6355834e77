//! Decisions about leases and ends, the same in every engine.

use std::time::Duration;

use crate::Later;

/// Whether work is tried again after a failed claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AfterFailure {
    Again,
    /// Dead, or parked for an effect.
    GivenUp,
}

/// Decides by the number of claims so far.
pub(crate) fn after_failure(claims: u32, most_claims: u32) -> AfterFailure {
    if claims >= most_claims.max(1) {
        AfterFailure::GivenUp
    } else {
        AfterFailure::Again
    }
}

/// A lane whose work is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    /// Whether the lane still has the token of an earlier claim.
    pub(crate) has_lapsed: bool,
    /// Number of claims so far.
    pub(crate) claims: u32,
}

/// Whether a claim delivers the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnClaim {
    Deliver,
    GiveUp,
}

/// Decides about work that is due.
pub(crate) fn on_claim(found: Found, most_claims: u32) -> OnClaim {
    match (found.has_lapsed, after_failure(found.claims, most_claims)) {
        (true, AfterFailure::GivenUp) => OnClaim::GiveUp,
        // A worker that said "again" was asked after its claim whether there is one left.
        _ => OnClaim::Deliver,
    }
}

/// Reason of a failure that no worker reported.
pub(crate) const LAPSED: &str = "the lease ran out";

/// Reason of work that was claimed too often.
pub(crate) fn given_up(claims: u32) -> String {
    format!("claimed {claims} times without success")
}

/// A lane after the end of its first open work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LaneAfter {
    /// The next work is due now.
    Due,
    /// It has no work.
    Idle,
    /// It waits for a person.
    Held,
}

/// Decides with the number of works that are still open.
pub(crate) fn lane_after(open: i64, gave_up: Option<Later>) -> LaneAfter {
    match gave_up {
        Some(Later::Wait) => LaneAfter::Held,
        _ if open > 0 => LaneAfter::Due,
        _ => LaneAfter::Idle,
    }
}

/// Returns how long a look at an effect waits whose worker was lost while sending: the attempt could still begin for
/// `may_begin`, and what it sent can land for `wait` after that.
pub(crate) fn look_after_loss(may_begin: Duration, wait: Duration) -> Duration {
    may_begin.saturating_add(wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d4_the_last_claim_gives_up() {
        assert_eq!(after_failure(2, 3), AfterFailure::Again);
        assert_eq!(after_failure(3, 3), AfterFailure::GivenUp);
        assert_eq!(after_failure(1, 0), AfterFailure::GivenUp);
    }

    #[test]
    fn d4_a_lapsed_lease_counts() {
        let found = |has_lapsed, claims| Found { has_lapsed, claims };
        assert_eq!(on_claim(found(true, 2), 3), OnClaim::Deliver);
        assert_eq!(on_claim(found(true, 3), 3), OnClaim::GiveUp);
        assert_eq!(on_claim(found(false, 0), 1), OnClaim::Deliver);
    }

    #[test]
    fn d5_a_lane_after_an_end() {
        assert_eq!(lane_after(0, None), LaneAfter::Idle);
        assert_eq!(lane_after(2, None), LaneAfter::Due);
        assert_eq!(lane_after(2, Some(Later::Pass)), LaneAfter::Due);
        assert_eq!(lane_after(0, Some(Later::Wait)), LaneAfter::Held);
    }
}
