//! The network below the recorder: what came is kept as it came, beside the expanded answer that is recorded.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, OnceLock},
    task::{self, Poll},
};

use bytes::Bytes;
use common_transport::{Context, Error, Pool, client::PoolFuture, verdict::End};
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use tower_service::Service;

/// Longest body of an answer.
const LONGEST: usize = 64 << 20;

/// The headers of a request as its client sent them: the layers above may have added some.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    pub(super) headers: HeaderMap,
    /// Whether the service may have processed the request, if no answer came. The client cannot tell: it takes each
    /// service in place of its pool for one that has sent.
    pub(super) has_landed: Arc<OnceLock<bool>>,
}

/// Headers and body of an answer as they came.
#[derive(Debug, Clone)]
pub(super) struct Came {
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// Sends requests with their own headers, and attaches what [`Came`].
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
            if let (Err(error), Some(sent)) = (&answer, sent) {
                // It is set once.
                let _ = sent.has_landed.set(error.may_have_landed());
            }
            answer
        })
    }
}

/// The answer with its body, and as it came.
async fn whole(answer: PoolFuture) -> Result<Response<Bytes>, Error> {
    let (parts, body) = answer.await?.into_parts();
    let body = Limited::new(body, LONGEST).collect().await;
    let body = body.map_err(|error| broken(&*error))?.to_bytes();
    let came = Came {
        headers: parts.headers.clone(),
        body: body.clone(),
    };
    let mut response = Response::from_parts(parts, body);
    response.extensions_mut().insert(came);
    Ok(response)
}

/// The error of an answer that is not read to its end. The service has answered, so the call may have had its effect.
fn broken(error: &(dyn std::error::Error + 'static)) -> Error {
    match error.is::<LengthLimitError>() {
        true => Error::ended(End::TooLarge, "the answer is longer than 64 MiB"),
        false => Error::ended(End::CutOff, "the answer broke off"),
    }
}
