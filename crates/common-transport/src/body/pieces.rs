//! A request body with its type erased.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Buf, Bytes};
use http_body::Body;

use crate::BoxError;

/// The data of a stream. Trailers are left out: no service reads the trailers of a request.
pub(super) trait Pieces: Send {
    fn poll_piece(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, BoxError>>>;

    /// Length in bytes, if known.
    fn length(&self) -> Option<u64>;
}

pub(super) type BoxPieces = Pin<Box<dyn Pieces>>;

impl<B> Pieces for B
where
    B: Body + Send,
    B::Error: Into<BoxError>,
{
    fn poll_piece(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, BoxError>>> {
        loop {
            let frame = match ready!(self.as_mut().poll_frame(cx)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error.into()))),
                Some(Ok(frame)) => frame,
            };
            if let Ok(mut data) = frame.into_data() {
                return Poll::Ready(Some(Ok(data.copy_to_bytes(data.remaining()))));
            }
        }
    }

    fn length(&self) -> Option<u64> {
        self.size_hint().exact()
    }
}
