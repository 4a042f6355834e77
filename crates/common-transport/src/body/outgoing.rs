//! The body of one attempt on its way out.

use std::{
    error::Error as StdError,
    fmt, mem,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::Request;
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::{
    pieces::BoxPieces,
    run::Run,
    source::{Attached, Body, Slot, Source, attached, lock},
};
use crate::BoxError;

/// The body of one attempt; [`Body::open`] makes one.
///
/// It ends with an error when the stream does, when the stream is shorter or longer than was said, and when
/// the attempt it belongs to is over.
pub struct Outgoing {
    from: From,
    /// What is still to come, where it is known.
    left: Option<u64>,
    ended: bool,
    run: Arc<Run>,
    attempt: u64,
}

enum From {
    Whole(Bytes),
    Own(BoxPieces),
    Shared(Arc<Mutex<Slot>>),
}

impl Outgoing {
    pub(super) fn new(body: &Body, run: Arc<Run>) -> Self {
        let (from, hint) = match &body.source {
            Source::Whole(bytes) => (From::Whole(bytes.clone()), body.length),
            Source::Once(slot) => (From::Shared(Arc::clone(slot)), body.length),
            Source::Restartable(make) => {
                let pieces = make();
                let hint = pieces.length();
                (From::Own(pieces), hint)
            }
        };
        Self {
            from,
            left: body.length.or(hint),
            ended: false,
            attempt: run.begin(),
            run,
        }
    }

    /// The stream that is attached to a request, for the attempt that begins now.
    pub fn of<B>(request: &Request<B>) -> Option<Self> {
        let Attached { body, run } = attached(request)?;
        Some(Self::new(body, Arc::clone(run)))
    }

    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, BodyFailure>>> {
        if !self.run.is_current(self.attempt, cx) {
            return Poll::Ready(Some(Err(BodyFailure::new("its call is over"))));
        }
        let piece = match &mut self.from {
            From::Whole(bytes) => (!bytes.is_empty()).then(|| Ok(mem::take(bytes))),
            From::Own(pieces) => ready!(pieces.as_mut().poll_piece(cx)),
            From::Shared(slot) => {
                let mut slot = lock(slot);
                match &slot.taken_by {
                    Some(run) if !Arc::ptr_eq(run, &self.run) => {
                        return Poll::Ready(Some(Err(BodyFailure::new("it was sent before"))));
                    }
                    _ => {}
                }
                let piece = ready!(slot.pieces.as_mut().poll_piece(cx));
                slot.taken_by = Some(Arc::clone(&self.run));
                piece
            }
        };
        Poll::Ready(piece.map(|piece| piece.map_err(BodyFailure::caused)))
    }

    /// Counts a piece.
    fn take(&mut self, piece: Bytes) -> Result<Bytes, BodyFailure> {
        if let Some(left) = &mut self.left {
            *left = left
                .checked_sub(piece.len() as u64)
                .ok_or_else(|| BodyFailure::new("it is longer than was said"))?;
            self.ended = *left == 0;
        }
        Ok(piece)
    }

    fn end(&mut self) -> Option<BodyFailure> {
        self.ended = true;
        let short = self.left.is_some_and(|left| left > 0);
        short.then(|| BodyFailure::new("it is shorter than was said"))
    }
}

impl HttpBody for Outgoing {
    type Data = Bytes;
    type Error = BodyFailure;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyFailure>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let result = match ready!(self.poll_piece(cx)) {
            None => self.end().map(Err),
            Some(piece) => Some(piece.and_then(|piece| self.take(piece))),
        };
        match result {
            Some(Ok(_)) if !self.ended => self.run.moved(self.attempt),
            _ => self.run.ended(self.attempt),
        }
        self.ended |= !matches!(result, Some(Ok(_)));
        Poll::Ready(result.map(|piece| piece.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.ended
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map_or_else(SizeHint::new, SizeHint::with_exact)
    }
}

impl Drop for Outgoing {
    fn drop(&mut self) {
        self.run.ended(self.attempt);
    }
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing")
            .field("left", &self.left)
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}

/// The body of a request could not be sent to its end, for a reason of its own.
#[derive(Debug)]
pub struct BodyFailure {
    reason: &'static str,
    source: Option<BoxError>,
}

impl BodyFailure {
    fn new(reason: &'static str) -> Self {
        Self {
            reason,
            source: None,
        }
    }

    fn caused(source: BoxError) -> Self {
        Self {
            reason: "its stream failed",
            source: Some(source),
        }
    }
}

impl fmt::Display for BodyFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the request's body was not sent: {}", self.reason)
    }
}

impl StdError for BodyFailure {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
