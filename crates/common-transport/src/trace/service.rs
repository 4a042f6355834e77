//! The service and its future; see the [module](super).

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{self, Poll, ready},
};

use http::{Method, Request, Response};
use pin_project_lite::pin_project;
use tokio::time::Instant;
use tower_service::Service;
use tracing::{Span, field::Empty};

use crate::{
    Context, Error, Metadata,
    context::metadata_of,
    observe::{CallEnded, Observer, Outcome, Server},
    request_id,
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
        let tells = observer.is_some_and(|observer| context.observe(observer, request.uri()));
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
    let server = || Server::of(request.uri());
    let metadata = metadata_of(request, Some(context));
    tracing::info_span!(
        "operation",
        otel.name = %Name(request.method(), metadata),
        otel.kind = "client",
        otel.status_code = Empty,
        operation = metadata.map(|metadata| metadata.name),
        service.peer.name = metadata.map(|metadata| metadata.service),
        http.request.method = request.method().as_str(),
        server.address = server().map(|server| server.address),
        server.port = server().and_then(|server| server.port),
        url.template = metadata.map(|metadata| metadata.path),
        http.response.status_code = Empty,
        http.request.resend_count = Empty,
        rate_limit.wait_ms = Empty,
        error.type = Empty,
        client_request_id = request.headers().get("x-request-id").and_then(request_id::text),
        request_id = Empty,
    )
}

/// The name of the span, with few distinct values: `GET /api/v5/orders/{externalId}`.
struct Name<'r>(&'r Method, Option<&'static Metadata>);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.1 {
            Some(metadata) => write!(f, "{} {}", self.0, metadata.path),
            None => write!(f, "{}", self.0),
        }
    }
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
        this.report.note_id(&result);
        this.report.tell(outcome, landed);
        Poll::Ready(result)
    }
}

/// Closes the span and informs the observer, once: at the end, or when the call is dropped.
struct Report {
    span: Span,
    /// Whether the observer of the call belongs to this layer.
    tells: bool,
    /// `None` once the observer has been told.
    context: Option<Context>,
}

impl Report {
    /// Records the service's id of the request in the span.
    fn note_id<R>(&self, result: &Result<Response<R>, Error>) {
        let Some(context) = self.context.as_ref().filter(|_| !self.span.is_disabled()) else {
            return;
        };
        let id = match result {
            Ok(response) => request_id(response.headers()),
            Err(error) => error.request_id(),
        };
        if let Some(id) = id {
            self.span.record("request_id", &*context.masked(id));
        }
    }

    /// `landed` is [`Error::may_have_landed`] of the error, if there is one.
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
                server: context.server(),
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
        close(&self.span, outcome);
    }
}

/// Records the outcome of a call or an attempt in its span.
pub(crate) fn close(span: &Span, outcome: Outcome) {
    if let Outcome::Answered(status) = outcome {
        span.record("http.response.status_code", status.as_u16());
    }
    if let Some(kind) = outcome.error_type() {
        span.record("error.type", kind);
        span.record("otel.status_code", "ERROR");
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
