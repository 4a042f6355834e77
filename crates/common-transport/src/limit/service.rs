//! The service and its future; see the [module](super).

use std::{
    future::Future,
    mem,
    pin::Pin,
    sync::Arc,
    task::{self, Poll, ready},
};

use http::{Request, Response, StatusCode};
use pin_project_lite::pin_project;
use tokio::time::Instant;
use tower_service::Service;

use super::{Acquire, Key, Limiter, Outcome, Permit, retry_after};
use crate::{
    Context, Error,
    context::{millis, rate_class_of},
};

/// Takes a permit before each request; see the [module](super).
///
/// The key is the host of the request's URI and the rate class of the [`Metadata`](crate::Metadata) in its
/// extensions. The deadline is that of the [`Context`] there.
#[derive(Debug, Clone)]
pub struct Limit<S> {
    inner: S,
    limiter: Arc<dyn Limiter>,
}

impl<S> Limit<S> {
    /// Wraps `inner`.
    pub fn new(inner: S, limiter: Arc<dyn Limiter>) -> Self {
        Self { inner, limiter }
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
        let context = Context::of(&request).cloned();
        let deadline = context.as_ref().and_then(Context::deadline);
        let host = request
            .uri()
            .authority()
            .map_or("", |authority| authority.as_str());
        let key = Key::new(host, rate_class_of(&request));
        let acquire = self.limiter.acquire(key, deadline);
        // The clone takes the place of the service that was made ready, and is made ready next time.
        let clone = self.inner.clone();
        ResponseFuture {
            wait: Some(Wait {
                inner: mem::replace(&mut self.inner, clone),
                since: (!acquire.is_ready()).then(Instant::now),
                acquire,
                request,
                context,
            }),
            permit: None,
            response: None,
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
        // Before the permit.
        wait: Option<Wait<S, B>>,
        // After it, until the answer.
        permit: Option<Permit>,
        #[pin]
        response: Option<S::Future>,
    }
}

struct Wait<S, B> {
    inner: S,
    acquire: Acquire,
    request: Request<B>,
    context: Option<Context>,
    /// When the wait began; there is none when the permit came at once.
    since: Option<Instant>,
}

impl<S, B, R> Future for ResponseFuture<S, B>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Error: From<Error>,
{
    type Output = Result<Response<R>, S::Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        if let Some(wait) = this.wait {
            let permit = ready!(Pin::new(&mut wait.acquire).poll(cx));
            let Some(mut wait) = this.wait.take() else {
                unreachable!("it was there a line ago")
            };
            wait.report();
            *this.permit = Some(permit?);
            this.response.set(Some(wait.inner.call(wait.request)));
        }
        let response = this.response.as_pin_mut().expect("set with the permit");
        let result = ready!(response.poll(cx));
        if let (Some(permit), Ok(response)) = (this.permit.take(), &result) {
            permit.end(outcome(response));
        }
        Poll::Ready(result)
    }
}

impl<S, B> Wait<S, B> {
    /// Makes the wait visible: to the context, and to the span of the attempt.
    fn report(&mut self) {
        let Some(waited) = self.since.map(|since| since.elapsed()) else {
            return;
        };
        if let Some(context) = &self.context {
            context.add_wait(waited);
        }
        tracing::Span::current().record("rate_limit.wait_ms", millis(waited));
    }
}

impl<S, B> std::fmt::Debug for ResponseFuture<S, B>
where
    S: Service<Request<B>>,
{
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResponseFuture")
            .field("permit", &self.permit)
            .finish_non_exhaustive()
    }
}

/// 429 and 503 slow everyone down, whatever the body says of the cause.
fn outcome<R>(response: &Response<R>) -> Outcome {
    match response.status() {
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => Outcome::Throttled {
            retry_after: retry_after(response.headers()),
        },
        _ => Outcome::Answered,
    }
}
