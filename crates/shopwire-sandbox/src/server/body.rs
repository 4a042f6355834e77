//! Answer bodies that can break off or stall halfway.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

/// A body with an announced length.
#[derive(Debug)]
pub(super) struct AnswerBody {
    announced: u64,
    data: Option<Bytes>,
    end: End,
}

/// The end of the body after its data.
#[derive(Debug, PartialEq, Eq)]
enum End {
    /// The body is complete.
    Whole,
    /// One pause, so that the written data is flushed; then the connection ends.
    Pause,
    Broken,
    /// No further data; the connection stays open.
    Stalled,
}

/// The error of a body that broke off on purpose.
#[derive(Debug)]
pub(super) struct BrokenOff;

impl fmt::Display for BrokenOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("body broken off by a fault")
    }
}

impl std::error::Error for BrokenOff {}

impl From<Infallible> for BrokenOff {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

impl AnswerBody {
    pub(super) fn whole(data: Bytes) -> Self {
        Self {
            announced: data.len() as u64,
            data: Some(data),
            end: End::Whole,
        }
    }

    /// Returns the announced length.
    pub(super) fn announced(&self) -> u64 {
        self.announced
    }

    /// Returns the bytes that will be sent.
    pub(super) fn data(&self) -> &[u8] {
        self.data.as_deref().unwrap_or_default()
    }

    /// Builds a body that announces all data, sends half and closes.
    pub(super) fn truncated(data: Bytes) -> Self {
        Self {
            announced: data.len() as u64,
            data: Some(data.slice(..data.len() / 2)),
            end: End::Pause,
        }
    }

    /// Builds a body that announces all data, sends half and stalls.
    pub(super) fn stalled(data: Bytes) -> Self {
        Self {
            announced: data.len() as u64,
            data: Some(data.slice(..data.len() / 2)),
            end: End::Stalled,
        }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = BrokenOff;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BrokenOff>>> {
        if let Some(data) = self.data.take().filter(|data| !data.is_empty()) {
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
        match self.end {
            End::Whole => Poll::Ready(None),
            End::Pause => {
                self.end = End::Broken;
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            End::Broken => Poll::Ready(Some(Err(BrokenOff))),
            End::Stalled => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.end == End::Whole && self.data.as_ref().is_none_or(Bytes::is_empty)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.announced)
    }
}
