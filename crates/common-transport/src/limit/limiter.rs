//! The interface between the layer and a limiter: a trait, a key, a permit.

use std::{
    fmt,
    future::Future,
    hash::{Hash, Hasher},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use tokio::time::Instant;

use crate::{Error, Priority, RateClass};

/// A limiter, which grants one permit for each attempt.
///
/// [`RateLimits`](crate::RateLimits) is a limiter for one process. The crate `common-limit-redis` has one for many.
///
/// A limiter may ignore the [priority](Key::priority) of a key. One that honours it follows the rule of [`Priority`]. A
/// limiter over a shared store may grant starts ahead of time; then a call of high priority also waits for the starts
/// that were granted before it asked.
pub trait Limiter: Send + Sync + fmt::Debug {
    /// Joins the queue of `key`. The future is cancel-safe: if it is dropped before it is ready, it has taken
    /// nothing.
    ///
    /// It fails at once, with [`Error::is_timeout`], if the permit could come only after `deadline`.
    fn acquire(&self, key: Key<'_>, deadline: Option<Instant>) -> Acquire;
}

impl<L: Limiter + ?Sized> Limiter for Arc<L> {
    fn acquire(&self, key: Key<'_>, deadline: Option<Instant>) -> Acquire {
        (**self).acquire(key, deadline)
    }
}

/// The host and rate class under which a permit is counted, and the priority of the call.
///
/// Two keys are equal if they have the same host, as it is written, and the same class. The priority is left out of
/// [`Eq`] and [`Hash`], since permits of both priorities count together.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Key<'a> {
    /// Host and port as in the URL. Count by [`counted_host`](Self::counted_host).
    pub host: &'a str,
    /// The operation's rate class.
    pub class: RateClass,
    /// The order of the call among those that wait. Nothing is counted by it.
    pub priority: Priority,
}

impl<'a> Key<'a> {
    /// Builds a key with [`Priority::High`], the default.
    pub const fn new(host: &'a str, class: RateClass) -> Self {
        Self {
            host,
            class,
            priority: Priority::High,
        }
    }

    /// Sets the priority.
    #[must_use]
    pub const fn with_priority(mut self, priority: Priority) -> Self {
        self.priority = priority;
        self
    }

    /// Returns the canonical spelling of the host: in lower case, without user name, trailing dot, and the default
    /// ports of HTTP and HTTPS.
    pub fn counted_host(&self) -> String {
        let host = self
            .host
            .rsplit_once('@')
            .map_or(self.host, |(_, host)| host);
        let bare = |port| host.strip_suffix(port);
        let bare = bare(":443").or_else(|| bare(":80")).or_else(|| bare(":"));
        let host = bare.unwrap_or(host).to_ascii_lowercase();
        // A name may end with the dot of the root.
        let (name, port) = host.split_at(host.find(".:").unwrap_or(host.len()));
        let port = port.strip_prefix('.').unwrap_or(port);
        format!("{}{port}", name.strip_suffix('.').unwrap_or(name))
    }
}

impl PartialEq for Key<'_> {
    fn eq(&self, other: &Self) -> bool {
        (self.host, self.class) == (other.host, other.class)
    }
}

impl Eq for Key<'_> {}

impl Hash for Key<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.host, self.class).hash(state);
    }
}

/// Hides the user name and password of a URL.
impl fmt::Debug for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key")
            .field("host", &self.counted_host())
            .field("class", &self.class)
            .field("priority", &self.priority)
            .finish()
    }
}

/// The future of a permit.
#[must_use = "futures do nothing unless polled"]
pub struct Acquire(State);

type Waiting = Pin<Box<dyn Future<Output = Result<Permit, Error>> + Send>>;

enum State {
    /// Decided without waiting; costs no allocation.
    Ready(Option<Result<Permit, Error>>),
    Waiting(Waiting),
}

impl Acquire {
    /// Builds a future that is ready with a permit or a refusal.
    pub fn ready(result: Result<Permit, Error>) -> Self {
        Self(State::Ready(Some(result)))
    }

    /// Returns the permit or the refusal, if it was decided without waiting.
    pub(super) fn decided(&mut self) -> Option<Result<Permit, Error>> {
        match &mut self.0 {
            State::Ready(result) => result.take(),
            State::Waiting(_) => None,
        }
    }

    /// Builds a future that waits in a queue.
    pub fn waiting(future: impl Future<Output = Result<Permit, Error>> + Send + 'static) -> Self {
        Self(State::Waiting(Box::pin(future)))
    }
}

impl Future for Acquire {
    type Output = Result<Permit, Error>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            State::Ready(result) => Poll::Ready(result.take().expect("polled after it was ready")),
            State::Waiting(future) => future.as_mut().poll(cx),
        }
    }
}

impl fmt::Debug for Acquire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            State::Ready(_) => "Acquire(ready)",
            State::Waiting(_) => "Acquire(waiting)",
        })
    }
}

/// The permission to make one attempt. It reports the outcome to the limiter.
///
/// It counts from the moment at which it is granted. A transport that knows when the request leaves can
/// [hold](Self::hold) it until then.
///
/// If it is dropped without [`end`](Self::end), it counts as an attempt without an answer.
#[must_use = "a permit is for one attempt"]
pub struct Permit {
    reporter: Option<Reporter>,
}

impl Permit {
    /// Builds a permit that is not counted.
    pub const fn unlimited() -> Self {
        Self { reporter: None }
    }

    /// Builds a permit that reports to `feedback` under this `number`.
    pub fn new(feedback: Arc<dyn Feedback>, number: u64) -> Self {
        Self {
            reporter: Some(Reporter { feedback, number }),
        }
    }

    /// Reports that the request waits to be sent, for a connection for example. The permit keeps its place until the
    /// request leaves.
    pub fn hold(self) -> HeldPermit {
        if let Some(reporter) = &self.reporter {
            reporter.held();
        }
        HeldPermit { permit: Some(self) }
    }

    /// Reports the outcome of the attempt.
    pub fn end(mut self, outcome: PermitOutcome) {
        self.tell(outcome);
    }

    fn tell(&mut self, outcome: PermitOutcome) {
        if let Some(reporter) = self.reporter.take() {
            reporter.end(outcome);
        }
    }

    #[cfg(all(test, feature = "client-core"))]
    pub(crate) fn reporter(&self) -> Option<&Reporter> {
        self.reporter.as_ref()
    }

    /// Returns the reporter of the permit, which reports from now on.
    #[inline]
    pub(super) fn into_reporter(mut self) -> Option<Reporter> {
        self.reporter.take()
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.tell(PermitOutcome::Lost);
    }
}

impl fmt::Debug for Permit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.reporter.as_ref().map(|reporter| reporter.number);
        f.debug_tuple("Permit").field(&number).finish()
    }
}

/// A permit whose request has not left yet.
///
/// It keeps its place, and counts from the moment at which the request is [`sent`](Self::sent). If it is dropped
/// earlier, its place becomes free.
///
/// ```
/// use common_transport::{RateClass, RateLimits};
/// use common_transport::{limit::{Key, PermitOutcome}, Limiter};
/// use tokio::time::{Duration, Instant, sleep};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), common_transport::Error> {
/// let limits = RateLimits::new().class(RateClass::DEFAULT, 1);
/// let key = Key::new("demo.example", RateClass::DEFAULT);
/// let permit = limits.acquire(key, None).await?.hold();
/// // Connects.
/// sleep(Duration::from_secs(3)).await;
/// let permit = permit.sent();
///
/// let sent = Instant::now();
/// permit.end(PermitOutcome::Answered);
/// limits.acquire(key, None).await?;
/// assert_eq!(sent.elapsed(), Duration::from_secs(1));
/// # Ok(())
/// # }
/// ```
#[must_use = "a permit is for one attempt"]
#[derive(Debug)]
pub struct HeldPermit {
    /// Present until the request has left.
    permit: Option<Permit>,
}

impl HeldPermit {
    /// Reports that the request leaves now.
    pub fn sent(mut self) -> Permit {
        let permit = self.permit.take().unwrap_or(Permit::unlimited());
        if let Some(reporter) = &permit.reporter {
            reporter.sent();
        }
        permit
    }
}

impl Drop for HeldPermit {
    fn drop(&mut self) {
        if let Some(permit) = self.permit.take() {
            permit.end(PermitOutcome::Unsent);
        }
    }
}

/// Reports the events of one permit's attempt to a limiter.
#[derive(Clone)]
pub(crate) struct Reporter {
    feedback: Arc<dyn Feedback>,
    number: u64,
}

impl Reporter {
    pub(crate) fn held(&self) {
        self.feedback.held(self.number);
    }

    pub(crate) fn sent(&self) {
        self.feedback.sent(self.number);
    }

    pub(crate) fn end(&self, outcome: PermitOutcome) {
        self.feedback.end(self.number, outcome);
    }

    /// Whether the other reporter belongs to the same permit.
    pub(crate) fn is(&self, other: &Self) -> bool {
        let pointer = |reporter: &Self| Arc::as_ptr(&reporter.feedback).cast::<()>();
        self.number == other.number && pointer(self) == pointer(other)
    }
}

/// A receiver of the events of attempts, for a limiter that granted their permits.
///
/// An attempt counts from its permit. If [`held`](Self::held) was called, it counts from [`sent`](Self::sent).
pub trait Feedback: Send + Sync {
    /// Called when a transport holds the request of this permit and will report when it leaves. The attempt keeps
    /// its place until [`sent`](Self::sent) or [`PermitOutcome::Unsent`] follows.
    ///
    /// Does nothing by default: then all attempts count from their permits.
    fn held(&self, number: u64) {
        let _ = number;
    }

    /// Called when the head of the request of this permit is being written. Does nothing by default.
    fn sent(&self, number: u64) {
        let _ = number;
    }

    /// Called when the attempt with this permit number has ended.
    ///
    /// A [`held`](Self::held) attempt may end as [`PermitOutcome::Lost`] before it is known whether its request leaves:
    /// its caller has given up, but a connection has the request in its queue. Then [`sent`](Self::sent) or
    /// [`PermitOutcome::Unsent`] follows. Conversely, the transport may report [`PermitOutcome::Unsent`] right before the
    /// attempt ends.
    fn end(&self, number: u64, outcome: PermitOutcome);
}

/// The outcome of an attempt, for a limiter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PermitOutcome {
    /// An answer came.
    Answered,
    /// A refusal came: too many requests.
    Throttled {
        /// Wait that the server asked for.
        retry_after: Option<Duration>,
    },
    /// No answer came: broken, timed out, or cancelled.
    Lost,
    /// The request never left, and will not leave: it takes no place.
    Unsent,
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn _object_safe(_: &dyn Limiter, _: &dyn Feedback) {}

    #[test]
    fn r19_a_host_is_counted_as_one_however_it_is_written() {
        for (written, counted) in [
            ("demo.example", "demo.example"),
            ("Demo.Example:443", "demo.example"),
            ("user:S3CRET@[::1]:80", "[::1]"),
            ("127.0.0.1:8080", "127.0.0.1:8080"),
            ("demo.example.", "demo.example"),
            ("demo.example:", "demo.example"),
            ("demo.example.:443", "demo.example"),
            ("demo.example.:8080", "demo.example:8080"),
            ("", ""),
        ] {
            let key = Key::new(written, RateClass::DEFAULT);
            assert_eq!(key.counted_host(), counted);
            assert!(!format!("{key:?}").contains("S3CRET"), "{key:?}");
        }
    }

    // For limiters that keep their counts by `Key` itself.
    #[test]
    fn c8_the_priority_of_a_key_is_not_counted_by() {
        let high = Key::new("demo.example", RateClass::DEFAULT);
        let low = high.with_priority(Priority::Low);
        assert_eq!(
            (high.priority, low.priority),
            (Priority::High, Priority::Low)
        );
        assert_eq!(high, low);
        assert_eq!(HashSet::from([high, low]).len(), 1);
        for other in [
            Key::new("other.example", RateClass::DEFAULT),
            Key::new("demo.example", RateClass("telephony")),
        ] {
            assert_eq!(HashSet::from([high, other]).len(), 2);
        }
        assert!(format!("{low:?}").contains("Low"), "{low:?}");
    }
}
