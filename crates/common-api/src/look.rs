//! Search for an effect that may still appear.
//!
//! When a call ends with [`Error::may_have_landed`], the service may have executed it, may be executing it, or may
//! never execute it. A single look proves nothing, since it may come before the effect. [`look_until`] looks
//! repeatedly, with growing waits. It reports the effect as not seen only when enough time has passed.

use std::{fmt, future::Future, time::Duration};

use common_transport::{Error, ErrorKind};
use http::StatusCode;
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::Waits;

/// Settings for how long and how often to look.
///
/// ```
/// use std::time::Duration;
/// use common_api::look::LookPolicy;
///
/// let policy = LookPolicy::new().within(Duration::from_secs(30)).first_wait(Duration::from_secs(1));
/// # let _ = policy;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LookPolicy {
    within: Duration,
    first_wait: Duration,
    longest_wait: Duration,
    patience: Duration,
}

impl Default for LookPolicy {
    fn default() -> Self {
        Self {
            within: Duration::from_secs(60),
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(15),
            patience: Duration::from_secs(60),
        }
    }
}

impl LookPolicy {
    /// Builds the default policy: it looks for 60 seconds, first after half a second, then after waits that double
    /// up to 15 seconds.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the time in which an effect can appear. The last look is made when this time is over. Choose more than
    /// the longest time that the service works on a request. Default: 60 seconds.
    #[must_use]
    pub fn within(mut self, time: Duration) -> Self {
        self.within = time;
        self
    }

    /// Sets the wait before the first look. Each later wait is twice as long. No wait is shorter than
    /// [`LEAST_WAIT`](crate::LEAST_WAIT), unless the time ends earlier. Default: half a second.
    #[must_use]
    pub fn first_wait(mut self, wait: Duration) -> Self {
        self.first_wait = wait;
        self
    }

    /// Sets the longest wait. Default: 15 seconds.
    #[must_use]
    pub fn longest_wait(mut self, wait: Duration) -> Self {
        self.longest_wait = wait;
        self
    }

    /// Sets how long after [`within`](Self::within) a failed last look is repeated. Default: 60 seconds.
    #[must_use]
    pub fn patience(mut self, time: Duration) -> Self {
        self.patience = time;
        self
    }
}

/// The result of [`look_until`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "whether the effect was seen decides whether the call is repeated"]
#[expect(clippy::exhaustive_enums, reason = "it is there or it is not")]
pub enum Looked<T> {
    /// The effect was found.
    Found(T),
    /// The effect was not found, and enough time has passed.
    NotSeen(NotSeen),
}

impl<T> Looked<T> {
    /// Returns the found effect.
    pub fn found(self) -> Option<T> {
        match self {
            Self::Found(found) => Some(found),
            Self::NotSeen(_) => None,
        }
    }
}

/// An effect that was not seen. It is displayed as "not seen in 60 s".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotSeen {
    /// Time from the beginning to the last look.
    pub after: Duration,
    /// Number of looks that were answered.
    pub looks: u32,
}

impl fmt::Display for NotSeen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Whole milliseconds: 3.004228687 s would only look exact.
        write!(f, "not seen in {} s", self.after.as_millis() as f64 / 1e3)
    }
}

/// Looks until the effect is found, or until enough time has passed to call it not seen.
///
/// `look` asks the service. It returns `Some` when the effect is there and `None` when it is not; [`found`] converts
/// the result of a `get` to that. A look that fails temporarily (connection, timeout, rate limit, 5xx, an unreadable
/// answer) is repeated. Dropping the future ends the search, and leaves nothing running.
///
/// It needs a tokio runtime with its timers.
///
/// ```
/// # use common_transport::Error;
/// use std::time::Duration;
/// use common_api::look::{LookPolicy, Looked, look_until};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), Error> {
/// let mut looks = 0;
/// let seen = look_until(LookPolicy::new(), || {
///     looks += 1;
///     // Stands for a call that finds the order only after a while.
///     let order = (looks == 3).then_some("order 5");
///     async move { Ok(order) }
/// });
/// assert_eq!(seen.await?, Looked::Found("order 5"));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// A look fails permanently (the key is refused, a parameter is wrong), or looks keep failing until the patience is
/// over. Then the outcome is unknown: do not repeat the call.
pub async fn look_until<T, L, F>(policy: LookPolicy, mut look: L) -> Result<Looked<T>, Error>
where
    L: FnMut() -> F,
    F: Future<Output = Result<Option<T>, Error>>,
{
    let start = Instant::now();
    let end = later(start, policy.within);
    let limit = later(end, policy.patience);
    let mut waits = Waits::new(policy.first_wait, policy.longest_wait);
    let (mut looks, mut has_looked) = (0, false);
    loop {
        let now = Instant::now();
        let bound = if now < end { end } else { limit };
        // Without time to wait, the first look is made at once.
        if start < end || has_looked {
            sleep_until(later(now, waits.take()).min(bound)).await;
        }
        has_looked = true;
        let begun = Instant::now();
        match timeout_at(limit, look()).await {
            Ok(Ok(Some(found))) => return Ok(Looked::Found(found)),
            Ok(Ok(None)) => {
                looks += 1;
                if begun >= end {
                    let after = begun - start;
                    return Ok(Looked::NotSeen(NotSeen { after, looks }));
                }
            }
            Ok(Err(error)) if !is_passing(&error) || Instant::now() >= limit => return Err(error),
            Ok(Err(_)) => {}
            Err(_) => return Err(unknown()),
        }
    }
}

/// Converts the result of a `get` to whether the object exists. Other errors stay errors.
///
/// Only the service itself can say that an object does not exist: in its envelope, with status or code 404. A web
/// page with 404, or a text that something else was not found, proves nothing.
///
/// # Errors
/// All errors of the call, except that the object does not exist.
pub fn found<T>(answer: Result<T, Error>) -> Result<Option<T>, Error> {
    match answer {
        Ok(object) => Ok(Some(object)),
        Err(error) if says_absent(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

fn says_absent(error: &Error) -> bool {
    let fault = error.service_error();
    if error.status().is_none() {
        // The error does not come from an answer: its author decides.
        return error.is_not_found();
    }
    let is_404 =
        error.status() == Some(StatusCode::NOT_FOUND) || fault.code.as_deref() == Some("404");
    error.is_not_found() && is_404 && (fault.message.is_some() || fault.code.is_some())
}

/// Adds `after` to `now`. A moment beyond the clock's range counts as never.
fn later(now: Instant, after: Duration) -> Instant {
    const NEVER: Duration = Duration::from_secs(30 * 365 * 24 * 3600);
    now.checked_add(after).unwrap_or_else(|| now + NEVER)
}

/// Whether the same look may succeed later.
fn is_passing(error: &Error) -> bool {
    let broke_down = error
        .status()
        .is_some_and(|status| status.is_server_error());
    let on_the_way = matches!(
        error.kind(),
        ErrorKind::Connect | ErrorKind::Transport | ErrorKind::Timeout | ErrorKind::Throttled
    );
    broke_down || on_the_way || error.is_decode() || error.is_retryable()
}

fn unknown() -> Error {
    Error::new(
        ErrorKind::Timeout,
        "the last look was not answered in time: whether the effect is there is not known",
    )
}

#[cfg(test)]
mod tests;
