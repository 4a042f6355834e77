//! The service and its future; see the [module](super).

use std::{
    future::Future,
    mem,
    pin::Pin,
    sync::Arc,
    task::{self, Poll, ready},
};

use http::{Request, Response, StatusCode, uri::Authority};
use pin_project_lite::pin_project;
use tokio::time::Instant;
use tower_service::Service;

use super::{Acquire, Key, Limiter, Permit, PermitOutcome, Reporter, retry_after};
use crate::{
    CallOptions, Context, Error, Priority, RateClass,
    context::{bare_metadata_of, millis},
};

/// A service that takes a permit before each request; see the [module](super).
///
/// The key is the host of the request's URI and the rate class of the [`Metadata`](crate::Metadata) in its
/// extensions, with the priority of the call's [options](crate::CallOptions::priority). The deadline is that of the
/// [`Context`](crate::Context) there.
#[derive(Debug, Clone)]
pub struct Limit<S> {
    inner: S,
    settings: Arc<Settings>,
}

/// Behind one pointer, so that the service stays small: a retry clones it.
#[derive(Debug)]
pub(super) struct Settings {
    pub(super) limiter: Arc<dyn Limiter>,
    /// The priority of calls without one.
    pub(super) priority: Priority,
}

impl<S> Limit<S> {
    /// Wraps `inner`. Calls without a priority of their own have [`Priority::High`].
    pub fn new(inner: S, limiter: Arc<dyn Limiter>) -> Self {
        let priority = Priority::default();
        Self::with_settings(inner, Arc::new(Settings { limiter, priority }))
    }

    pub(super) fn with_settings(inner: S, settings: Arc<Settings>) -> Self {
        Self { inner, settings }
    }
}

impl<S, B, R> Service<Request<B>> for Limit<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone,
    S::Error: From<Error>,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = ResponseFuture<S, B>;

    fn poll_ready(&mut self, cx: &mut task::Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let context = Context::of(&request);
        let (deadline, metadata, options) = match context {
            Some(context) => (
                context.deadline(),
                context.metadata().or_else(|| bare_metadata_of(&request)),
                context.options(),
            ),
            None => (
                None,
                bare_metadata_of(&request),
                CallOptions::attached(&request),
            ),
        };
        let host = request.uri().authority().map_or("", Authority::as_str);
        let class = metadata.map_or(RateClass::DEFAULT, |metadata| metadata.rate_class);
        let settings = &*self.settings;
        let mut key = Key::new(host, class).with_priority(settings.priority);
        if let Some(options) = options
            && let Some(priority) = options.priority
        {
            key.priority = priority;
        }
        let mut acquire = settings.limiter.acquire(key, deadline);
        match acquire.decided() {
            Some(Ok(permit)) => {
                let granted = Granted::new(permit, context);
                ResponseFuture {
                    state: State::Running {
                        response: self.inner.call(request),
                        granted,
                    },
                }
            }
            Some(Err(error)) => {
                if let Some(context) = context {
                    context.hold_back();
                }
                ResponseFuture {
                    state: State::Refused { error: Some(error) },
                }
            }
            None => ResponseFuture {
                state: State::Waiting {
                    wait: Some(Box::new(self.wait(acquire, request))),
                },
            },
        }
    }
}

impl<S: Clone> Limit<S> {
    fn wait<B>(&mut self, acquire: Acquire, request: Request<B>) -> Wait<S, B> {
        // The clone replaces the service that was ready, and becomes ready at the next call.
        let clone = self.inner.clone();
        let context = Context::of(&request).cloned();
        if let Some(context) = &context {
            context.hold_back();
        }
        Wait {
            inner: mem::replace(&mut self.inner, clone),
            acquire,
            request,
            waited: Waited {
                context,
                since: Instant::now(),
            },
        }
    }
}

pin_project! {
    /// The future of [`Limit`].
    #[must_use = "futures do nothing unless polled"]
    pub struct ResponseFuture<S, B>
    where
        S: Service<Request<B>>,
    {
        #[pin]
        state: State<S, B>,
    }
}

pin_project! {
    #[project = StateProj]
    enum State<S, B>
    where
        S: Service<Request<B>>,
    {
        // Before the permit. Boxed, so that calls that need not wait stay small.
        Waiting { wait: Option<Box<Wait<S, B>>> },
        // After the permit, until the answer. The response is dropped first: its resources must be gone when the
        // permit ends.
        Running { #[pin] response: S::Future, granted: Granted },
        // Without a permit.
        Refused { error: Option<Error> },
    }
}

struct Wait<S, B> {
    inner: S,
    acquire: Acquire,
    request: Request<B>,
    waited: Waited,
}

/// Reports a wait when it ends or is given up: to the context, and to the span of the attempt.
struct Waited {
    context: Option<Context>,
    since: Instant,
}

impl Drop for Waited {
    fn drop(&mut self) {
        let waited = self.since.elapsed();
        if let Some(context) = &self.context {
            context.add_wait(waited);
        }
        tracing::Span::current().record("rate_limit.wait_ms", millis(waited));
    }
}

impl<S, B, R> Future for ResponseFuture<S, B>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Error: From<Error>,
{
    type Output = Result<Response<R>, S::Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Self::Output> {
        let mut state = self.project().state;
        if let StateProj::Waiting { wait } = state.as_mut().project() {
            let next = ready!(poll_wait(wait, cx));
            state.set(next);
        }
        state.poll(cx)
    }
}

/// Waits for the permit.
#[cold]
fn poll_wait<S, B>(
    wait: &mut Option<Box<Wait<S, B>>>,
    cx: &mut task::Context<'_>,
) -> Poll<State<S, B>>
where
    S: Service<Request<B>>,
{
    let acquire = &mut wait.as_mut().expect(POLLED).acquire;
    let permit = ready!(Pin::new(acquire).poll(cx));
    Poll::Ready(wait.take().expect(POLLED).end(permit))
}

impl<S, B, R> State<S, B>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Error: From<Error>,
{
    /// After the wait.
    fn poll(
        self: Pin<&mut Self>,
        cx: &mut task::Context<'_>,
    ) -> Poll<Result<Response<R>, S::Error>> {
        match self.project() {
            StateProj::Running { response, granted } => {
                let polled = response.poll(cx);
                if let Poll::Ready(result) = &polled {
                    granted.end(result.as_ref().ok());
                }
                polled
            }
            StateProj::Refused { error } => Poll::Ready(Err(error.take().expect(POLLED).into())),
            StateProj::Waiting { .. } => Poll::Pending,
        }
    }
}

const POLLED: &str = "polled after it was ready";

impl<S, B> Wait<S, B>
where
    S: Service<Request<B>>,
{
    fn end(mut self, permit: Result<Permit, Error>) -> State<S, B> {
        let permit = match permit {
            Ok(permit) => permit,
            Err(error) => return State::Refused { error: Some(error) },
        };
        let granted = Granted::new(permit, self.waited.context.as_ref());
        drop(self.waited);
        State::Running {
            response: self.inner.call(self.request),
            granted,
        }
    }
}

/// The permit of a running attempt, and the reporter of its departure.
struct Granted {
    /// Present until the end is reported.
    reporter: Option<Reporter>,
    context: Option<Context>,
}

impl Granted {
    #[inline(always)]
    fn new(permit: Permit, context: Option<&Context>) -> Self {
        let reporter = permit.into_reporter();
        if let Some(context) = context {
            context.let_through(reporter.as_ref());
        }
        Self {
            reporter,
            context: context.cloned(),
        }
    }

    #[inline]
    fn end<R>(&mut self, answer: Option<&Response<R>>) {
        match answer {
            Some(answer) => {
                if let Some(reporter) = self.reporter.take() {
                    reporter.end(outcome(answer));
                }
            }
            None => self.end_without_answer(),
        }
    }

    #[cold]
    fn end_without_answer(&mut self) {
        if let Some(reporter) = self.reporter.take() {
            let context = self.context.as_ref();
            let outcome = context.map(|context| context.end_permit(&reporter));
            reporter.end(outcome.unwrap_or(PermitOutcome::Lost));
        }
    }
}

impl Drop for Granted {
    #[inline]
    fn drop(&mut self) {
        if self.reporter.is_some() {
            self.end_without_answer();
        }
    }
}

impl<S, B> std::fmt::Debug for ResponseFuture<S, B>
where
    S: Service<Request<B>>,
{
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let state = match self.state {
            State::Waiting { .. } => "waiting",
            State::Running { .. } => "running",
            State::Refused { .. } => "refused",
        };
        f.debug_struct("ResponseFuture")
            .field("state", &state)
            .finish_non_exhaustive()
    }
}

/// 429 and 503 slow down all callers, whatever the body says of the cause.
fn outcome<R>(response: &Response<R>) -> PermitOutcome {
    match response.status() {
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            PermitOutcome::Throttled {
                retry_after: retry_after(response.headers()),
            }
        }
        _ => PermitOutcome::Answered,
    }
}
