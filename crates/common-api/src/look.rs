//! Looking for an effect that may still land.
//!
//! When a call ends with [`Error::may_have_landed`], the service may have done it, may be doing it, or may never do
//! it. One look proves nothing: it may come before the effect does. [`look_until`] looks again and again, with
//! growing waits, and says that the effect was not seen only when enough time has passed.

use std::{fmt, future::Future, time::Duration};

use common_transport::{Error, ErrorKind};
use http::StatusCode;
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::Waits;

/// How long and how often to look.
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
    /// Looks for 60 seconds: after half a second, then after waits that double up to 15 seconds.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How long an effect may take to show. The last look is made when this time is over. Choose more than the service
    /// works on a request at most.
    #[must_use]
    pub fn within(mut self, time: Duration) -> Self {
        self.within = time;
        self
    }

    /// The wait before the first look; each later one is twice as long as the one before. None is shorter than
    /// [`LEAST_WAIT`](crate::LEAST_WAIT), unless the time is over before.
    #[must_use]
    pub fn first_wait(mut self, wait: Duration) -> Self {
        self.first_wait = wait;
        self
    }

    /// No wait is longer. Default: 15 seconds.
    #[must_use]
    pub fn longest_wait(mut self, wait: Duration) -> Self {
        self.longest_wait = wait;
        self
    }

    /// How long after [`within`](Self::within) a last look that fails is repeated. Default: 60 seconds.
    #[must_use]
    pub fn patience(mut self, time: Duration) -> Self {
        self.patience = time;
        self
    }
}

/// What [`look_until`] saw.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "whether the effect was seen decides whether the call is repeated"]
#[expect(clippy::exhaustive_enums, reason = "it is there or it is not")]
pub enum Looked<T> {
    /// The effect is there.
    Found(T),
    /// It is not there, and time enough has passed.
    NotSeen(NotSeen),
}

impl<T> Looked<T> {
    /// What was found.
    pub fn found(self) -> Option<T> {
        match self {
            Self::Found(found) => Some(found),
            Self::NotSeen(_) => None,
        }
    }
}

/// An effect that was not seen. `Display` says "not seen in 60 s".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotSeen {
    /// The time from the beginning to the last look.
    pub after: Duration,
    /// The looks that were answered.
    pub looks: u32,
}

impl fmt::Display for NotSeen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not seen in {} s", self.after.as_secs_f64())
    }
}

/// Looks until the effect is seen, or until it is late enough to say that it was not.
///
/// `look` asks the service: `Some` when the effect is there, `None` when it is not ([`found`] makes that of a `get`).
/// A look that fails for the moment (connection, time-out, rate limit, 5xx, an unreadable answer) says nothing: it is
/// made again. Dropping the future stops the looking and leaves nothing behind.
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
///     // In place of a call that finds the order only after a while.
///     let order = (looks == 3).then_some("order 5");
///     async move { Ok(order) }
/// });
/// assert_eq!(seen.await?, Looked::Found("order 5"));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// A look that fails for good (the key is refused, a parameter is wrong), or whose failures last until the patience
/// is over. Then nothing is known of the effect: do not repeat the call.
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

/// What a `get` says of an object: that it is there, or that it is not. Other errors stay errors.
///
/// Only the service itself knows that an object is not there: its envelope has to say so, with status or code 404. A
/// web page with 404, or a text that something else was not found, proves nothing.
///
/// # Errors
/// Those of the call, but for that one.
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
        // No answer is behind it: whoever made it says so.
        return error.is_not_found();
    }
    let is_404 =
        error.status() == Some(StatusCode::NOT_FOUND) || fault.code.as_deref() == Some("404");
    error.is_not_found() && is_404 && (fault.message.is_some() || fault.code.is_some())
}

/// The moment `after` so long; one that no clock can count is as good as never.
fn later(now: Instant, after: Duration) -> Instant {
    const NEVER: Duration = Duration::from_secs(30 * 365 * 24 * 3600);
    now.checked_add(after).unwrap_or_else(|| now + NEVER)
}

/// Whether the same look may well be answered later.
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
