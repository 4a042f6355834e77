//! The service and its future; see the [module](super).

use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use http::{Request, Response};
use pin_project_lite::pin_project;
use tower_service::Service;
use tracing::{Span, field::Empty};

use crate::{Attempts, Error, context::metadata_of};

/// Opens a span for each operation; see the [module](super).
#[derive(Debug, Clone)]
pub struct Trace<S> {
    inner: S,
}

impl<S> Trace<S> {
    /// Wraps `inner`.
    pub const fn new(inner: S) -> Self {
        Self { inner }
    }
}

impl<S, B, R> Service<Request<B>> for Trace<S>
where
    S: Service<Request<B>, Response = Response<R>, Error = Error>,
{
    type Response = Response<R>;
    type Error = Error;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let span = open(&request);
        let inner = span.in_scope(|| self.inner.call(request));
        ResponseFuture { inner, span }
    }
}

fn open<B>(request: &Request<B>) -> Span {
    let uri = request.uri();
    let metadata = metadata_of(request);
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
        error.type = Empty,
    )
}

pin_project! {
    /// The future of [`Trace`].
    #[must_use = "futures do nothing unless polled"]
    pub struct ResponseFuture<F> {
        #[pin]
        inner: F,
        span: Span,
    }
}

impl<F, R> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<R>, Error>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let result = ready!(this.span.in_scope(|| this.inner.poll(cx)));
        if !this.span.is_disabled() {
            close(this.span, &result);
        }
        Poll::Ready(result)
    }
}

fn close<R>(span: &Span, result: &Result<Response<R>, Error>) {
    let attempts = match result {
        Ok(response) => {
            let status = response.status();
            span.record("http.response.status_code", status.as_u16());
            if status.is_client_error() || status.is_server_error() {
                span.record("error.type", status.as_str());
            }
            response
                .extensions()
                .get::<Attempts>()
                .map_or(1, |attempts| attempts.0)
        }
        Err(error) => {
            span.record("error.type", error.kind().as_str());
            error.attempts()
        }
    };
    span.record("http.request.resend_count", attempts.saturating_sub(1));
}

impl<F> fmt::Debug for ResponseFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture")
            .field("span", &self.span)
            .finish_non_exhaustive()
    }
}
