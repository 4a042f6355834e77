//! The service and its future; see the [module](super).

use std::{
    fmt,
    future::Future,
    mem,
    pin::Pin,
    sync::Arc,
    task::{self, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response};
use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep, sleep};
use tower_service::Service;
use tracing::Span;

use super::{
    Attempts, RetryPolicy,
    judge::{Ambiguous, End, judge},
};
use crate::{
    Classify, Context, Error, Idempotency, Metadata,
    body::is_spent,
    context::{bare_metadata_of, idempotency_of, millis},
    observe::{AttemptEnded, Outcome},
};

/// Repeats what failed for the moment; see the [module](super).
#[derive(Clone)]
pub struct Retry<S> {
    inner: S,
    rules: Arc<Rules>,
}

/// What all calls share.
struct Rules {
    policy: RetryPolicy,
    classify: Arc<dyn Classify>,
}

impl<S> Retry<S> {
    /// Wraps `inner`.
    pub fn new(inner: S, policy: RetryPolicy, classify: Arc<dyn Classify>) -> Self {
        let rules = Arc::new(Rules { policy, classify });
        Self { inner, rules }
    }
}

impl<S: fmt::Debug> fmt::Debug for Retry<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retry")
            .field("inner", &self.inner)
            .field("policy", &self.rules.policy)
            .finish_non_exhaustive()
    }
}

impl<S> Service<Request<Bytes>> for Retry<S>
where
    S: Service<Request<Bytes>, Response = Response<Bytes>, Error = Error> + Clone,
{
    type Response = Response<Bytes>;
    type Error = Error;
    type Future = ResponseFuture<S>;

    fn poll_ready(&mut self, cx: &mut task::Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Bytes>) -> Self::Future {
        let context = Context::of(&request).cloned();
        let now = context.as_ref().map_or_else(Instant::now, Context::began);
        self.rules.policy.shared_budget().call_at(now);
        // The clone takes the place of the service that was made ready, and is made ready next time.
        let clone = self.inner.clone();
        let mut call = Calls {
            inner: mem::replace(&mut self.inner, clone),
            rules: Arc::clone(&self.rules),
            context,
            bare_metadata: bare_metadata_of(&request),
            idempotency: idempotency_of(&request),
            request,
            attempts: 0,
            began: None,
            ambiguous: false,
        };
        ResponseFuture {
            state: call.begin(),
            call,
        }
    }
}

pin_project! {
    /// The future of [`Retry`].
    #[must_use = "futures do nothing unless polled"]
    pub struct ResponseFuture<S>
    where
        S: Service<Request<Bytes>>,
    {
        #[pin]
        state: State<S::Future>,
        call: Calls<S>,
    }
}

pin_project! {
    #[project = StateProj]
    enum State<F> {
        // An attempt runs.
        Attempt { #[pin] attempt: F, span: Span },
        // Between attempts.
        Wait { #[pin] sleep: Sleep },
        // The wait is over; the inner service is not ready yet.
        Ready,
    }
}

/// All that a call needs for its next attempt.
struct Calls<S> {
    inner: S,
    rules: Arc<Rules>,
    request: Request<Bytes>,
    context: Option<Context>,
    bare_metadata: Option<&'static Metadata>,
    idempotency: Idempotency,
    attempts: u32,
    /// When the running attempt began, when anybody wants to know.
    began: Option<Instant>,
    /// Whether some attempt ended ambiguously.
    ambiguous: bool,
}

impl<S> Future for ResponseFuture<S>
where
    S: Service<Request<Bytes>, Response = Response<Bytes>, Error = Error>,
{
    type Output = Result<Response<Bytes>, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            let next = match this.state.as_mut().project() {
                StateProj::Attempt { attempt, span } => {
                    let result = ready!(span.in_scope(|| attempt.poll(cx)));
                    match this.call.end(result) {
                        Next::Done(result) => return Poll::Ready(result),
                        Next::Wait(sleep) => State::Wait { sleep },
                    }
                }
                StateProj::Wait { sleep } => {
                    ready!(sleep.poll(cx));
                    State::Ready
                }
                StateProj::Ready => match ready!(this.call.inner.poll_ready(cx)) {
                    Ok(()) => this.call.begin(),
                    Err(error) => return Poll::Ready(Err(this.call.annotate(error))),
                },
            };
            this.state.set(next);
        }
    }
}

enum Next {
    Done(Result<Response<Bytes>, Error>),
    Wait(Sleep),
}

impl<S> Calls<S>
where
    S: Service<Request<Bytes>, Response = Response<Bytes>, Error = Error>,
{
    /// Begins an attempt.
    fn begin(&mut self) -> State<S::Future> {
        self.attempts += 1;
        if let Some(context) = &self.context {
            context.begin_attempt();
            self.began = context.observer().map(|_| Instant::now());
        }
        let span = tracing::debug_span!(
            "attempt",
            http.request.resend_count = self.attempts - 1,
            rate_limit.wait_ms = tracing::field::Empty,
        );
        let request = self.next_request();
        let attempt = span.in_scope(|| self.inner.call(request));
        State::Attempt { attempt, span }
    }

    /// A copy of the request for the next attempt.
    ///
    /// Copying extensions costs an allocation for each. Most requests have none but our own two, which are
    /// known here anyway: those are moved into the first attempt, and made anew if there is a second one.
    fn next_request(&mut self) -> Request<Bytes> {
        let ours = usize::from(self.context.is_some()) + usize::from(self.bare_metadata.is_some());
        let kept = self.request.extensions().len() != ours;
        if self.attempts == 1 && !kept {
            let extensions = mem::take(self.request.extensions_mut());
            let mut first = self.request.clone();
            *first.extensions_mut() = extensions;
            return first;
        }
        let mut next = self.request.clone();
        if let Some(metadata) = self.bare_metadata {
            next.extensions_mut().insert(metadata);
        }
        if let Some(context) = &self.context {
            next.extensions_mut().insert(context.clone());
        }
        next
    }

    /// Ends an attempt: gives its result back, or waits for the next.
    fn end(&mut self, result: Result<Response<Bytes>, Error>) -> Next {
        let end = judge(&result, self.idempotency, &*self.rules.classify);
        self.ambiguous |= end.ambiguous;
        if let Some(context) = &self.context {
            context.end_attempt(end.ambiguous);
        }
        let next = self.next_wait(&end);
        self.tell(&result, next.is_some());
        if let Some(sleep) = next {
            return Next::Wait(sleep);
        }
        Next::Done(match result {
            Ok(mut response) => {
                // Most calls take one, and an insertion costs allocations.
                if self.attempts > 1 {
                    response.extensions_mut().insert(Attempts(self.attempts));
                }
                if self.ambiguous {
                    response.extensions_mut().insert(Ambiguous);
                }
                Ok(response)
            }
            Err(error) => Err(self.annotate(error)),
        })
    }

    /// The wait before the next attempt, if there is to be one, and time for it.
    fn next_wait(&self, end: &End) -> Option<Sleep> {
        if !end.repeatable
            || self.attempts >= self.rules.policy.attempts()
            || is_spent(&self.request)
        {
            return None;
        }
        let wait = self.rules.policy.wait_after(self.attempts);
        let wait = wait.max(end.retry_after.unwrap_or_default());
        let deadline = self.context.as_ref().and_then(Context::deadline);
        if deadline.is_some_and(|deadline| Instant::now() + wait >= deadline) {
            return None;
        }
        if !self.rules.policy.shared_budget().try_repeat() {
            tracing::debug!("the retry budget is spent");
            return None;
        }
        tracing::debug!(wait_ms = millis(wait), "repeating the call");
        Some(sleep(wait))
    }

    fn tell(&self, result: &Result<Response<Bytes>, Error>, repeats: bool) {
        let Some(context) = &self.context else { return };
        let Some(observer) = context.observer() else {
            return;
        };
        observer.attempt_ended(&AttemptEnded {
            operation: context.metadata(),
            number: self.attempts,
            took: self.began.map_or(Duration::ZERO, |began| began.elapsed()),
            outcome: match result {
                Ok(response) => Outcome::Answered(response.status()),
                Err(error) => Outcome::Failed(error.kind()),
            },
            repeats,
        });
    }

    fn annotate(&self, error: Error) -> Error {
        let may_have_landed = self.ambiguous || error.may_have_landed();
        error
            .with_attempts(self.attempts)
            .with_may_have_landed(may_have_landed)
    }
}

impl<S> fmt::Debug for ResponseFuture<S>
where
    S: Service<Request<Bytes>>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture")
            .field("attempts", &self.call.attempts)
            .finish_non_exhaustive()
    }
}
