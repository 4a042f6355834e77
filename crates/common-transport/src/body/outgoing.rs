//! The body of one attempt while it is sent.

use std::{
    fmt, mem,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::Request;
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::{
    failure::BodyFailure,
    pieces::BoxPieces,
    run::Run,
    slot::Slot,
    source::{Attached, Body, Source, attached},
};

/// The body of one attempt, made by [`Body::open`].
///
/// It ends with an error when the stream fails, when the stream is shorter or longer than declared, and when its
/// attempt is over.
pub struct Outgoing {
    from: From,
    /// Number of bytes to come, if known.
    left: Option<u64>,
    ended: bool,
    /// The last piece, held back until the stream has ended.
    last: Option<Bytes>,
    run: Arc<Run>,
    attempt: u64,
}

impl Body {
    /// Opens the body for one attempt of a transport.
    pub fn open(&self) -> Outgoing {
        Outgoing::new(self, Arc::default())
    }
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
            last: None,
            attempt: run.begin(),
            run,
        }
    }

    /// Opens the stream that is attached to a request, for the attempt that begins now.
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
            From::Shared(slot) => return Slot::poll_piece(slot, &self.run, self.attempt, cx),
        };
        Poll::Ready(piece.map(|piece| piece.map_err(BodyFailure::caused)))
    }

    /// Polls the next piece and counts it. The piece that is the last one by its length waits for the end of the
    /// stream, so that a stream that is too long never looks complete to the server.
    fn poll_counted(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, BodyFailure>>> {
        loop {
            let Some(piece) = ready!(self.poll_piece(cx)).transpose()? else {
                return Poll::Ready(self.end().transpose());
            };
            self.count(&piece)?;
            if self.left != Some(0) {
                return Poll::Ready(Some(Ok(piece)));
            }
            // Only empty pieces may follow.
            self.last.get_or_insert(piece);
        }
    }

    fn count(&mut self, piece: &Bytes) -> Result<(), BodyFailure> {
        if let Some(left) = &mut self.left {
            *left = left
                .checked_sub(piece.len() as u64)
                .ok_or_else(|| BodyFailure::new("it is longer than was said"))?;
        }
        Ok(())
    }

    fn end(&mut self) -> Result<Option<Bytes>, BodyFailure> {
        self.ended = true;
        match self.left {
            Some(1..) => Err(BodyFailure::new("it is shorter than was said")),
            _ => Ok(self.last.take()),
        }
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
        let result = ready!(self.poll_counted(cx));
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
        let last = self.last.as_ref().map_or(0, Bytes::len) as u64;
        let exact = |left| SizeHint::with_exact(left + last);
        self.left.map_or_else(SizeHint::new, exact)
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
