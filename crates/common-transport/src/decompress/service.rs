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

use super::{
    coding::{ACCEPTED, decoder},
    expansion::{Expansion, Failure},
};
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
            state: State::Waiting {
                inner: self.inner.call(request),
            },
            max_body: self.max_body,
        }
    }
}

pin_project! {
    /// The future of [`Decompress`].
    #[must_use = "futures do nothing unless polled"]
    pub struct ResponseFuture<F> {
        #[pin]
        state: State<F>,
        max_body: usize,
    }
}

pin_project! {
    #[project = StateProj]
    enum State<F> {
        // For the answer.
        Waiting { #[pin] inner: F },
        // Boxed, since few answers are compressed, and the futures of all are as large.
        Expanding { answer: Option<Box<Expanding>> },
    }
}

enum Answer {
    Plain(Response<Bytes>),
    Compressed(Box<Expanding>),
}

struct Expanding {
    response: Response<Bytes>,
    body: Expansion,
}

impl Answer {
    fn of(response: Response<Bytes>, max: usize) -> Result<Self, Error> {
        let coding = coding_of(&response);
        match coding.and_then(|coding| decoder(coding, response.body())) {
            None => Ok(Self::Plain(response)),
            Some(Err(error)) => Err(failed(Failure::Broken(error), &response, max)),
            Some(Ok(decoder)) => {
                let body = Expansion::new(decoder, max);
                Ok(Self::Compressed(Box::new(Expanding { response, body })))
            }
        }
    }
}

impl<F, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<Bytes>, E>>,
    E: From<Error>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        let max = *this.max_body;
        loop {
            match this.state.as_mut().project() {
                StateProj::Waiting { inner } => {
                    let response = ready!(inner.poll(cx))?;
                    match Answer::of(response, max)? {
                        Answer::Plain(response) => return Poll::Ready(Ok(response)),
                        Answer::Compressed(answer) => this.state.set(State::Expanding {
                            answer: Some(answer),
                        }),
                    }
                }
                StateProj::Expanding { answer } => {
                    let expanding = answer.as_mut().expect(POLLED);
                    let expanded = ready!(expanding.body.poll(cx));
                    let response = answer.take().expect(POLLED).response;
                    return Poll::Ready(finished(response, expanded, max).map_err(E::from));
                }
            }
        }
    }
}

const POLLED: &str = "polled after it was ready";

impl<F> fmt::Debug for ResponseFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}

/// What the body of an answer is compressed with. An answer to HEAD, a 204 or a 304 names the coding of a body
/// that it does not have.
fn coding_of(response: &Response<Bytes>) -> Option<&str> {
    let coding = response.headers().get(CONTENT_ENCODING)?;
    coding.to_str().ok().filter(|_| !response.body().is_empty())
}

fn finished(
    mut response: Response<Bytes>,
    expanded: Result<Bytes, Failure>,
    max: usize,
) -> Result<Response<Bytes>, Error> {
    *response.body_mut() = expanded.map_err(|failure| failed(failure, &response, max))?;
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
