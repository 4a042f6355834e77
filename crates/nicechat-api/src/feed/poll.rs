//! The state machine that polls for a result, without IO or a clock.

use std::time::Duration;

use common_api::Waits;
use common_transport::{Error, ErrorKind};

use crate::feeds::{FeedResult, FeedState};

/// The intervals and the deadline of polling for a result.
///
/// ```
/// use std::time::Duration;
/// use nicechat_api::feed::PollPolicy;
///
/// let patient = PollPolicy::new()
///     .waits(Duration::from_secs(5), Duration::from_secs(60))
///     .deadline(Duration::from_secs(3600));
/// assert_ne!(patient, PollPolicy::new());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PollPolicy {
    first: Duration,
    longest: Duration,
    deadline: Duration,
}

impl Default for PollPolicy {
    fn default() -> Self {
        Self {
            first: Duration::from_secs(1),
            longest: Duration::from_secs(30),
            deadline: Duration::from_secs(30 * 60),
        }
    }
}

impl PollPolicy {
    /// The default policy: waits of 1, 2, 4 … 30 s, for half an hour.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the wait before the second query, and the longest wait. Each wait doubles the previous wait;
    /// [`LEAST_WAIT`](common_api::LEAST_WAIT) is the minimum.
    #[must_use]
    pub fn waits(mut self, first: Duration, longest: Duration) -> Self {
        self.first = first;
        self.longest = longest;
        self
    }

    /// Sets the total time of polling.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    #[cfg(feature = "client")]
    pub(super) fn total_time(&self) -> Duration {
        self.deadline
    }
}

/// Follows a task through its states: `enqueued`, `started`, `success` or `failed`.
///
/// ```
/// use nicechat_api::{feeds::FeedResult, feed::{FeedPoll, PollPolicy, Progress}};
///
/// let state = |state: &str| -> FeedResult {
///     common_model::from_json(&format!(r#"{{"state":"{state}"}}"#)).unwrap()
/// };
/// let mut poll = FeedPoll::new(PollPolicy::new());
/// assert!(matches!(poll.observe(&state("enqueued")).unwrap(), Progress::Wait(_)));
/// assert_eq!(poll.observe(&state("success")).unwrap(), Progress::Done);
/// ```
#[derive(Debug, Clone)]
pub struct FeedPoll {
    waits: Waits,
    reached: u8,
}

/// The next step after an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress {
    /// Query again after this time.
    Wait(Duration),
    /// The task has ended, as success or failure.
    Done,
}

impl FeedPoll {
    /// Creates a poll before its first query.
    pub fn new(policy: PollPolicy) -> Self {
        Self {
            waits: Waits::new(policy.first, policy.longest),
            reached: 0,
        }
    }

    /// Reads an answer and returns the next step. An unknown or missing state counts as not ended.
    ///
    /// # Errors
    /// The state went backwards, which the service does not document: [`Error::is_decode`].
    pub fn observe(&mut self, result: &FeedResult) -> Result<Progress, Error> {
        let Some(rank) = result.state.as_ref().and_then(rank) else {
            return Ok(Progress::Wait(self.next_wait()));
        };
        if rank < self.reached {
            let message = "the state of the task went backwards";
            return Err(Error::new(ErrorKind::Decode, message).with_field("state"));
        }
        self.reached = rank;
        let is_final = result.state.as_ref().is_some_and(FeedState::is_final);
        Ok(match is_final {
            true => Progress::Done,
            false => Progress::Wait(self.next_wait()),
        })
    }

    /// The wait after a query without an answer.
    pub fn next_wait(&mut self) -> Duration {
        self.waits.take()
    }
}

/// The order of the documented states.
fn rank(state: &FeedState) -> Option<u8> {
    match state {
        FeedState::Enqueued => Some(1),
        FeedState::Started => Some(2),
        FeedState::Success | FeedState::Failed => Some(3),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(state: &str) -> FeedResult {
        common_model::from_json(&format!(r#"{{"state":"{state}"}}"#)).unwrap()
    }

    fn walk(states: &[&str]) -> Result<Vec<Progress>, Error> {
        let policy = PollPolicy::new().waits(Duration::from_secs(1), Duration::from_secs(3));
        let mut poll = FeedPoll::new(policy);
        states
            .iter()
            .map(|state| poll.observe(&result(state)))
            .collect()
    }

    #[test]
    fn n77_states_move_forward_and_waits_grow() {
        let wait = |seconds| Progress::Wait(Duration::from_secs(seconds));
        assert_eq!(
            walk(&["enqueued", "enqueued", "started", "started", "failed"]).unwrap(),
            [wait(1), wait(2), wait(3), wait(3), Progress::Done]
        );
        assert_eq!(walk(&["success"]).unwrap(), [Progress::Done]);
    }

    #[test]
    fn n77_a_state_that_goes_backwards_is_an_error() {
        let error = walk(&["started", "enqueued"]).unwrap_err();
        assert!(error.is_decode());
        assert_eq!(error.field(), Some("state"));
    }

    #[test]
    fn n77_an_unknown_state_is_waited_for() {
        let wait = |seconds| Progress::Wait(Duration::from_secs(seconds));
        let seen = walk(&["started", "paused", "started", "success"]).unwrap();
        assert_eq!(seen, [wait(1), wait(2), wait(3), Progress::Done]);
        let mut poll = FeedPoll::new(PollPolicy::new());
        assert!(matches!(
            poll.observe(&FeedResult::default()),
            Ok(Progress::Wait(_))
        ));
    }
}
