//! The service and its future; see the [module](super).

use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use http::{Request, Uri, uri::Scheme};
use pin_project_lite::pin_project;
use tower_service::Service;

use crate::{Error, base_url::is_loopback};

/// A service that refuses requests without HTTPS; see the [module](super).
#[derive(Debug, Clone)]
pub struct Guard<S> {
    inner: S,
}

impl<S> Guard<S> {
    /// Wraps `inner`.
    pub const fn new(inner: S) -> Self {
        Self { inner }
    }
}

impl<S, B> Service<Request<B>> for Guard<S>
where
    S: Service<Request<B>>,
    S::Error: From<Error>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let sent = if may_leave(request.uri()) {
            Sent::Inner {
                inner: self.inner.call(request),
            }
        } else {
            Sent::Refused
        };
        ResponseFuture { sent }
    }
}

pin_project! {
    /// The future of [`Guard`].
    #[must_use = "futures do nothing unless polled"]
    pub struct ResponseFuture<F> {
        #[pin]
        sent: Sent<F>,
    }
}

pin_project! {
    #[project = SentProj]
    enum Sent<F> {
        Inner { #[pin] inner: F },
        Refused,
    }
}

impl<F, T, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<T, E>>,
    E: From<Error>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        match self.project().sent.project() {
            SentProj::Inner { inner } => inner.poll(cx),
            SentProj::Refused => Poll::Ready(Err(refused().into())),
        }
    }
}

impl<F> fmt::Debug for ResponseFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}

fn may_leave(uri: &Uri) -> bool {
    let loopback = || uri.host().is_some_and(is_loopback);
    uri.scheme() == Some(&Scheme::HTTPS) || uri.scheme() == Some(&Scheme::HTTP) && loopback()
}

fn refused() -> Error {
    Error::invalid_input(
        "url",
        "only https:// is allowed, http:// just for loopback hosts",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r3_only_https_or_loopback_leaves() {
        for good in ["https://a.example/", "http://localhost:1/", "http://[::1]/"] {
            assert!(may_leave(&good.parse().unwrap()), "{good}");
        }
        for bad in [
            "http://a.example/",
            "/relative",
            "ftp://localhost/",
            "http://127.0.0.1.a.example/",
        ] {
            assert!(!may_leave(&bad.parse().unwrap()), "{bad}");
        }
    }
}
