//! The state that the layers of one call share.

use std::{
    borrow::Cow,
    fmt,
    sync::{
        Arc, OnceLock,
        atomic::{
            AtomicBool, AtomicU8, AtomicU32, AtomicU64,
            Ordering::{Acquire, Relaxed},
        },
    },
    time::Duration,
};

use http::{Request, Response, Uri, uri::Authority};
use tokio::time::Instant;

#[cfg(feature = "client-core")]
use crate::limit::Reporter;
use crate::{
    CallOptions, Mask, Metadata,
    observe::{Observer, Server},
};

mod departure;

use departure::Departure;

/// The state of a running call, in the extensions of its request. Clones share it.
///
/// The outermost of the layers [`TraceLayer`](crate::trace::TraceLayer) and
/// [`DeadlineLayer`](crate::deadline::DeadlineLayer) adds it. The limiter and the retry read the deadline. Without a
/// context, a layer still works, and treats every failure as ambiguous.
///
/// A request counts as sent when a transport gets it, unless the transport reports more exactly. The transport of this
/// crate calls [`mark_unsent`](Self::mark_unsent) when it gets a request and [`mark_sent`](Self::mark_sent) right
/// before the first byte leaves. A request that fails in between provably did not reach the server. When the exact
/// moment is unknown, it calls `mark_sent` early: over HTTP/2 before the request waits for a stream, and for a streamed
/// body before its first chunk.
///
/// The limiter is told of both marks. Between them, the permit of the attempt keeps its place; an attempt that ends
/// there uses up no place. The attempt counts against the limit from [`mark_sent`](Self::mark_sent); without marks,
/// from its permit.
///
/// It describes one request at a time. A layer that sends several requests at once for one call (hedging) belongs
/// outside of the layers that add a context, so that each request has its own.
#[derive(Clone)]
pub struct Context {
    shared: Arc<Shared>,
    /// Not shared: an inner layer may set an earlier deadline than an outer one.
    deadline: Option<Instant>,
}

struct Shared {
    metadata: Option<&'static Metadata>,
    /// Whether the operation was found in the request's extensions and is still there.
    is_metadata_bare: bool,
    /// Whether the call has no effect at the service.
    is_read: bool,
    /// `None` when the call has no options.
    options: Option<Arc<CallOptions>>,
    /// Masks secrets in texts about the call.
    mask: Option<Arc<Mask>>,
    /// Boxed: most calls have no observer.
    observed: OnceLock<Box<Observed>>,
    began: Instant,
    attempts: AtomicU32,
    /// Flags of the running attempt.
    marks: AtomicU8,
    /// Number of requests of this call that a transport holds. It may send each at any moment.
    held: AtomicU32,
    landed: AtomicBool,
    waited_micros: AtomicU64,
    departure: Departure,
}

/// The observer of the call, and what it is told.
struct Observed {
    observer: Arc<dyn Observer>,
    server: Option<(Authority, Option<u16>)>,
    /// Start of the running attempt, since the start of the call.
    attempt_micros: AtomicU64,
    /// Time that the call had waited for permits by then.
    waited_before_micros: AtomicU64,
}

/// The attempt may have put a byte on the wire.
const SENT: u8 = 1;
/// A transport has reported the first byte. This flag cannot be cleared during the attempt.
const ON_WIRE: u8 = 2;
/// A limiter has let a request through.
const LET_THROUGH: u8 = 4;
/// The limiter was told by marks that the request is held, but not yet that it leaves.
const HELD: u8 = 8;

impl Context {
    /// The context of `request`.
    pub fn of<B>(request: &Request<B>) -> Option<&Self> {
        request.extensions().get()
    }

    /// The context of `request`. Without one, adds a context for a call that begins `now`.
    pub(crate) fn ensure<B>(request: &mut Request<B>, now: impl FnOnce() -> Instant) -> Self {
        match Self::of(request) {
            Some(context) => context.clone(),
            None => Self::beside(request, now(), None).put(request),
        }
    }

    /// The same for a request with a time limit: the timeout in its options, else `after`. An earlier deadline stays.
    #[inline(always)]
    pub(crate) fn ending<B>(request: &mut Request<B>, now: Instant, after: Duration) -> Self {
        let metadata = bare_metadata_of(request);
        // A request without other extensions has neither a context nor options, so the search is skipped.
        if request.extensions().len() == usize::from(metadata.is_some()) {
            let end = Some(later(now, after));
            return Self::of_call(metadata, metadata.is_some(), now, end).put(request);
        }
        let Some(context) = request.extensions_mut().get_mut::<Self>() else {
            let after = timeout_in(CallOptions::attached(request)).unwrap_or(after);
            return Self::beside(request, now, Some(later(now, after))).put(request);
        };
        let after = timeout_in(context.options()).unwrap_or(after);
        let end = later(now, after);
        let outer = context.deadline.unwrap_or(end);
        context.deadline = Some(end.min(outer));
        context.clone()
    }

    #[inline]
    fn put<B>(mut self, request: &mut Request<B>) -> Self {
        if self.metadata().is_none()
            && let Some(shared) = Arc::get_mut(&mut self.shared)
        {
            shared.is_read = request.method().is_safe();
        }
        request.extensions_mut().insert(self.clone());
        self
    }

    /// The operation, if it was in the request's extensions when the context was added.
    pub(crate) fn bare_metadata(&self) -> Option<&'static Metadata> {
        self.metadata().filter(|_| self.shared.is_metadata_bare)
    }

    /// Builds the context of a call that begins `now`.
    #[cfg(any(feature = "client-core", test))]
    pub(crate) fn new(
        metadata: Option<&'static Metadata>,
        now: Instant,
        deadline: Option<Instant>,
    ) -> Self {
        Self::of_call(metadata, false, now, deadline)
    }

    /// The same for a request that may have an operation and options in its extensions.
    fn beside<B>(request: &Request<B>, now: Instant, deadline: Option<Instant>) -> Self {
        let metadata = bare_metadata_of(request);
        Self::of_call(metadata, metadata.is_some(), now, deadline)
            .with_options(CallOptions::attached(request).cloned())
    }

    /// Adds the options of the call. The context must not be shared yet.
    pub(crate) fn with_options(mut self, options: Option<Arc<CallOptions>>) -> Self {
        if options.is_some()
            && let Some(shared) = Arc::get_mut(&mut self.shared)
        {
            shared.options = options;
        }
        self
    }

    #[inline]
    fn of_call(
        metadata: Option<&'static Metadata>,
        is_metadata_bare: bool,
        now: Instant,
        deadline: Option<Instant>,
    ) -> Self {
        let shared = Shared {
            metadata,
            is_metadata_bare,
            is_read: metadata.is_some_and(Metadata::is_read),
            options: None,
            mask: None,
            observed: OnceLock::new(),
            began: now,
            attempts: AtomicU32::new(0),
            marks: AtomicU8::new(SENT),
            held: AtomicU32::new(0),
            landed: AtomicBool::new(false),
            waited_micros: AtomicU64::new(0),
            departure: Departure::default(),
        };
        Self {
            shared: Arc::new(shared),
            deadline,
        }
    }

    /// The operation, if known.
    pub fn metadata(&self) -> Option<&'static Metadata> {
        self.shared.metadata
    }

    /// Adds the secrets of the call. The context must not be shared yet.
    #[cfg(feature = "client-core")]
    pub(crate) fn with_mask(mut self, mask: &Arc<Mask>) -> Self {
        if !mask.is_empty()
            && let Some(shared) = Arc::get_mut(&mut self.shared)
        {
            shared.mask = Some(Arc::clone(mask));
        }
        self
    }

    /// The options of the call, if it has any.
    #[inline]
    pub(crate) fn options(&self) -> Option<&Arc<CallOptions>> {
        self.shared.options.as_ref()
    }

    /// The deadline of the call.
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// The start of the call.
    pub(crate) fn began(&self) -> Instant {
        self.shared.began
    }

    /// Number of attempts that were begun.
    pub fn attempts(&self) -> u32 {
        self.shared.attempts.load(Relaxed)
    }

    /// Time that the call has waited for permits of the rate limiter, over all attempts.
    pub fn waited(&self) -> Duration {
        Duration::from_micros(self.shared.waited_micros.load(Relaxed))
    }

    /// Whether an attempt may have reached the server without a response that tells the outcome. An attempt in the
    /// queue of a connection counts, since it may still be sent. Always `false` for a call that only reads.
    pub fn may_have_landed(&self) -> bool {
        !self.shared.is_read && (self.is_sent() || self.shared.landed.load(Relaxed))
    }

    /// Marks the running attempt as sent, right before its first byte leaves. The mark stays until the attempt ends.
    pub fn mark_sent(&self) {
        if self.mark_on_wire() & LET_THROUGH != 0 {
            self.tell_sent();
        }
    }

    /// Marks the running attempt as not sent yet. The caller promises to call [`mark_sent`](Self::mark_sent) before the
    /// first byte leaves. It is for layers that hold a request back, and for transports that know when they send.
    pub fn mark_unsent(&self) {
        if self.mark_off_wire() & LET_THROUGH != 0 {
            self.tell_held();
        }
    }

    /// The same as [`mark_sent`](Self::mark_sent), but does not tell the limiter. Returns the previous flags.
    pub(crate) fn mark_on_wire(&self) -> u8 {
        self.shared.marks.fetch_or(SENT | ON_WIRE, Relaxed)
    }

    /// The same as [`mark_unsent`](Self::mark_unsent), but does not tell the limiter. Returns the previous flags.
    pub(crate) fn mark_off_wire(&self) -> u8 {
        self.shared.marks.fetch_and(!SENT, Relaxed)
    }

    /// Records that a limiter holds a request back. It may not be the first request of the attempt, if another layer
    /// repeats it.
    pub(crate) fn hold_back(&self) {
        if self.shared.marks.load(Relaxed) & LET_THROUGH == 0 {
            self.mark_off_wire();
        }
    }

    /// Sets `observer` as the observer of the call to this URL; `false` when the call has another observer already.
    pub(crate) fn observe(&self, observer: &Arc<dyn Observer>, url: &Uri) -> bool {
        let port = Server::of(url).and_then(|server| server.port);
        let observed = Observed {
            observer: Arc::clone(observer),
            server: url.authority().map(|authority| (authority.clone(), port)),
            attempt_micros: AtomicU64::new(0),
            waited_before_micros: AtomicU64::new(0),
        };
        self.shared.observed.set(Box::new(observed)).is_ok()
    }

    fn observed(&self) -> Option<&Observed> {
        self.shared.observed.get().map(Box::as_ref)
    }

    pub(crate) fn observer(&self) -> Option<&dyn Observer> {
        self.observed().map(|observed| &*observed.observer)
    }

    /// The server of the call; only with an observer.
    pub(crate) fn server(&self) -> Option<Server<'_>> {
        let (authority, port) = self.observed()?.server.as_ref()?;
        Some(Server::new(authority, *port))
    }

    /// The secrets of the call, if it has any.
    pub(crate) fn mask(&self) -> Option<&Arc<Mask>> {
        self.shared.mask.as_ref()
    }

    /// Masks the secrets of the call in a text of the service.
    pub(crate) fn masked<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match &self.shared.mask {
            Some(mask) => mask.text(text),
            None => Cow::Borrowed(text),
        }
    }

    pub(crate) fn begin_attempt(&self) {
        self.shared.attempts.fetch_add(1, Relaxed);
        if let Some(observed) = self.observed() {
            let since = micros(self.began().elapsed());
            observed.attempt_micros.store(since, Relaxed);
            let waited = self.shared.waited_micros.load(Relaxed);
            observed.waited_before_micros.store(waited, Relaxed);
        }
        self.shared.marks.store(SENT, Relaxed);
    }

    /// Duration of the running attempt so far; only with an observer.
    pub(crate) fn attempt_took(&self) -> Duration {
        let start = self.at_attempt(|observed| &observed.attempt_micros);
        self.began().elapsed().saturating_sub(start)
    }

    /// Time that the running attempt has waited for its permit; only with an observer.
    pub(crate) fn attempt_waited(&self) -> Duration {
        let before = self.at_attempt(|observed| &observed.waited_before_micros);
        self.waited().saturating_sub(before)
    }

    fn at_attempt(&self, micros: impl FnOnce(&Observed) -> &AtomicU64) -> Duration {
        let micros = self
            .observed()
            .map(|observed| micros(observed).load(Relaxed));
        Duration::from_micros(micros.unwrap_or_default())
    }

    /// Ends an attempt. An ambiguous attempt stays on record, regardless of later attempts.
    pub(crate) fn end_attempt(&self, ambiguous: bool) {
        self.shared.marks.store(0, Relaxed);
        if ambiguous {
            self.shared.landed.store(true, Relaxed);
        }
    }

    /// Whether the running attempt may have put a byte on the wire, or may still do so: a transport may send a request
    /// that it holds until the future of the attempt is dropped.
    pub(crate) fn is_sent(&self) -> bool {
        // In this order: a request is marked before it is let go.
        self.shared.held.load(Acquire) > 0
            || self.shared.marks.load(Acquire) & (SENT | ON_WIRE) != 0
    }

    /// Records that a transport holds a request, which it may send from now on. Returns the reporter of the limiter to
    /// tell when the request leaves, if there is one.
    #[cfg(feature = "client-core")]
    pub(crate) fn hold(&self) -> Option<Reporter> {
        self.shared.held.fetch_add(1, Relaxed);
        self.tell_held_by_body()
    }

    /// Records that the transport no longer holds the request: it is sent and marked as sent, or dropped.
    #[cfg(feature = "client-core")]
    pub(crate) fn let_go(&self) {
        self.shared
            .held
            .fetch_sub(1, std::sync::atomic::Ordering::Release);
    }

    pub(crate) fn add_wait(&self, wait: Duration) {
        let waited = &self.shared.waited_micros;
        let sum = waited.load(Relaxed).saturating_add(micros(wait));
        waited.fetch_max(sum, Relaxed);
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ends_after = |end: Instant| end.saturating_duration_since(self.began());
        f.debug_struct("Context")
            .field("operation", &self.metadata().map(|metadata| metadata.name))
            .field("ends_after", &self.deadline.map(ends_after))
            .field("attempts", &self.attempts())
            .field("sent", &self.is_sent())
            .field("landed", &self.shared.landed)
            .finish_non_exhaustive()
    }
}

/// The deadline of the call of a response. The client adds it to the extensions of the response. Work on the response
/// has to end by then, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "it is a name for a moment")]
pub struct CallEnd(pub Instant);

impl CallEnd {
    /// The deadline of the call of `response`; `None` if the response is not from a client.
    pub fn of<B>(response: &Response<B>) -> Option<Self> {
        response.extensions().get().copied()
    }
}

/// Tells whether a caller still waits for the result of reading a response. The client adds it to the extensions of a
/// response that another thread reads.
#[derive(Debug, Clone, Default)]
pub struct GivenUp(Arc<AtomicBool>);

impl GivenUp {
    /// The value of a response; `None` if no other thread reads it.
    pub fn of<B>(response: &Response<B>) -> Option<Self> {
        response.extensions().get().cloned()
    }

    /// Whether the result is no longer needed: the call has ended, or was dropped.
    pub fn is_given_up(&self) -> bool {
        self.0.load(Relaxed)
    }

    #[cfg(feature = "client-core")]
    pub(crate) fn give_up(&self) {
        self.0.store(true, Relaxed);
    }
}

fn timeout_in(options: Option<&Arc<CallOptions>>) -> Option<Duration> {
    options?.timeout
}

/// The operation of a request: from its `context`, or else from its extensions.
pub(crate) fn metadata_of<B>(
    request: &Request<B>,
    context: Option<&Context>,
) -> Option<&'static Metadata> {
    let known = context.and_then(Context::metadata);
    known.or_else(|| bare_metadata_of(request))
}

/// The operation in the extensions of a request.
pub(crate) fn bare_metadata_of<B>(request: &Request<B>) -> Option<&'static Metadata> {
    request.extensions().get::<&'static Metadata>().copied()
}

/// A duration longer than any call that every clock can represent.
pub(crate) const NEVER: Duration = Duration::from_secs(30 * 365 * 24 * 3600);

/// The time `after` this long after `now`. A time that the clock cannot represent becomes [`NEVER`] from `now`.
pub(crate) fn later(now: Instant, after: Duration) -> Instant {
    let never = || now.checked_add(NEVER).unwrap_or(now);
    now.checked_add(after).unwrap_or_else(never)
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

/// Converts a duration to milliseconds for a span field.
pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
