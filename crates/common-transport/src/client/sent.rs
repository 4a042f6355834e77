//! A request body that tells when its request is put on the wire.

use std::{
    cell::Cell,
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
/// earlier time; over HTTP/2, before it queues the request for a stream. That question marks the attempt as
/// sent: whatever fails before it provably did not reach the server, whatever the pool's error says. Until it is
/// asked or the body is gone, the context counts the request as held: a connection may have it in its queue and
/// send it, although nobody waits for the answer any more.
pub(super) struct SentBody {
    content: Content,
    /// Until it has told.
    context: Cell<Option<Context>>,
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
        let context = Context::of(request).cloned();
        if let Some(context) = &context {
            context.hold();
        }
        Self {
            content: Content::of(request),
            context: Cell::new(context),
        }
    }

    fn mark_sent(&self) {
        // Once: the next attempt may run already when the rest of a stream is asked for.
        if let Some(context) = self.context.take() {
            context.mark_sent();
            context.let_go();
        }
    }
}

impl Drop for SentBody {
    fn drop(&mut self) {
        if let Some(context) = self.context.take() {
            context.let_go();
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

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    fn held() -> (Context, SentBody) {
        let context = Context::new(None, Instant::now(), None);
        context.mark_unsent();
        let mut request = Request::new(Bytes::new());
        request.extensions_mut().insert(context.clone());
        (context, SentBody::of(&mut request))
    }

    #[test]
    fn n91_what_is_held_may_be_sent_yet() {
        let (context, body) = held();
        assert!(context.may_have_landed());
        drop(body);
        assert!(!context.may_have_landed());
    }

    #[test]
    fn n91_a_body_marks_its_own_attempt_and_no_other() {
        let (context, body) = held();
        assert_eq!(body.size_hint().exact(), Some(0));
        assert!(context.may_have_landed());
        // The attempt has ended; a connection goes on with its body while the next one begins.
        context.end_attempt(false);
        assert!(body.is_end_stream());
        assert!(!context.may_have_landed());
    }
}
