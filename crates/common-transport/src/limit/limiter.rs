//! The seam between the layer and whatever counts: a trait, a key, a permit.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use tokio::time::Instant;

use crate::{Error, RateClass};

/// Grants permits, one for each attempt.
///
/// [`RateLimits`](super::RateLimits) is the one of a process; one that counts in a shared store implements
/// this trait too.
pub trait Limiter: Send + Sync + fmt::Debug {
    /// Joins the queue of `key`. The future is cancel-safe: dropped before it is ready, it has taken nothing.
    ///
    /// It fails at once, with [`Error::is_timeout`], when the permit could only come after `deadline`.
    fn acquire(&self, key: Key<'_>, deadline: Option<Instant>) -> Acquire;
}

impl<L: Limiter + ?Sized> Limiter for Arc<L> {
    fn acquire(&self, key: Key<'_>, deadline: Option<Instant>) -> Acquire {
        (**self).acquire(key, deadline)
    }
}

/// What a permit is counted under.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Key<'a> {
    /// Host and port as they stand in the URL; [`counted_host`](Self::counted_host) is what to count by.
    pub host: &'a str,
    /// The operation's rate class.
    pub class: RateClass,
}

impl<'a> Key<'a> {
    /// A key.
    pub const fn new(host: &'a str, class: RateClass) -> Self {
        Self { host, class }
    }

    /// The one way to write the host: in small letters, without the name of a user, the dot of the root, and the
    /// ports that HTTP and HTTPS have anyway.
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

/// A URL may hold a password.
impl fmt::Debug for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key")
            .field("host", &self.counted_host())
            .field("class", &self.class)
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
    /// A permit, or a refusal, without waiting.
    pub fn ready(result: Result<Permit, Error>) -> Self {
        Self(State::Ready(Some(result)))
    }

    /// The permit or the refusal, if it was decided without waiting.
    pub(super) fn decided(&mut self) -> Option<Result<Permit, Error>> {
        match &mut self.0 {
            State::Ready(result) => result.take(),
            State::Waiting(_) => None,
        }
    }

    /// A place in a queue.
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

/// The right to make one attempt; tells the limiter what became of it.
///
/// It counts from when it is given. Who can tell when the request leaves [holds](Self::hold) it until then.
///
/// Dropped without a word, it counts as an attempt without an answer.
#[must_use = "a permit is for one attempt"]
pub struct Permit {
    reporter: Option<Reporter>,
}

impl Permit {
    /// A permit that nobody counts.
    pub const fn unlimited() -> Self {
        Self { reporter: None }
    }

    /// A permit whose end is told to `feedback` under this `number`.
    pub fn new(feedback: Arc<dyn Feedback>, number: u64) -> Self {
        Self {
            reporter: Some(Reporter { feedback, number }),
        }
    }

    /// Tells that the request waits to be sent, for a connection for example: until it leaves it keeps its place.
    pub fn hold(self) -> HeldPermit {
        if let Some(reporter) = &self.reporter {
            reporter.held();
        }
        HeldPermit { permit: Some(self) }
    }

    /// Tells what became of the attempt.
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

    /// Who tells, from now on.
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
/// It keeps its place, and counts from when the request is [`sent`](Self::sent). Dropped before, it gives its place
/// back.
///
/// ```
/// use common_transport::{RateClass, RateLimits};
/// use common_transport::limit::{Key, Limiter, PermitOutcome};
/// use tokio::time::{Duration, Instant, sleep};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), common_transport::Error> {
/// let limits = RateLimits::new().class(RateClass::DEFAULT, 1);
/// let key = Key::new("demo.example", RateClass::DEFAULT);
/// let permit = limits.acquire(key, None).await?.hold();
/// // Connecting.
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
    /// Until the request has left.
    permit: Option<Permit>,
}

impl HeldPermit {
    /// Tells that the request leaves now.
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

/// Tells a limiter of the attempt under one permit.
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

    /// Whether the other one tells of the same permit.
    pub(crate) fn is(&self, other: &Self) -> bool {
        let pointer = |reporter: &Self| Arc::as_ptr(&reporter.feedback).cast::<()>();
        self.number == other.number && pointer(self) == pointer(other)
    }
}

/// Hears what became of the attempts it gave permits for.
///
/// An attempt counts from its permit, unless [`held`](Self::held) was told: then from [`sent`](Self::sent).
pub trait Feedback: Send + Sync {
    /// The request of this permit is in the hands of a transport that will tell when it leaves. It keeps its place
    /// until [`sent`](Self::sent) or [`PermitOutcome::Unsent`] is told.
    ///
    /// Does nothing by default: then all attempts count from their permits.
    fn held(&self, number: u64) {
        let _ = number;
    }

    /// The head of the request of this permit is being written. Does nothing by default.
    fn sent(&self, number: u64) {
        let _ = number;
    }

    /// The attempt with this permit number has ended.
    ///
    /// One that is [`held`](Self::held) may end as [`PermitOutcome::Lost`] before it is known whether it leaves: its caller
    /// has given up, and a connection has the request in its queue. Then [`sent`](Self::sent) or
    /// [`PermitOutcome::Unsent`] follows. The other way round, the transport may tell [`PermitOutcome::Unsent`] right before
    /// the attempt ends.
    fn end(&self, number: u64, outcome: PermitOutcome);
}

/// What became of an attempt, as far as a limiter cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PermitOutcome {
    /// An answer came.
    Answered,
    /// A refusal came: too many requests.
    Throttled {
        /// How long the server wants to be left alone.
        retry_after: Option<Duration>,
    },
    /// No answer came: broken, timed out, or cancelled.
    Lost,
    /// The request never left, and never will: it takes no place.
    Unsent,
}

#[cfg(test)]
mod tests {
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
}
