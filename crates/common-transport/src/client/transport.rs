//! The bottom of the stack: the pool, or what stands in its place.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{Request, Response};
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use pin_project_lite::pin_project;
use tower_service::Service;

use super::{Pool, download::Live, foreign::Foreign, pool};
use crate::{
    BoxError, Error,
    body::{Run, run_of},
};

#[derive(Clone)]
pub(super) enum Transport {
    Pool(Pool),
    Foreign(Foreign),
}

impl Service<Request<Bytes>> for Transport {
    type Response = Response<Answer>;
    type Error = Error;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Bytes>) -> ResponseFuture {
        match self {
            Self::Pool(pool) => ResponseFuture::Pool {
                live: Live::asked_for(&request),
                upload: run_of(&request).map(Abandon),
                future: pool.call(request),
            },
            Self::Foreign(foreign) => ResponseFuture::Foreign {
                future: foreign.call(request),
            },
        }
    }
}

pin_project! {
    #[project = ResponseProj]
    pub(super) enum ResponseFuture {
        Pool {
            #[pin] future: pool::ResponseFuture,
            upload: Option<Abandon>,
            live: Option<Live>,
        },
        Foreign { future: Pin<Box<dyn Future<Output = Result<Response<Bytes>, Error>> + Send>> },
    }
}

impl Future for ResponseFuture {
    type Output = Result<Response<Answer>, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            ResponseProj::Pool {
                future,
                upload,
                live,
            } => {
                let response = ready!(future.poll(cx))?;
                let response = response.map(|body| Answer::Incoming {
                    body,
                    _upload: upload.take(),
                });
                Poll::Ready(Ok(match live.take() {
                    Some(live) => live.keep(response),
                    None => response,
                }))
            }
            ResponseProj::Foreign { future } => future
                .as_mut()
                .poll(cx)
                .map_ok(|response| response.map(|body| Answer::Whole { body: Some(body) })),
        }
    }
}

pin_project! {
    /// The body of an answer.
    #[project = AnswerProj]
    pub(super) enum Answer {
        // A streamed request ends with its answer.
        Incoming { #[pin] body: Incoming, _upload: Option<Abandon> },
        Whole { body: Option<Bytes> },
    }
}

impl Body for Answer {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match self.project() {
            AnswerProj::Incoming { body, .. } => body
                .poll_frame(cx)
                .map(|frame| Some(frame?.map_err(BoxError::from))),
            AnswerProj::Whole { body } => {
                Poll::Ready(body.take().map(|bytes| Ok(Frame::data(bytes))))
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Incoming { body, .. } => body.size_hint(),
            Self::Whole { body } => {
                SizeHint::with_exact(body.as_ref().map_or(0, Bytes::len) as u64)
            }
        }
    }
}

/// Ends the sending of a streamed request when it is dropped: with its answer, or with a call that is given up.
/// A connection would go on with it otherwise, for as long as the server reads.
pub(super) struct Abandon(Arc<Run>);

impl Drop for Abandon {
    fn drop(&mut self) {
        self.0.begin();
    }
}
