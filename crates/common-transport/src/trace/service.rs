//! The service and its future; see the [module](super).

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{self, Poll, ready},
};

use http::{Request, Response};
use pin_project_lite::pin_project;
use tokio::time::Instant;
use tower_service::Service;
use tracing::{Span, field::Empty};

use crate::{
    Context, Error,
    context::metadata_of,
    observe::{CallEnded, Observer, Outcome},
};

/// Opens a span for each operation; see the [module](super).
#[derive(Clone)]
pub struct Trace<S> {
    inner: S,
    observer: Option<Arc<dyn Observer>>,
}

impl<S> Trace<S> {
    /// Wraps `inner`.
    pub fn new(inner: S, observer: Option<Arc<dyn Observer>>) -> Self {
        Self { inner, observer }
    }
}

impl<S: fmt::Debug> fmt::Debug for Trace<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trace")
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}

impl<S, B, R> Service<Request<B>> for Trace<S>
where
    S: Service<Request<B>, Response = Response<R>, Error = Error>,
{
    type Response = Response<R>;
    type Error = Error;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut task::Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let context = Context::ensure(&mut request, Instant::now);
        let observer = self.observer.as_ref();
        let tells = observer.is_some_and(|observer| context.observe(observer));
        let span = open(&request, &context);
        let inner = span.in_scope(|| self.inner.call(request));
        ResponseFuture {
            inner,
            report: Report {
                span,
                tells,
                context: Some(context),
            },
        }
    }
}

fn open<B>(request: &Request<B>, context: &Context) -> Span {
    let uri = request.uri();
    let metadata = metadata_of(request, Some(context));
    tracing::info_span!(
        "operation",
        otel.name = metadata.map(|metadata| metadata.name),
        otel.kind = "client",
        service.peer.name = metadata.map(|metadata| metadata.service),
        http.request.method = request.method().as_str(),
        server.address = uri.host(),
        server.port = uri.port_u16(),
        url.template = metadata.map(|metadata| metadata.path),
        http.response.status_code = Empty,
        http.request.resend_count = Empty,
        rate_limit.wait_ms = Empty,
        error.type = Empty,
    )
}

pin_project! {
    /// The future of [`Trace`].
    #[must_use = "futures do nothing unless polled"]
    pub struct ResponseFuture<F> {
        #[pin]
        inner: F,
        report: Report,
    }
}

impl<F, R> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<R>, Error>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let result = ready!(this.report.span.in_scope(|| this.inner.poll(cx)));
        let (outcome, landed) = match &result {
            Ok(response) => (Outcome::Answered(response.status()), None),
            Err(error) => (Outcome::Failed(error.kind()), Some(error.may_have_landed())),
        };
        this.report.tell(outcome, landed);
        Poll::Ready(result)
    }
}

/// Closes the span and tells the observer: once, at the end or when the call is dropped.
struct Report {
    span: Span,
    /// Whether the observer that is told of the call is this layer's.
    tells: bool,
    /// Until it is told.
    context: Option<Context>,
}

impl Report {
    /// `landed` is what the error says of that, where there is one.
    fn tell(&mut self, outcome: Outcome, landed: Option<bool>) {
        let Some(context) = self.context.take() else {
            return;
        };
        if !self.span.is_disabled() {
            self.close(outcome, &context);
        }
        let is_success = matches!(outcome, Outcome::Answered(status) if status.is_success());
        if let Some(observer) = context.observer().filter(|_| self.tells) {
            observer.call_ended(&CallEnded {
                operation: context.metadata(),
                attempts: context.attempts(),
                took: context.began().elapsed(),
                waited: context.waited(),
                outcome,
                may_have_landed: landed.unwrap_or(!is_success && context.may_have_landed()),
            });
        }
    }

    fn close(&self, outcome: Outcome, context: &Context) {
        let attempts = context.attempts();
        self.span
            .record("http.request.resend_count", attempts.saturating_sub(1));
        self.span.record(
            "rate_limit.wait_ms",
            crate::context::millis(context.waited()),
        );
        match outcome {
            Outcome::Answered(status) => {
                self.span
                    .record("http.response.status_code", status.as_u16());
                if status.is_client_error() || status.is_server_error() {
                    self.span.record("error.type", status.as_str());
                }
            }
            Outcome::Failed(kind) => {
                self.span.record("error.type", kind.as_str());
            }
            Outcome::Dropped => {
                self.span.record("error.type", "cancelled");
            }
        }
    }
}

impl Drop for Report {
    fn drop(&mut self) {
        self.tell(Outcome::Dropped, None);
    }
}

impl<F> fmt::Debug for ResponseFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture")
            .field("context", &self.report.context)
            .finish_non_exhaustive()
    }
}
