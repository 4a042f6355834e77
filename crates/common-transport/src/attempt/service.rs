//! The service and its future; see the [module](super).

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{self, Poll, ready},
};

use bytes::Bytes;
use http::{Request, Response, response::Parts};
use http_body::Body;
use pin_project_lite::pin_project;
use tokio::time::Instant;
use tower_service::Service;

use super::{
    AttemptLayer,
    clock::Clock,
    collect::{Collected, Progress},
};
use crate::{
    BoxError, Context, Error,
    body::{Run, run_of},
    request_id,
    verdict::End,
};

/// A service that limits each attempt; see the [module](super).
#[derive(Debug, Clone)]
pub struct Attempt<S> {
    inner: S,
    bounds: AttemptLayer,
}

impl<S> Attempt<S> {
    /// Wraps `inner`.
    pub const fn new(inner: S, bounds: AttemptLayer) -> Self {
        Self { inner, bounds }
    }
}

impl<S, B, R> Service<Request<B>> for Attempt<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Error: Into<BoxError>,
    R: Body,
    R::Error: Into<BoxError>,
{
    type Response = Response<Bytes>;
    type Error = Error;
    type Future = ResponseFuture<S::Future, R>;

    fn poll_ready(&mut self, cx: &mut task::Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(cx).map_err(Error::from_foreign)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let now = Instant::now();
        let context = Context::of(&request).cloned();
        let upload = run_of(&request);
        if let Some(upload) = &upload {
            upload.begin();
        }
        let deadline = context.as_ref().and_then(Context::deadline);
        ResponseFuture {
            state: State::Head {
                inner: self.inner.call(request),
            },
            clock: Clock::new(&self.bounds, now, deadline),
            max_body: self.bounds.max_body,
            context,
            upload,
        }
    }
}

pin_project! {
    /// The future of [`Attempt`].
    #[must_use = "futures do nothing unless polled"]
    pub struct ResponseFuture<F, R> {
        #[pin]
        state: State<F, R>,
        #[pin]
        clock: Clock,
        max_body: usize,
        context: Option<Context>,
        upload: Option<Arc<Run>>,
    }
}

pin_project! {
    #[project = StateProj]
    enum State<F, R> {
        // Connecting, sending, waiting for the head.
        Head { #[pin] inner: F },
        // Reading the body.
        Body { #[pin] body: R, parts: Option<Parts>, collected: Collected },
        // Ended by a clock.
        Over,
    }
}

/// The phase of an attempt.
#[derive(Clone, Copy, PartialEq)]
enum Phase {
    /// The rest of a streamed request is being sent.
    Sending,
    Head,
    Answer,
}

impl<F, R, E> Future for ResponseFuture<F, R>
where
    F: Future<Output = Result<Response<R>, E>>,
    E: Into<BoxError>,
    R: Body,
    R::Error: Into<BoxError>,
{
    type Output = Result<Response<Bytes>, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        // The peer is polled before the clock: an answer that is there is never late.
        if let Poll::Ready(result) =
            poll_answer(this.state.as_mut(), this.clock.as_mut(), *this.max_body, cx)
        {
            return Poll::Ready(result);
        }
        let in_body = matches!(this.state.as_mut().project(), StateProj::Body { .. });
        let upload = this.upload.as_deref();
        if let Some(upload) = upload {
            this.clock.as_mut().follow(upload, in_body, cx);
        }
        ready!(this.clock.as_mut().poll_passed(cx));
        let phase = match upload {
            _ if in_body => Phase::Answer,
            Some(upload) if upload.is_sending() => Phase::Sending,
            _ => Phase::Head,
        };
        // Dropped now, since it could otherwise be sent after it was reported as unsent.
        this.state.set(State::Over);
        Poll::Ready(Err(passed(&this.clock, phase, this.context.as_ref())))
    }
}

/// Pieces that are read before the clocks are checked and other tasks get their turn: a body may always have another
/// piece ready.
const AT_ONCE: usize = 16;

/// Polls the answer as far as possible.
fn poll_answer<F, R, E>(
    mut state: Pin<&mut State<F, R>>,
    mut clock: Pin<&mut Clock>,
    max_body: usize,
    cx: &mut task::Context<'_>,
) -> Poll<Result<Response<Bytes>, Error>>
where
    F: Future<Output = Result<Response<R>, E>>,
    E: Into<BoxError>,
    R: Body,
    R::Error: Into<BoxError>,
{
    for _ in 0..AT_ONCE {
        match state.as_mut().project() {
            StateProj::Head { inner } => {
                let (parts, body) = ready!(inner.poll(cx))
                    .map_err(Error::from_foreign)?
                    .into_parts();
                clock.as_mut().heard();
                state.set(State::Body {
                    body,
                    parts: Some(parts),
                    collected: Collected::default(),
                });
            }
            StateProj::Over => panic!("polled after it was ready"),
            StateProj::Body {
                body,
                parts,
                collected,
            } => {
                let progress = ready!(collected.poll_piece(body, max_body, cx));
                clock.as_mut().heard();
                match progress {
                    Ok(Progress::Piece) => {}
                    Ok(Progress::Whole(whole)) => {
                        let parts = parts.take().expect("polled after it was ready");
                        return Poll::Ready(Ok(Response::from_parts(parts, whole)));
                    }
                    Err(error) => return Poll::Ready(Err(in_answer(error, parts.as_ref()))),
                }
            }
        }
    }
    cx.waker().wake_by_ref();
    Poll::Pending
}

/// Adds the server's status to a failure after the head.
fn in_answer(error: Error, parts: Option<&Parts>) -> Error {
    match parts {
        Some(parts) => {
            let id = request_id::value(&parts.headers);
            error.with_status(parts.status).with_id_in(id)
        }
        None => error,
    }
}

fn passed(clock: &Clock, phase: Phase, context: Option<&Context>) -> Error {
    let message = match phase {
        _ if clock.is_over() => "the attempt took too long",
        Phase::Sending => "the request's body got stuck",
        Phase::Head => "no answer began in time",
        Phase::Answer => "the answer fell silent",
    };
    let is_sent = phase == Phase::Answer || context.is_none_or(Context::is_sent);
    Error::ended(End::late(is_sent), message)
}

impl<F, R> fmt::Debug for ResponseFuture<F, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture")
            .field("end", &self.clock.end())
            .finish_non_exhaustive()
    }
}
