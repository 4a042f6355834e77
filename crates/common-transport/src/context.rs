//! What the layers of one call tell each other.

use std::{
    fmt,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use http::Request;
use tokio::time::Instant;

use crate::{Idempotency, Metadata, RateClass, observe::Observer};

/// What is known of a running call; it travels in the extensions of its request, clones share it.
///
/// The outermost layer that is there, [`TraceLayer`](crate::trace::TraceLayer) or
/// [`DeadlineLayer`](crate::deadline::DeadlineLayer), puts it there. The limiter and the retry read the
/// deadline; the transport at the bottom says [`mark_sent`](Self::mark_sent) right before the first byte
/// leaves: what was never marked provably did not reach the server. A layer that finds no context works
/// without, and takes every failure for ambiguous.
#[derive(Debug, Clone)]
pub struct Context(Arc<Inner>);

struct Inner {
    metadata: Option<&'static Metadata>,
    observer: OnceLock<Arc<dyn Observer>>,
    began: Instant,
    /// From the beginning to the deadline, or [`NEVER`].
    nanos: AtomicU64,
    attempts: AtomicU32,
    sent: AtomicBool,
    landed: AtomicBool,
    waited_micros: AtomicU64,
}

const NEVER: u64 = u64::MAX;

impl Context {
    /// The context of `request`.
    pub fn of<B>(request: &Request<B>) -> Option<&Self> {
        request.extensions().get()
    }

    /// The context of `request`, put there if there is none: then the call begins `now`.
    pub(crate) fn ensure<B>(request: &mut Request<B>, now: impl FnOnce() -> Instant) -> Self {
        if let Some(context) = Self::of(request) {
            return context.clone();
        }
        let context = Self::new(bare_metadata_of(request), now());
        request.extensions_mut().insert(context.clone());
        context
    }

    /// The context of a call that begins `now`.
    pub(crate) fn new(metadata: Option<&'static Metadata>, now: Instant) -> Self {
        Self(Arc::new(Inner {
            metadata,
            observer: OnceLock::new(),
            began: now,
            nanos: AtomicU64::new(NEVER),
            attempts: AtomicU32::new(0),
            sent: AtomicBool::new(false),
            landed: AtomicBool::new(false),
            waited_micros: AtomicU64::new(0),
        }))
    }

    /// The operation, where one is known.
    pub fn metadata(&self) -> Option<&'static Metadata> {
        self.0.metadata
    }

    /// When the whole call ends at the latest.
    pub fn deadline(&self) -> Option<Instant> {
        let after = self.0.ends_after()?;
        Some(self.0.began + after)
    }

    /// Ends the call at `end`, or earlier if it was to end earlier; gives what holds now.
    pub(crate) fn end_by(&self, end: Instant) -> Instant {
        let after = end.saturating_duration_since(self.0.began);
        let after = u64::try_from(after.as_nanos()).unwrap_or(NEVER);
        self.0.nanos.fetch_min(after, Relaxed);
        self.deadline().unwrap_or(end)
    }

    /// When the call began.
    pub(crate) fn began(&self) -> Instant {
        self.0.began
    }

    /// How many attempts were begun.
    pub fn attempts(&self) -> u32 {
        self.0.attempts.load(Relaxed)
    }

    /// How long the call has waited for permits of the rate limit, over all attempts.
    pub fn waited(&self) -> Duration {
        Duration::from_micros(self.0.waited_micros.load(Relaxed))
    }

    /// Whether some attempt may have reached the server without an answer that says what became of it.
    pub fn may_have_landed(&self) -> bool {
        self.is_sent() || self.0.landed.load(Relaxed)
    }

    /// Says that the running attempt is about to put its first byte on the wire.
    pub fn mark_sent(&self) {
        self.0.sent.store(true, Relaxed);
    }

    /// Tells `observer` of the call, unless another one is told already.
    pub(crate) fn observe(&self, observer: &Arc<dyn Observer>) {
        self.0.observer.get_or_init(|| Arc::clone(observer));
    }

    pub(crate) fn observer(&self) -> Option<&dyn Observer> {
        self.0.observer.get().map(Arc::as_ref)
    }

    pub(crate) fn begin_attempt(&self) {
        self.0.attempts.fetch_add(1, Relaxed);
    }

    /// Ends an attempt; an ambiguous one stays on record whatever the next attempts bring.
    pub(crate) fn end_attempt(&self, ambiguous: bool) {
        self.0.sent.store(false, Relaxed);
        if ambiguous {
            self.0.landed.store(true, Relaxed);
        }
    }

    /// Whether the running attempt has put a byte on the wire.
    pub(crate) fn is_sent(&self) -> bool {
        self.0.sent.load(Relaxed)
    }

    pub(crate) fn add_wait(&self, wait: Duration) {
        let micros = u64::try_from(wait.as_micros()).unwrap_or(u64::MAX);
        self.0.waited_micros.fetch_add(micros, Relaxed);
    }
}

impl Inner {
    fn ends_after(&self) -> Option<Duration> {
        let nanos = self.nanos.load(Relaxed);
        (nanos != NEVER).then(|| Duration::from_nanos(nanos))
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inner")
            .field("operation", &self.metadata.map(|metadata| metadata.name))
            .field("ends_after", &self.ends_after())
            .field("attempts", &self.attempts)
            .field("sent", &self.sent)
            .field("landed", &self.landed)
            .finish_non_exhaustive()
    }
}

/// The operation of a request: from its context, or bare from its extensions.
pub(crate) fn metadata_of<B>(request: &Request<B>) -> Option<&'static Metadata> {
    let known = Context::of(request).and_then(Context::metadata);
    known.or_else(|| bare_metadata_of(request))
}

/// The operation of a request that somebody put into its extensions.
pub(crate) fn bare_metadata_of<B>(request: &Request<B>) -> Option<&'static Metadata> {
    request.extensions().get::<&'static Metadata>().copied()
}

/// The operation's own word, else what RFC 9110 says of the method.
pub(crate) fn idempotency_of<B>(request: &Request<B>) -> Idempotency {
    metadata_of(request).map_or_else(
        || Idempotency::of_method(request.method()),
        |metadata| metadata.idempotency,
    )
}

/// The operation's rate class, else the default one.
pub(crate) fn rate_class_of<B>(request: &Request<B>) -> RateClass {
    metadata_of(request).map_or(RateClass::DEFAULT, |metadata| metadata.rate_class)
}

/// For span fields.
pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
