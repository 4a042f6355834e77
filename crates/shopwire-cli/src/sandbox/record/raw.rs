//! The network below the recorder: an answer is kept as it came, beside the expanded one that is recorded.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, OnceLock},
    task::{self, Poll},
};

use bytes::Bytes;
use common_transport::{Context, Error, Pool, client::PoolFuture, verdict::End};
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use tower_service::Service;

/// Longest body of an answer.
const LONGEST: usize = 64 << 20;

/// A request as its client sent it, and what became of it. The layers above may add headers, and the expanded answer may
/// be one that they cannot read.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    headers: HeaderMap,
    came: Arc<OnceLock<Came>>,
    /// Whether the service may have processed the request, if no answer came. The client cannot tell: it takes each
    /// service in place of its pool for one that has sent.
    has_landed: Arc<OnceLock<bool>>,
}

impl Sent {
    pub(super) fn new(headers: HeaderMap) -> Self {
        Self {
            headers,
            came: Arc::default(),
            has_landed: Arc::default(),
        }
    }

    /// The answer, if one came whole.
    pub(super) fn came(&self) -> Option<&Came> {
        self.came.get()
    }

    pub(super) fn has_landed(&self) -> Option<bool> {
        self.has_landed.get().copied()
    }

    /// It is called once.
    fn end(&self, answer: Result<&Response<Bytes>, &Error>) {
        let _ = match answer {
            Ok(response) => self
                .came
                .set(Came {
                    status: response.status(),
                    headers: response.headers().clone(),
                    body: response.body().clone(),
                })
                .is_ok(),
            Err(error) => self.has_landed.set(error.may_have_landed()).is_ok(),
        };
    }
}

/// An answer as it came.
#[derive(Debug)]
pub(super) struct Came {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// Sends requests with their own headers, and keeps the answers as they came in [`Sent`].
#[derive(Debug, Clone)]
pub(in super::super) struct Raw {
    pool: Pool,
}

impl Raw {
    pub(in super::super) fn new(pool: Pool) -> Self {
        Self { pool }
    }
}

impl Service<Request<Bytes>> for Raw {
    type Response = Response<Bytes>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Bytes>, Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut task::Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<Bytes>) -> Self::Future {
        let sent = request.extensions_mut().remove::<Sent>();
        if let Some(sent) = &sent {
            *request.headers_mut() = sent.headers.clone();
        }
        // It says that the request was sent; without it the pool tells only what it knows itself.
        request.extensions_mut().remove::<Context>();
        let answer = self.pool.call(request);
        Box::pin(async move {
            let answer = whole(answer).await;
            if let Some(sent) = sent {
                sent.end(answer.as_ref());
            }
            answer
        })
    }
}

/// The answer with its body.
async fn whole(answer: PoolFuture) -> Result<Response<Bytes>, Error> {
    let (parts, body) = answer.await?.into_parts();
    let body = Limited::new(body, LONGEST).collect().await;
    let body = body.map_err(|error| broken(&*error))?.to_bytes();
    Ok(Response::from_parts(parts, body))
}

/// The error of an answer that is not read to its end. The service has answered, so the call may have had its effect.
fn broken(error: &(dyn std::error::Error + 'static)) -> Error {
    match error.is::<LengthLimitError>() {
        true => Error::ended(End::TooLarge, "the answer is longer than 64 MiB"),
        false => Error::ended(End::CutOff, "the answer broke off"),
    }
}
