//! What the layers of one call tell each other.

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

/// What is known of a running call; it travels in the extensions of its request, clones share it.
///
/// The outermost layer that is there, [`TraceLayer`](crate::trace::TraceLayer) or
/// [`DeadlineLayer`](crate::deadline::DeadlineLayer), puts it there. The limiter and the retry read the
/// deadline. A layer that finds no context works without, and takes every failure for ambiguous.
///
/// What goes to a transport counts as sent, unless the transport tells: ours says
/// [`mark_unsent`](Self::mark_unsent) when it gets a request and [`mark_sent`](Self::mark_sent) right before the
/// first byte leaves, so that what fails in between provably did not reach the server. Where it cannot know, it says
/// so early: over HTTP/2 before the request waits for a stream, and for a streamed body before its first piece.
///
/// The limiter hears the same. Between the two marks the permit of the attempt keeps its place, and it counts from
/// [`mark_sent`](Self::mark_sent); an attempt that ends in between takes no place. Without marks it counts from the
/// permit.
///
/// It knows of one request at a time. A layer that sends several at once for one call (hedging) belongs outside of
/// those that put a context there, so that each has its own.
#[derive(Clone)]
pub struct Context {
    shared: Arc<Shared>,
    /// Not shared: a layer further in may set an earlier one than those further out.
    deadline: Option<Instant>,
    /// Whether the call changes nothing at the service.
    is_read: bool,
}

struct Shared {
    metadata: Option<&'static Metadata>,
    /// Whether the operation was found in the request's extensions, and is there still.
    is_metadata_bare: bool,
    /// None where the call asks for nothing of its own.
    options: Option<Arc<CallOptions>>,
    /// Hides secrets in what is told of the call.
    mask: Option<Arc<Mask>>,
    observed: OnceLock<Observed>,
    began: Instant,
    attempts: AtomicU32,
    /// When the running attempt began, from the beginning of the call, when anybody wants to know.
    attempt_micros: AtomicU64,
    /// How long the call had waited then.
    waited_before_micros: AtomicU64,
    /// What is known of the running attempt.
    marks: AtomicU8,
    /// How many requests of this call are in a transport's hands, each of which may be sent at any moment.
    held: AtomicU32,
    landed: AtomicBool,
    waited_micros: AtomicU64,
    departure: Departure,
}

/// Who is told of the call, and where it goes.
struct Observed {
    observer: Arc<dyn Observer>,
    server: Option<(Authority, Option<u16>)>,
}

/// It may have put a byte on the wire, for all that is known.
const SENT: u8 = 1;
/// A transport has said so: nobody can take that back.
const ON_WIRE: u8 = 2;
/// A limiter has let a request pass.
const LET_THROUGH: u8 = 4;
/// It was told by marks that the request is held, and not yet that it leaves.
const HELD: u8 = 8;

impl Context {
    /// The context of `request`.
    pub fn of<B>(request: &Request<B>) -> Option<&Self> {
        request.extensions().get()
    }

    /// The context of `request`, put there if there is none: then the call begins `now`.
    pub(crate) fn ensure<B>(request: &mut Request<B>, now: impl FnOnce() -> Instant) -> Self {
        match Self::of(request) {
            Some(context) => context.clone(),
            None => Self::beside(request, now(), None).put(request),
        }
    }

    /// The same for a request that ends `after` so long, or after the timeout in its options, if it was not to end
    /// earlier.
    #[inline]
    pub(crate) fn ending<B>(request: &mut Request<B>, now: Instant, after: Duration) -> Self {
        let metadata = bare_metadata_of(request);
        // A request without other extensions has neither a context nor options: nothing is looked for.
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
        if self.metadata().is_none() {
            self.is_read = request.method().is_safe();
        }
        request.extensions_mut().insert(self.clone());
        self
    }

    /// The operation, where the request had it in its extensions when the context was put there.
    pub(crate) fn bare_metadata(&self) -> Option<&'static Metadata> {
        self.metadata().filter(|_| self.shared.is_metadata_bare)
    }

    /// The context of a call that begins `now`.
    #[cfg(any(feature = "client-core", test))]
    pub(crate) fn new(
        metadata: Option<&'static Metadata>,
        now: Instant,
        deadline: Option<Instant>,
    ) -> Self {
        Self::of_call(metadata, false, now, deadline)
    }

    /// The same, for a request that may have the operation and options in its extensions.
    fn beside<B>(request: &Request<B>, now: Instant, deadline: Option<Instant>) -> Self {
        let metadata = bare_metadata_of(request);
        Self::of_call(metadata, metadata.is_some(), now, deadline)
            .with_options(CallOptions::attached(request).cloned())
    }

    /// Adds the options of the call, to a context that is not shared yet.
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
            options: None,
            mask: None,
            observed: OnceLock::new(),
            began: now,
            attempts: AtomicU32::new(0),
            attempt_micros: AtomicU64::new(0),
            waited_before_micros: AtomicU64::new(0),
            marks: AtomicU8::new(SENT),
            held: AtomicU32::new(0),
            landed: AtomicBool::new(false),
            waited_micros: AtomicU64::new(0),
            departure: Departure::default(),
        };
        Self {
            shared: Arc::new(shared),
            deadline,
            is_read: metadata.is_some_and(Metadata::is_read),
        }
    }

    /// The operation, where one is known.
    pub fn metadata(&self) -> Option<&'static Metadata> {
        self.shared.metadata
    }

    /// Adds the secrets of the call, to a context that is not shared yet.
    #[cfg(feature = "client-core")]
    pub(crate) fn with_mask(mut self, mask: &Arc<Mask>) -> Self {
        if !mask.is_empty()
            && let Some(shared) = Arc::get_mut(&mut self.shared)
        {
            shared.mask = Some(Arc::clone(mask));
        }
        self
    }

    /// The options of the call, where it has any.
    #[inline]
    pub(crate) fn options(&self) -> Option<&Arc<CallOptions>> {
        self.shared.options.as_ref()
    }

    /// When the call ends at the latest.
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// When the call began.
    pub(crate) fn began(&self) -> Instant {
        self.shared.began
    }

    /// How many attempts were begun.
    pub fn attempts(&self) -> u32 {
        self.shared.attempts.load(Relaxed)
    }

    /// How long the call has waited for permits of the rate limit, over all attempts.
    pub fn waited(&self) -> Duration {
        Duration::from_micros(self.shared.waited_micros.load(Relaxed))
    }

    /// Whether some attempt may have reached the server without an answer that says what became of it, or may do so
    /// yet, being in a connection's queue. Of a read it is never true: nothing of it can land.
    pub fn may_have_landed(&self) -> bool {
        !self.is_read && (self.is_sent() || self.shared.landed.load(Relaxed))
    }

    /// Says that the running attempt is about to put its first byte on the wire. It stays said until the attempt
    /// ends.
    pub fn mark_sent(&self) {
        if self.mark_on_wire() & LET_THROUGH != 0 {
            self.tell_sent();
        }
    }

    /// Says that the running attempt has put no byte on the wire, and that [`mark_sent`](Self::mark_sent) will be
    /// said before it does: for who holds a request back, and for transports that can tell.
    pub fn mark_unsent(&self) {
        if self.mark_off_wire() & LET_THROUGH != 0 {
            self.tell_held();
        }
    }

    /// The same as [`mark_sent`](Self::mark_sent), where the limiter is told by others; gives the marks before.
    pub(crate) fn mark_on_wire(&self) -> u8 {
        self.shared.marks.fetch_or(SENT | ON_WIRE, Relaxed)
    }

    /// The same as [`mark_unsent`](Self::mark_unsent), where the limiter is told by others; gives the marks before.
    pub(crate) fn mark_off_wire(&self) -> u8 {
        self.shared.marks.fetch_and(!SENT, Relaxed)
    }

    /// A limiter holds a request back; it may not be the first one of the attempt, where somebody else repeats.
    pub(crate) fn hold_back(&self) {
        if self.shared.marks.load(Relaxed) & LET_THROUGH == 0 {
            self.mark_off_wire();
        }
    }

    /// Tells `observer` of the call to this URL; false when another one is told already.
    pub(crate) fn observe(&self, observer: &Arc<dyn Observer>, url: &Uri) -> bool {
        let port = Server::of(url).and_then(|server| server.port);
        let observed = Observed {
            observer: Arc::clone(observer),
            server: url.authority().map(|authority| (authority.clone(), port)),
        };
        self.shared.observed.set(observed).is_ok()
    }

    pub(crate) fn observer(&self) -> Option<&dyn Observer> {
        self.shared
            .observed
            .get()
            .map(|observed| &*observed.observer)
    }

    /// Where the call goes, where there is an observer to be told.
    pub(crate) fn server(&self) -> Option<Server<'_>> {
        let (authority, port) = self.shared.observed.get()?.server.as_ref()?;
        Some(Server::new(authority, *port))
    }

    /// The secrets of the call, where it has any.
    pub(crate) fn mask(&self) -> Option<&Arc<Mask>> {
        self.shared.mask.as_ref()
    }

    /// A text of the service without the secrets of the call.
    pub(crate) fn masked<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match &self.shared.mask {
            Some(mask) => mask.text(text),
            None => Cow::Borrowed(text),
        }
    }

    pub(crate) fn begin_attempt(&self) {
        self.shared.attempts.fetch_add(1, Relaxed);
        if self.observer().is_some() {
            let since = micros(self.began().elapsed());
            self.shared.attempt_micros.store(since, Relaxed);
            let waited = self.shared.waited_micros.load(Relaxed);
            self.shared.waited_before_micros.store(waited, Relaxed);
        }
        self.shared.marks.store(SENT, Relaxed);
    }

    /// How long the running attempt has taken, where there is an observer to be told.
    pub(crate) fn attempt_took(&self) -> Duration {
        let since = Duration::from_micros(self.shared.attempt_micros.load(Relaxed));
        self.began().elapsed().saturating_sub(since)
    }

    /// How long the running attempt has waited for its permit, likewise.
    pub(crate) fn attempt_waited(&self) -> Duration {
        let before = self.shared.waited_before_micros.load(Relaxed);
        self.waited().saturating_sub(Duration::from_micros(before))
    }

    /// Ends an attempt; an ambiguous one stays on record whatever the next attempts bring.
    pub(crate) fn end_attempt(&self, ambiguous: bool) {
        self.shared.marks.store(0, Relaxed);
        if ambiguous {
            self.shared.landed.store(true, Relaxed);
        }
    }

    /// Whether the running attempt may have put a byte on the wire, or may do so yet: a request that a transport
    /// holds is certain not to be sent when the attempt's future is dropped, and no earlier.
    pub(crate) fn is_sent(&self) -> bool {
        // In this order: what is let go was marked before.
        self.shared.held.load(Acquire) > 0
            || self.shared.marks.load(Acquire) & (SENT | ON_WIRE) != 0
    }

    /// Says that a transport has a request that it may send from now on; gives whom to tell when it leaves, where
    /// there is a limiter.
    #[cfg(feature = "client-core")]
    pub(crate) fn hold(&self) -> Option<Reporter> {
        self.shared.held.fetch_add(1, Relaxed);
        self.tell_held_by_body()
    }

    /// Says that it has it no longer: sent and marked so, or gone.
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

/// When the call ends whose answer this is; the client puts it into the answer's extensions. Work on the answer is
/// to end then, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "it is a name for a moment")]
pub struct CallEnd(pub Instant);

impl CallEnd {
    /// The end of the call that gave `response`; none if no client did.
    pub fn of<B>(response: &Response<B>) -> Option<Self> {
        response.extensions().get().copied()
    }
}

/// Says whether anybody still waits for what is made of an answer. A client puts it into the extensions of an answer
/// that another thread reads.
#[derive(Debug, Clone, Default)]
pub struct GivenUp(Arc<AtomicBool>);

impl GivenUp {
    /// That of an answer; none if no other thread reads it.
    pub fn of<B>(response: &Response<B>) -> Option<Self> {
        response.extensions().get().cloned()
    }

    /// Whether nobody waits any longer: the call has ended, or was dropped.
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

/// The operation of a request: from its `context`, or bare from its extensions.
pub(crate) fn metadata_of<B>(
    request: &Request<B>,
    context: Option<&Context>,
) -> Option<&'static Metadata> {
    let known = context.and_then(Context::metadata);
    known.or_else(|| bare_metadata_of(request))
}

/// The operation of a request that somebody put into its extensions.
pub(crate) fn bare_metadata_of<B>(request: &Request<B>) -> Option<&'static Metadata> {
    request.extensions().get::<&'static Metadata>().copied()
}

/// As good as never, and every clock can count it.
pub(crate) const NEVER: Duration = Duration::from_secs(30 * 365 * 24 * 3600);

/// The moment `after` so long; one that no clock can count is as good as never.
pub(crate) fn later(now: Instant, after: Duration) -> Instant {
    let never = || now.checked_add(NEVER).unwrap_or(now);
    now.checked_add(after).unwrap_or_else(never)
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

/// For span fields.
pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
