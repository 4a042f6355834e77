//! A request body that reports when its request is put on the wire.

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
    limit::{PermitOutcome, Reporter},
};

/// The body of a request: its bytes, or the stream that is attached to it.
///
/// hyper asks a body whether it is at its end right before it writes the head of the request, and at no earlier time;
/// over HTTP/2, before it queues the request for a stream. That question marks the attempt as sent. A request that
/// fails before it provably did not reach the server, regardless of the pool's error. Until hyper asks or drops the
/// body, the context counts the request as held: a connection may have it in its queue and send it, even after the
/// caller has stopped waiting.
///
/// The limiter is told a little later, when hyper asks for the first chunk, or drops the body because it is at its end.
/// Over HTTP/1 that is still before the head is flushed. Over HTTP/2 it is when the stream is open: a request that
/// waits for a stream keeps its place until then.
pub(super) struct SentBody {
    content: Content,
    /// `None` once the attempt is marked.
    context: Cell<Option<Context>>,
    /// Tells the limiter; `None` afterwards.
    reporter: Cell<Option<Reporter>>,
}

/// The part of the body that is left to send.
enum Content {
    Nothing,
    /// May be empty; the head of the request has a length of zero then.
    Bytes(Bytes),
    Stream(Box<Outgoing>),
}

impl SentBody {
    pub(super) fn of(request: &mut Request<Bytes>) -> Self {
        let context = Context::of(request).cloned();
        let reporter = context.as_ref().and_then(Context::hold);
        Self {
            content: Content::of(request),
            context: Cell::new(context),
            reporter: Cell::new(reporter),
        }
    }

    fn mark_sent(&self) {
        // Once: the next attempt may run already when the rest of a stream is asked for.
        if let Some(context) = self.context.take() {
            context.mark_on_wire();
            context.let_go();
        }
    }

    fn tell_limiter(&self, tell: impl FnOnce(&Reporter)) {
        if let Some(reporter) = self.reporter.take() {
            tell(&reporter);
        }
    }
}

impl Drop for SentBody {
    fn drop(&mut self) {
        match self.context.take() {
            None => self.tell_limiter(Reporter::sent),
            Some(context) => {
                self.tell_limiter(|reporter| reporter.end(PermitOutcome::Unsent));
                context.let_go();
            }
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
        self.tell_limiter(Reporter::sent);
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
    use std::sync::{Arc, Mutex};

    use tokio::time::Instant;

    use super::*;
    use crate::limit::{Feedback, Permit};

    /// Keeps what it hears.
    #[derive(Default)]
    struct Ear(Mutex<Vec<&'static str>>);

    impl Feedback for Ear {
        fn held(&self, _: u64) {
            self.0.lock().unwrap().push("held");
        }

        fn sent(&self, _: u64) {
            self.0.lock().unwrap().push("sent");
        }

        fn end(&self, _: u64, outcome: PermitOutcome) {
            self.0.lock().unwrap().push(match outcome {
                PermitOutcome::Unsent => "unsent",
                _ => "ended",
            });
        }
    }

    /// A body under a permit, whom its limiter tells, and the permit.
    fn limited(body: &'static str, marks: impl FnOnce(&Context)) -> (SentBody, Arc<Ear>, Permit) {
        let ear = Arc::new(Ear::default());
        let permit = Permit::new(ear.clone(), 1);
        let context = Context::new(None, Instant::now(), None);
        context.let_through(permit.reporter());
        marks(&context);
        let mut request = Request::new(Bytes::from(body));
        request.extensions_mut().insert(context);
        (SentBody::of(&mut request), ear, permit)
    }

    #[test]
    fn h5_the_limiter_hears_of_the_body_that_is_asked_for_or_gone() {
        type Act = fn(SentBody);
        let cx = &mut task::Context::from_waker(task::Waker::noop());
        let cases: [(&str, Act, &[&str]); 4] = [
            ("", |body| assert!(body.is_end_stream()), &["held", "sent"]),
            (
                "text",
                |body| assert!(!body.is_end_stream()),
                &["held", "sent"],
            ),
            ("", drop, &["held", "unsent"]),
            ("text", drop, &["held", "unsent"]),
        ];
        for (text, act, heard) in cases {
            let (body, ear, permit) = limited(text, |_| {});
            act(body);
            assert_eq!(*ear.0.lock().unwrap(), heard, "{text}");
            drop(permit);
        }
        // The head is written, or waits for a stream, and then the first piece is asked for.
        let (mut body, ear, permit) = limited("text", |_| {});
        assert!(!body.is_end_stream());
        assert_eq!(*ear.0.lock().unwrap(), ["held"]);
        assert!(Pin::new(&mut body).poll_frame(cx).is_ready());
        drop(body);
        assert_eq!(*ear.0.lock().unwrap(), ["held", "sent"]);
        drop(permit);
    }

    #[test]
    fn h5_a_request_that_a_layer_held_before_is_held_once() {
        let (body, ear, permit) = limited("", Context::mark_unsent);
        assert!(body.is_end_stream());
        drop(body);
        drop(permit);
        assert_eq!(*ear.0.lock().unwrap(), ["held", "sent", "ended"]);
    }

    #[test]
    fn h5_a_body_in_a_queue_outlives_its_permit() {
        let (body, ear, permit) = limited("", |_| {});
        drop(permit);
        drop(body);
        assert_eq!(*ear.0.lock().unwrap(), ["held", "ended", "unsent"]);
    }

    fn held() -> (Context, SentBody) {
        let context = Context::new(None, Instant::now(), None);
        context.mark_off_wire();
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
