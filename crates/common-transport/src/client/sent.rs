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
    content: Content,
    context: Option<Context>,
}

/// What is left to send.
enum Content {
    Nothing,
    /// May be empty; that is said in the head of the request then.
    Bytes(Bytes),
    Stream(Box<Outgoing>),
}

impl SentBody {
    pub(super) fn of(request: &mut Request<Bytes>) -> Self {
        Self {
            content: Content::of(request),
            context: Context::of(request).cloned(),
        }
    }

    fn mark_sent(&self) {
        if let Some(context) = &self.context {
            context.mark_sent();
        }
    }
}

impl Content {
    fn of(request: &mut Request<Bytes>) -> Self {
        if let Some(stream) = Outgoing::of(request) {
            return Self::Stream(Box::new(stream));
        }
        let bytes = mem::take(request.body_mut());
        // Some servers refuse a POST without a length, so an empty body is written out for those methods.
        let needs_length = matches!(
            *request.method(),
            Method::POST | Method::PUT | Method::PATCH
        );
        if bytes.is_empty() && !needs_length {
            return Self::Nothing;
        }
        Self::Bytes(bytes)
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
        match &mut self.content {
            Content::Nothing => Poll::Ready(None),
            Content::Stream(stream) => Pin::new(&mut **stream).poll_frame(cx),
            Content::Bytes(bytes) => {
                let bytes = mem::take(bytes);
                self.content = Content::Nothing;
                Poll::Ready((!bytes.is_empty()).then(|| Ok(Frame::data(bytes))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.mark_sent();
        match &self.content {
            Content::Nothing => true,
            Content::Bytes(_) => false,
            Content::Stream(stream) => stream.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        self.mark_sent();
        match &self.content {
            Content::Nothing => SizeHint::with_exact(0),
            Content::Bytes(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Content::Stream(stream) => stream.size_hint(),
        }
    }
}
