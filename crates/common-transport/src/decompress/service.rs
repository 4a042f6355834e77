//! The service and its future; see the [module](super).

use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{
    HeaderValue, Request, Response,
    header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH},
};
use pin_project_lite::pin_project;
use tower_service::Service;

use super::coding::{ACCEPTED, Failure, expand};
use crate::{Error, ErrorKind};

/// Expands compressed answers; see the [module](super).
#[derive(Debug, Clone)]
pub struct Decompress<S> {
    inner: S,
    max_body: usize,
}

impl<S> Decompress<S> {
    /// Wraps `inner`.
    pub const fn new(inner: S, max_body: usize) -> Self {
        Self { inner, max_body }
    }
}

impl<S, B> Service<Request<B>> for Decompress<S>
where
    S: Service<Request<B>, Response = Response<Bytes>>,
    S::Error: From<Error>,
{
    type Response = Response<Bytes>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        if let Some(accepted) = ACCEPTED {
            let headers = request.headers_mut();
            headers
                .entry(ACCEPT_ENCODING)
                .or_insert(HeaderValue::from_static(accepted));
        }
        ResponseFuture {
            inner: self.inner.call(request),
            max_body: self.max_body,
        }
    }
}

pin_project! {
    /// The future of [`Decompress`].
    #[must_use = "futures do nothing unless polled"]
    pub struct ResponseFuture<F> {
        #[pin]
        inner: F,
        max_body: usize,
    }
}

impl<F, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<Bytes>, E>>,
    E: From<Error>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let response = ready!(this.inner.poll(cx))?;
        Poll::Ready(expanded(response, *this.max_body).map_err(E::from))
    }
}

impl<F> fmt::Debug for ResponseFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}

fn expanded(mut response: Response<Bytes>, max: usize) -> Result<Response<Bytes>, Error> {
    let coding = response.headers().get(CONTENT_ENCODING);
    let Some(coding) = coding.and_then(|coding| coding.to_str().ok()) else {
        return Ok(response);
    };
    // An answer to HEAD, a 204 or a 304 names the coding of a body that it does not have.
    if response.body().is_empty() {
        return Ok(response);
    }
    match expand(coding, response.body(), max) {
        None => return Ok(response),
        Some(Ok(body)) => *response.body_mut() = body,
        Some(Err(failure)) => return Err(failed(failure, &response, max)),
    }
    response.headers_mut().remove(CONTENT_ENCODING);
    response.headers_mut().remove(CONTENT_LENGTH);
    Ok(response)
}

/// The server has answered, so the call may have landed.
fn failed(failure: Failure, response: &Response<Bytes>, max: usize) -> Error {
    let error = match failure {
        Failure::TooLarge => Error::new(
            ErrorKind::BodyLimit,
            format!("the answer expands to more than {max} bytes"),
        ),
        Failure::Broken(source) => Error::new(
            ErrorKind::Decode,
            "the answer is not in the coding that it names",
        )
        .with_source(source),
    };
    error
        .with_status(response.status())
        .with_may_have_landed(true)
}
