//! The bottom of the stack: the pool, or a service in its place.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{Request, Response};
use pin_project_lite::pin_project;
use tower_service::Service;

use super::{
    Pool,
    answer::{Abandon, Answer},
    download::Live,
    foreign::Foreign,
    pool,
};
use crate::{Error, body::run_of};

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
            #[pin] future: pool::PoolFuture,
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
                let response = response.map(|body| Answer::Pool {
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
