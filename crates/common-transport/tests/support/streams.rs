//! Long bodies whose bytes are known and counted.
#![allow(dead_code, reason = "each test file uses a part")]

use std::{
    convert::Infallible,
    pin::Pin,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    task::{Context, Poll},
};

use bytes::Bytes;
use common_transport::{Body, Metadata, RetryPolicy};
use http::Request;
use http_body::{Frame, SizeHint};
use tokio::time::Duration;

const MIB: u64 = 1024 * 1024;
pub(crate) const SIZE: u64 = 64 * MIB;
pub(crate) const PIECE: u64 = 16 * 1024;
/// What may be on its way between two ends: the buffers of two sockets and of one connection.
pub(crate) const BOUND: u64 = 16 * MIB;

/// A part of the one long body that is sent here: the numbers below 251, over and over.
pub(crate) fn piece_at(place: u64, length: u64) -> Bytes {
    static PATTERN: LazyLock<Bytes> = LazyLock::new(|| (0..251).cycle().take(2 << 20).collect());
    let begin = (place % 251) as usize;
    PATTERN.slice(begin..begin + length as usize)
}

/// So many bytes in pieces, counted as they are taken.
pub(crate) struct Counted {
    next: u64,
    size: u64,
    known: bool,
    taken: Arc<AtomicU64>,
}

pub(crate) fn counted(size: u64, known: bool, taken: &Arc<AtomicU64>) -> Counted {
    Counted {
        next: 0,
        size,
        known,
        taken: Arc::clone(taken),
    }
}

impl http_body::Body for Counted {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let length = PIECE.min(self.size - self.next);
        if length == 0 {
            return Poll::Ready(None);
        }
        let piece = piece_at(self.next, length);
        self.next += length;
        self.taken.fetch_add(length, Relaxed);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn size_hint(&self) -> SizeHint {
        if self.known {
            SizeHint::with_exact(self.size - self.next)
        } else {
            SizeHint::new()
        }
    }
}

pub(crate) fn request(metadata: &'static Metadata, body: impl Into<Body>) -> Request<Body> {
    let request = Request::builder()
        .method(&metadata.method)
        .uri(metadata.path);
    request.body(body.into()).expect("constants")
}

pub(crate) fn empty(metadata: &'static Metadata) -> Request<Bytes> {
    Body::attach(request(metadata, Bytes::new()))
}

pub(crate) fn quick() -> RetryPolicy {
    RetryPolicy::new().waits(Duration::from_millis(1), Duration::from_millis(1))
}
