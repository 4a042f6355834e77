//! The network below the recorder: what came is kept as it came, beside the expanded answer that is recorded.

use std::{
    future::Future,
    pin::Pin,
    task::{self, Poll},
};

use bytes::Bytes;
use common_transport::{Context, Error, Pool, verdict::End};
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use tower_service::Service;

/// Longest body of an answer.
const LONGEST: usize = 64 << 20;

/// The headers of a request as its client sent them: the layers above may have added some.
#[derive(Debug, Clone)]
pub(super) struct Sent(pub(super) HeaderMap);

/// Headers and body of an answer as they came.
#[derive(Debug, Clone)]
pub(super) struct Came {
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// Sends requests with their own headers, and attaches what [`Came`].
#[derive(Debug, Clone)]
pub(super) struct Raw {
    pool: Pool,
}

impl Raw {
    pub(super) fn new(pool: Pool) -> Self {
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
        if let Some(Sent(headers)) = request.extensions_mut().remove::<Sent>() {
            *request.headers_mut() = headers;
        }
        if let Some(context) = Context::of(&request) {
            // The client takes any service in place of its pool for one that has sent; this pool reports it itself.
            context.mark_unsent();
        }
        let answer = self.pool.call(request);
        Box::pin(async move {
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
        })
    }
}

/// The error of an answer that is not read to its end. The service has answered, so the call may have had its effect.
fn broken(error: &(dyn std::error::Error + 'static)) -> Error {
    match error.is::<LengthLimitError>() {
        true => Error::ended(End::TooLarge, "the answer is longer than 64 MiB"),
        false => Error::ended(End::CutOff, "the answer broke off"),
    }
}
