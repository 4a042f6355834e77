//! A body with limits, read piece by piece.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::{Buf, Bytes};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::{BoxError, Error, context::later, timer, verdict::End};

pin_project! {
    /// A body with limits on its size, its pauses and its total time while it is read; see the [module](super).
    ///
    /// A pause is counted from the moment at which a reader begins to wait for the next piece, so a slow reader does
    /// not exceed the limit. Giving up the wait does not stop the clock. An error ends the body, and drops the inner
    /// one. Limits that are not set do not apply. Trailers are skipped.
    pub struct Bounded<B> {
        #[pin]
        inner: Option<B>,
        #[pin]
        sleep: Option<Sleep>,
        read: u64,
        // After a failure the remaining length is unknown.
        failed: bool,
        max: u64,
        idle: Option<Duration>,
        deadline: Option<Instant>,
    }
}

impl<B> Bounded<B> {
    /// Wraps a body without limits.
    pub const fn new(body: B) -> Self {
        Self {
            inner: Some(body),
            sleep: None,
            read: 0,
            failed: false,
            max: u64::MAX,
            idle: None,
            deadline: None,
        }
    }

    /// Limits the size, in bytes.
    #[must_use]
    pub fn max(mut self, bytes: u64) -> Self {
        self.max = bytes;
        self
    }

    /// Limits each pause between pieces.
    #[must_use]
    pub fn idle_timeout(mut self, idle: Duration) -> Self {
        self.idle = Some(idle);
        self
    }

    /// Ends the body with an error at `deadline`, even if pieces keep coming.
    #[must_use]
    pub fn deadline(mut self, deadline: Instant) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Returns the number of bytes that were read.
    pub fn read(&self) -> u64 {
        self.read
    }
}

impl<B> Body for Bounded<B>
where
    B: Body,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let piece = ready!(self.as_mut().poll_piece(cx));
        if !matches!(piece, Some(Ok(_))) {
            let mut this = self.project();
            *this.failed = piece.is_some();
            this.inner.set(None);
        }
        Poll::Ready(piece.map(|piece| piece.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        match &self.inner {
            Some(inner) => inner.size_hint(),
            None if self.failed => SizeHint::new(),
            None => SizeHint::with_exact(0),
        }
    }
}

impl<B> Bounded<B>
where
    B: Body,
    B::Error: Into<BoxError>,
{
    fn poll_piece(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Error>>> {
        let mut this = self.project();
        loop {
            let Some(inner) = this.inner.as_mut().as_pin_mut() else {
                return Poll::Ready(None);
            };
            let Poll::Ready(piece) = poll_piece(inner, *this.read, *this.max, cx) else {
                break;
            };
            this.sleep.set(None);
            let Some(Ok(piece)) = piece else {
                return Poll::Ready(piece);
            };
            // If the body always has another piece, the timer below is never polled.
            if this.deadline.is_some_and(|end| Instant::now() >= end) {
                return Poll::Ready(Some(Err(passed(true))));
            }
            *this.read += piece.len() as u64;
            if !piece.is_empty() {
                return Poll::Ready(Some(Ok(piece)));
            }
        }
        let silent_at = this.idle.map(|idle| later(Instant::now(), idle));
        if this.sleep.is_none() {
            let first = [silent_at, *this.deadline].into_iter().flatten().min();
            this.sleep.set(first.map(sleep_until));
        }
        let Some(mut sleep) = this.sleep.as_pin_mut() else {
            return Poll::Pending;
        };
        ready!(timer::poll(sleep.as_mut(), cx));
        let by_deadline = *this.deadline == Some(sleep.deadline());
        Poll::Ready(Some(Err(passed(by_deadline))))
    }
}

impl<B> fmt::Debug for Bounded<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bounded")
            .field("read", &self.read)
            .field("max", &self.max)
            .field("idle_timeout", &self.idle)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

/// Polls the next frame of a body that has yielded `read` of at most `max` bytes. Trailers become an empty piece: no
/// reader of JSON or of a file needs them.
pub(crate) fn poll_piece<B>(
    body: Pin<&mut B>,
    read: u64,
    max: u64,
    cx: &mut Context<'_>,
) -> Poll<Option<Result<Bytes, Error>>>
where
    B: Body,
    B::Error: Into<BoxError>,
{
    let room = max.saturating_sub(read);
    if body.size_hint().lower() > room {
        return Poll::Ready(Some(Err(too_large(max))));
    }
    let piece = ready!(body.poll_frame(cx)).map(|frame| match frame.map(Frame::into_data) {
        Ok(Ok(data)) if data.remaining() as u64 > room => Err(too_large(max)),
        Ok(Ok(mut data)) => Ok(data.copy_to_bytes(data.remaining())),
        Ok(Err(_trailers)) => Ok(Bytes::new()),
        Err(source) => Err(broken(source.into())),
    });
    Poll::Ready(piece)
}

fn too_large(max: u64) -> Error {
    let message = format!("the answer is larger than {max} bytes");
    Error::ended(End::TooLarge, message)
}

fn broken(source: BoxError) -> Error {
    Error::ended(End::CutOff, "the answer broke off").with_source(source)
}

fn passed(by_deadline: bool) -> Error {
    let message = if by_deadline {
        "the call's deadline has passed"
    } else {
        "the answer fell silent"
    };
    Error::ended(End::Late, message)
}
