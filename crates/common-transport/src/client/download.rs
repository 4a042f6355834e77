//! A response body as a stream of chunks.

use std::{
    fmt,
    future::poll_fn,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
};

use bytes::{Bytes, BytesMut};
use http::{HeaderValue, Request, Response, StatusCode};
use http_body::{Body, Frame, SizeHint};
use tokio::time::Instant;

use super::{answer::Answer, request_ids::ClientRequestId};
use crate::{Attempts, Error, Metadata, attempt::AttemptLayer, body::Bounded, request_id};

/// The response body that [`Client::download`](super::Client::download) returns. It is read from the connection as fast
/// as its reader takes it, and never held as a whole.
///
/// The client's `max_body`, `idle_timeout` and `total_timeout` limit its size, its pauses and its end. The time of a
/// slow reader counts against `total_timeout` alone. Dropping it before the end closes the connection. It implements
/// [`Body`].
pub struct DownloadBody {
    /// Boxed for its timer, which must not move, so that the download itself can move.
    body: Pin<Box<Bounded<Answer>>>,
    status: StatusCode,
    attempts: u32,
    request_id: Option<HeaderValue>,
    own_id: Option<HeaderValue>,
    metadata: &'static Metadata,
}

impl DownloadBody {
    pub(super) fn of(
        mut response: Response<Bytes>,
        metadata: &'static Metadata,
        bounds: &AttemptLayer,
    ) -> Response<Self> {
        let (status, attempts) = (response.status(), Attempts::of(&response).0);
        let request_id = request_id::value(response.headers()).cloned();
        let own_id = ClientRequestId::of(&response).map(|id| id.value().clone());
        let live = response.extensions_mut().remove::<Kept>();
        response.map(|whole| {
            let deadline = live.as_ref().and_then(|live| live.deadline);
            let body = live
                .and_then(Kept::take)
                .unwrap_or(Answer::Whole { body: Some(whole) });
            let mut body = bounds.bound(body);
            if let Some(deadline) = deadline {
                body = body.deadline(deadline);
            }
            Self {
                body: Box::pin(body),
                status,
                attempts,
                request_id,
                own_id,
                metadata,
            }
        })
    }

    /// Returns the next chunk; `None` at the end.
    ///
    /// # Errors
    /// A timeout, a size over the limit, or a broken connection. The stream ends after an error.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            let frame = poll_fn(|cx| Pin::new(&mut *self).poll_frame(cx)).await;
            let Some(frame) = frame.transpose()? else {
                return Ok(None);
            };
            if let Ok(data) = frame.into_data() {
                return Ok(Some(data));
            }
        }
    }

    /// The total length in bytes, when the server sent it.
    pub fn length(&self) -> Option<u64> {
        let left = self.body.size_hint().exact()?;
        Some(left + self.body.read())
    }

    /// Reads the whole body, for an operation to decode.
    ///
    /// # Errors
    /// The errors of [`chunk`](Self::chunk).
    pub async fn whole(response: Response<Self>) -> Result<Response<Bytes>, Error> {
        let (parts, mut body) = response.into_parts();
        let first = body.chunk().await?.unwrap_or_default();
        let Some(second) = body.chunk().await? else {
            return Ok(Response::from_parts(parts, first));
        };
        let mut whole = BytesMut::from(first);
        whole.extend_from_slice(&second);
        while let Some(piece) = body.chunk().await? {
            whole.extend_from_slice(&piece);
        }
        Ok(Response::from_parts(parts, whole.freeze()))
    }

    fn told(&self, error: Error) -> Error {
        error
            .with_operation(self.metadata)
            .with_status(self.status)
            .with_attempts(self.attempts)
            .with_id_in(self.request_id.as_ref())
            .with_client_id_in(self.own_id.as_ref())
    }
}

impl Body for DownloadBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let this = &mut *self;
        let piece = ready!(this.body.as_mut().poll_frame(cx));
        Poll::Ready(piece.map(|piece| piece.map_err(|error| this.told(error))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl fmt::Debug for DownloadBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DownloadBody")
            .field("operation", &self.metadata.name)
            .field("status", &self.status)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}

/// Extension of a request whose response body is to be returned as a stream.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piecewise;

/// Takes the body out of a successful response before the layers read it. They see an empty body.
pub(super) struct Live {
    deadline: Option<Instant>,
}

impl Live {
    pub(super) fn asked_for<B>(request: &Request<B>) -> Option<Self> {
        request.extensions().get::<Piecewise>()?;
        let context = crate::Context::of(request);
        Some(Self {
            deadline: context.and_then(crate::Context::deadline),
        })
    }

    /// Moves the body of a success into the extensions of the response. Other bodies stay, since retry and operation
    /// read them.
    pub(super) fn keep(self, response: Response<Answer>) -> Response<Answer> {
        if !response.status().is_success() {
            return response;
        }
        let (mut parts, body) = response.into_parts();
        parts.extensions.insert(Kept {
            body: Arc::new(Mutex::new(Some(body))),
            deadline: self.deadline,
        });
        Response::from_parts(parts, Answer::Whole { body: None })
    }
}

/// The body, as an extension that passes the layers.
#[derive(Clone)]
struct Kept {
    body: Arc<Mutex<Option<Answer>>>,
    deadline: Option<Instant>,
}

impl Kept {
    fn take(self) -> Option<Answer> {
        let mut body = self.body.lock().unwrap_or_else(PoisonError::into_inner);
        body.take()
    }
}
