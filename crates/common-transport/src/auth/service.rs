//! The service and its future; see the [module](super).

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::Request;
use pin_project_lite::pin_project;
use tower_service::Service;

use crate::{Authorize, Error, options::Held};

/// A service that adds credentials to each request; see the [module](super).
#[derive(Clone)]
pub struct Authorized<S> {
    inner: S,
    authorize: Arc<dyn Authorize>,
}

impl<S> Authorized<S> {
    /// Wraps `inner`.
    pub fn new(inner: S, authorize: Arc<dyn Authorize>) -> Self {
        Self { inner, authorize }
    }
}

impl<S: fmt::Debug> fmt::Debug for Authorized<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorized")
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}

impl<S> Service<Request<Bytes>> for Authorized<S>
where
    S: Service<Request<Bytes>>,
    S::Error: From<Error>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<Bytes>) -> Self::Future {
        let held = Held::out_of(&mut request);
        let mut result = self.authorize.authorize(&mut request);
        if let (Ok(()), Some(held)) = (&result, held) {
            result = held.back_into(&mut request);
        }
        let authorized = match result {
            Ok(()) => Attempt::Inner {
                inner: self.inner.call(request),
            },
            Err(error) => Attempt::Refused { error: Some(error) },
        };
        ResponseFuture { authorized }
    }
}

pin_project! {
    /// The future of [`Authorized`].
    #[must_use = "futures do nothing unless polled"]
    pub struct ResponseFuture<F> {
        #[pin]
        authorized: Attempt<F>,
    }
}

pin_project! {
    #[project = AttemptProj]
    enum Attempt<F> {
        Inner { #[pin] inner: F },
        // The credentials could not be made: nothing is sent.
        Refused { error: Option<Error> },
    }
}

impl<F, T, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<T, E>>,
    E: From<Error>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        match self.project().authorized.project() {
            AttemptProj::Inner { inner } => inner.poll(cx),
            AttemptProj::Refused { error } => {
                let error = error.take().expect("polled after it was ready");
                Poll::Ready(Err(error.into()))
            }
        }
    }
}

impl<F> fmt::Debug for ResponseFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
