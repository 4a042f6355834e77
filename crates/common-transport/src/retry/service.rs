//! The service and its future; see the [module](super).

use std::{
    fmt,
    future::Future,
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
use tracing::{Span, field::Empty};

use super::{
    Attempts, RetryPolicy,
    judge::{Ambiguous, End, judge},
    template::Template,
};
use crate::{
    CallOptions, Classify, Context, Error, Idempotency,
    context::{later, metadata_of, millis},
    observe::{AttemptEnded, Outcome},
    timer,
    trace::close,
};

/// Retries calls after transient failures; see the [module](super).
#[derive(Clone)]
pub struct Retry<S> {
    inner: S,
    rules: Arc<Rules>,
}

/// The settings that all calls share.
struct Rules {
    policy: RetryPolicy,
    classify: Arc<dyn Classify>,
}

impl Rules {
    /// The policy of a call with these options.
    fn policy<'r>(&'r self, options: Option<&'r Arc<CallOptions>>) -> &'r RetryPolicy {
        let own = options.and_then(|options| options.retry.as_ref());
        own.unwrap_or(&self.policy)
    }
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
        let context = Context::of(&request);
        let options = CallOptions::shared_of(&request, context);
        let policy = self.rules.policy(options);
        let now = context.map_or_else(Instant::now, Context::began);
        self.rules.policy.budget_for(policy).call_at(now);
        let mut call = Call {
            rules: Arc::clone(&self.rules),
            nature: Nature::of(&request, context).with(options),
            context: context.cloned(),
            bare_options: options.filter(|_| context.is_none()).cloned(),
            attempts: 0,
            ambiguous: false,
        };
        let span = call.begin();
        // Built in one expression, in this order: the template and the future of an attempt are large, and each
        // further step would copy them.
        ResponseFuture {
            template: Template::of(&request, context, policy),
            state: State::Attempt {
                attempt: attempt(&mut self.inner, request, &span),
                span,
            },
            call,
            service: self.inner.clone(),
        }
    }
}

/// Starts an attempt by a service that is ready.
#[inline]
fn attempt<S: Service<Request<Bytes>>>(
    service: &mut S,
    request: Request<Bytes>,
    span: &Span,
) -> S::Future {
    let _entered = span.enter();
    service.call(request)
}

/// The effects of the call and of its retries.
#[derive(Clone, Copy)]
struct Nature {
    idempotency: Idempotency,
    is_read: bool,
}

impl Nature {
    /// Reads them from the operation's metadata, or else from the method, by RFC 9110.
    #[inline]
    fn of<B>(request: &Request<B>, context: Option<&Context>) -> Self {
        match metadata_of(request, context) {
            Some(metadata) => Self {
                idempotency: metadata.idempotency,
                is_read: metadata.is_read(),
            },
            None => Self {
                idempotency: Idempotency::of_method(request.method()),
                is_read: request.method().is_safe(),
            },
        }
    }

    /// Applies the options of the caller, which take precedence.
    fn with(mut self, options: Option<&Arc<CallOptions>>) -> Self {
        if let Some(idempotency) = options.and_then(|options| options.idempotency) {
            self.idempotency = idempotency;
        }
        self
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
        call: Call,
        // For further attempts.
        service: S,
        template: Option<Template>,
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

/// The state of a call.
struct Call {
    rules: Arc<Rules>,
    context: Option<Context>,
    /// The options of a call without a context.
    bare_options: Option<Arc<CallOptions>>,
    nature: Nature,
    attempts: u32,
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
                    let entered = span.enter();
                    let mut polled = attempt.poll(cx);
                    drop(entered);
                    let Poll::Ready(result) = &mut polled else {
                        return Poll::Pending;
                    };
                    let Some(wait) = this.call.end(result, this.template.as_ref(), span) else {
                        return polled;
                    };
                    State::Wait { sleep: sleep(wait) }
                }
                StateProj::Wait { sleep } => {
                    ready!(timer::poll(sleep, cx));
                    State::Ready
                }
                StateProj::Ready => {
                    if let Err(error) = ready!(this.service.poll_ready(cx)) {
                        let mut result = Err(error);
                        // The observer was told that an attempt follows.
                        let span = this.call.begin();
                        this.call.end(&mut result, None, &span);
                        return Poll::Ready(result);
                    }
                    let template = this.template.as_ref().expect("a wait is for it");
                    let request = template.request(this.call.context.as_ref());
                    let span = this.call.begin();
                    let attempt = attempt(this.service, request, &span);
                    State::Attempt { attempt, span }
                }
            };
            this.state.set(next);
        }
    }
}

impl Call {
    fn options(&self) -> Option<&Arc<CallOptions>> {
        match &self.context {
            Some(context) => context.options(),
            None => self.bare_options.as_ref(),
        }
    }

    /// Counts an attempt, and opens its span.
    #[inline]
    fn begin(&mut self) -> Span {
        self.attempts += 1;
        if let Some(context) = &self.context {
            context.begin_attempt();
        }
        tracing::debug_span!(
            "attempt",
            http.request.resend_count = self.attempts - 1,
            http.response.status_code = Empty,
            error.type = Empty,
            otel.status_code = Empty,
            rate_limit.wait_ms = Empty,
        )
    }

    /// Ends an attempt. If another one is to follow, built from `template`, returns the wait before it.
    fn end(
        &mut self,
        result: &mut Result<Response<Bytes>, Error>,
        template: Option<&Template>,
        span: &Span,
    ) -> Option<Duration> {
        if !span.is_disabled() {
            close(span, outcome(result));
        }
        let mut end = judge(result, self.nature.idempotency, &*self.rules.classify);
        end.ambiguous &= !self.nature.is_read;
        self.ambiguous |= end.ambiguous;
        // An attempt with an effect stays counted as sent: an outer layer may still fail the call, or cut it off.
        let has_effect =
            !end.repeatable && matches!(result, Ok(answer) if answer.status().is_success());
        if let Some(context) = self.context.as_ref().filter(|_| !has_effect) {
            context.end_attempt(end.ambiguous);
        }
        let next = self.next_wait(&end, template);
        self.tell(result, next.is_some());
        // Most calls need no mark.
        let is_plain = self.attempts == 1 && !self.ambiguous && result.is_ok();
        if next.is_none() && !is_plain {
            self.mark(result);
        }
        next
    }

    /// Adds the number of attempts and the ambiguity of all attempts to the last result.
    fn mark(&self, result: &mut Result<Response<Bytes>, Error>) {
        match result {
            Ok(response) => {
                if self.attempts > 1 {
                    response.extensions_mut().insert(Attempts(self.attempts));
                }
                if self.ambiguous {
                    response.extensions_mut().insert(Ambiguous);
                }
            }
            Err(error) => error.end_call(self.attempts, self.ambiguous, self.nature.is_read),
        }
    }

    /// The wait before the next attempt; `None` when no attempt is to follow or the time is too short.
    fn next_wait(&self, end: &End, template: Option<&Template>) -> Option<Duration> {
        if !end.repeatable {
            return None;
        }
        let policy = self.rules.policy(self.options());
        if self.attempts >= policy.attempts() || template?.is_spent() {
            return None;
        }
        let wait = policy.wait_after(self.attempts);
        let wait = wait.max(end.retry_after.unwrap_or_default());
        let deadline = self.context.as_ref().and_then(Context::deadline);
        if deadline.is_some_and(|deadline| later(Instant::now(), wait) >= deadline) {
            return None;
        }
        if !self.rules.policy.budget_for(policy).try_repeat() {
            tracing::debug!("the retry budget is spent");
            return None;
        }
        tracing::debug!(wait_ms = millis(wait), "repeating the call");
        Some(wait)
    }

    fn tell(&self, result: &Result<Response<Bytes>, Error>, repeats: bool) {
        let Some(context) = &self.context else { return };
        let Some(observer) = context.observer() else {
            return;
        };
        observer.attempt_ended(&AttemptEnded {
            operation: context.metadata(),
            server: context.server(),
            number: self.attempts,
            took: context.attempt_took(),
            waited: context.attempt_waited(),
            outcome: outcome(result),
            repeats,
        });
    }
}

fn outcome(result: &Result<Response<Bytes>, Error>) -> Outcome {
    match result {
        Ok(response) => Outcome::Answered(response.status()),
        Err(error) => Outcome::Failed(error.kind()),
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
