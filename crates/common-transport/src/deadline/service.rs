//! The service and its future; see the [module](super).

use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{self, Poll},
    time::Duration,
};

use http::Request;
use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep, sleep_until};
use tower_service::Service;

use crate::{Context, Error, timer, verdict::End};

/// Sets a deadline for each call; see the [module](super).
#[derive(Debug, Clone)]
pub struct Deadline<S> {
    inner: S,
    after: Duration,
}

impl<S> Deadline<S> {
    /// Wraps `inner`.
    pub const fn new(inner: S, after: Duration) -> Self {
        Self { inner, after }
    }
}

impl<S, B> Service<Request<B>> for Deadline<S>
where
    S: Service<Request<B>>,
    S::Error: From<Error>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut task::Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let now = Instant::now();
        let context = Context::ending(&mut request, now, self.after);
        ResponseFuture {
            inner: self.inner.call(request),
            sleep: None,
            context,
        }
    }
}

pin_project! {
    /// The future of [`Deadline`].
    #[must_use = "futures do nothing unless polled"]
    pub struct ResponseFuture<F> {
        #[pin]
        inner: F,
        // There is no timer before the first wait.
        #[pin]
        sleep: Option<Sleep>,
        context: Context,
    }
}

impl<F, T, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<T, E>>,
    E: From<Error>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        if let Poll::Ready(result) = this.inner.poll(cx) {
            return Poll::Ready(result);
        }
        if this.sleep.is_none() {
            this.sleep.set(this.context.deadline().map(sleep_until));
        }
        let sleep = this.sleep.as_pin_mut().expect("the call has a deadline");
        timer::poll(sleep, cx).map(|()| Err(passed(this.context).into()))
    }
}

impl<F> fmt::Debug for ResponseFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture")
            .field("context", &self.context)
            .finish_non_exhaustive()
    }
}

/// Builds the error of a call past its deadline. A request that a transport holds counts as sent, since the transport
/// may send it until this future is dropped.
fn passed(context: &Context) -> Error {
    let end = End::late(context.may_have_landed());
    Error::ended(end, "the call's deadline has passed").with_attempts(context.attempts())
}
