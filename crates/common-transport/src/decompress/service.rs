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
    header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING},
};
use pin_project_lite::pin_project;
use tower_service::Service;

use super::{
    coding::{ACCEPTED, Codings},
    expansion::{Expansion, Failure},
};
use crate::{Error, ErrorKind};

/// A service that expands compressed answers; see the [module](super).
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
        // Waits for the answer.
        Waiting { #[pin] inner: F },
        // Boxed, since few answers are compressed, and an unboxed state would enlarge all futures.
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
    /// The codings that remain after this one.
    codings: Codings,
}

impl Answer {
    fn of(response: Response<Bytes>, max: usize) -> Result<Self, Error> {
        // An answer to HEAD, a 204 or a 304 may name a coding without a body.
        if response.body().is_empty() {
            return Ok(Self::Plain(response));
        }
        let mut codings = Codings::of(response.headers());
        match codings.undo_last(response.body()) {
            Some(decoder) => Ok(Self::Compressed(Box::new(Expanding {
                body: Expansion::new(decoder, max),
                response,
                codings,
            }))),
            // A failure is classified by its status.
            None if codings.is_empty() || !response.status().is_success() => {
                Ok(Self::Plain(response))
            }
            None => Err(unread(&codings).with_status(response.status())),
        }
    }
}

/// Builds the error of an answer in a coding that this build cannot decode.
pub(crate) fn unread(codings: &Codings) -> Error {
    let what = format!("the answer came in the content coding `{codings}`, which is not read here");
    // The server has answered, so the call may have taken effect.
    Error::new(ErrorKind::Decode, what).with_may_have_landed(true)
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
                    let whole = *answer.take().expect(POLLED);
                    match whole.finish(expanded, max)? {
                        Answer::Plain(response) => return Poll::Ready(Ok(response)),
                        Answer::Compressed(next) => *answer = Some(next),
                    }
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

impl Expanding {
    /// Returns the answer without its last coding.
    ///
    /// A failure is classified by its status, so one whose body does not match its coding is passed on unchanged.
    fn finish(self, expanded: Result<Bytes, Failure>, max: usize) -> Result<Answer, Error> {
        let mut response = self.response;
        *response.body_mut() = match expanded {
            Ok(body) => body,
            Err(Failure::Broken(_)) if !response.status().is_success() => {
                return Ok(Answer::Plain(response));
            }
            Err(failure) => return Err(failed(failure, &response, max)),
        };
        let headers = response.headers_mut();
        headers.remove(CONTENT_LENGTH);
        headers.remove(CONTENT_ENCODING);
        headers.remove(TRANSFER_ENCODING);
        if !self.codings.is_empty() {
            let left = HeaderValue::from_str(&self.codings.to_string());
            headers.insert(
                CONTENT_ENCODING,
                left.expect("names shown in plain letters"),
            );
        }
        Answer::of(response, max)
    }
}

/// Builds the error of an expansion. The server has answered, so the call may have taken effect.
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
