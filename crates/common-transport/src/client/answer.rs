//! The body of a response, from the pool or from a service in its place.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::PoolBody;
use crate::{BoxError, body::Run};

pin_project! {
    /// The body of a response.
    #[project = AnswerProj]
    pub(super) enum Answer {
        // The end of the response ends a streamed request.
        Pool { #[pin] body: PoolBody, _upload: Option<Abandon> },
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
            AnswerProj::Pool { body, .. } => body.poll_frame(cx),
            AnswerProj::Whole { body } => {
                Poll::Ready(body.take().map(|bytes| Ok(Frame::data(bytes))))
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Pool { body, .. } => body.size_hint(),
            Self::Whole { body } => {
                SizeHint::with_exact(body.as_ref().map_or(0, Bytes::len) as u64)
            }
        }
    }
}

/// Ends the sending of a streamed request when dropped: with the response, or with a cancelled call. Otherwise the
/// connection would go on sending for as long as the server reads.
pub(super) struct Abandon(pub(super) Arc<Run>);

impl Drop for Abandon {
    fn drop(&mut self) {
        self.0.begin();
    }
}
