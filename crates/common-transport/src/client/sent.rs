//! A request body that tells when its request is put on the wire.

use std::{
    mem,
    pin::Pin,
    task::{self, Poll},
};

use bytes::Bytes;
use http::{Method, Request};
use http_body::{Body, Frame, SizeHint};

use crate::{
    Context,
    body::{BodyFailure, Outgoing},
};

/// The body of a request: its bytes, or the stream that is attached to it.
///
/// hyper asks a body whether it is at its end right before it writes the head of the request, and at no
/// earlier time. That question marks the attempt as sent: whatever fails before it provably did not reach
/// the server, whatever the pool's error says.
pub(super) struct SentBody {
    data: Bytes,
    ended: bool,
    stream: Option<Box<Outgoing>>,
    context: Option<Context>,
}

impl SentBody {
    pub(super) fn of(request: &mut Request<Bytes>) -> Self {
        let data = mem::take(request.body_mut());
        // Some servers refuse a POST without a length, so an empty body is written out for those methods.
        let needs_length = matches!(
            *request.method(),
            Method::POST | Method::PUT | Method::PATCH
        );
        Self {
            ended: data.is_empty() && !needs_length,
            data,
            stream: Outgoing::of(request).map(Box::new),
            context: Context::of(request).cloned(),
        }
    }

    fn mark_sent(&self) {
        if let Some(context) = &self.context {
            context.mark_sent();
        }
    }
}

impl Body for SentBody {
    type Data = Bytes;
    type Error = BodyFailure;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut task::Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyFailure>>> {
        self.mark_sent();
        if let Some(stream) = &mut self.stream {
            return Pin::new(&mut **stream).poll_frame(cx);
        }
        self.ended = true;
        let data = mem::take(&mut self.data);
        Poll::Ready((!data.is_empty()).then(|| Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        self.mark_sent();
        match &self.stream {
            Some(stream) => stream.is_end_stream(),
            None => self.ended,
        }
    }

    fn size_hint(&self) -> SizeHint {
        self.mark_sent();
        match &self.stream {
            Some(stream) => stream.size_hint(),
            None => SizeHint::with_exact(self.data.len() as u64),
        }
    }
}
