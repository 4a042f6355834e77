//! A body in one piece.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Buf, BufMut, Bytes, BytesMut};
use http_body::Body;

use crate::{BoxError, Error, ErrorKind};

/// What was read of a body so far.
#[derive(Default)]
pub(super) struct Collected {
    /// The first piece, kept as it came: most bodies are just that.
    first: Bytes,
    /// All pieces, once there is a second one.
    rest: BytesMut,
}

/// What reading on has brought.
pub(super) enum Progress {
    /// Another piece.
    Piece,
    /// The end.
    Whole(Bytes),
}

impl Collected {
    /// Reads one piece.
    pub(super) fn poll_piece<B>(
        &mut self,
        body: Pin<&mut B>,
        max: usize,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Progress, Error>>
    where
        B: Body,
        B::Error: Into<BoxError>,
    {
        if body.size_hint().lower() > (max - self.len().min(max)) as u64 {
            return Poll::Ready(Err(too_large(max)));
        }
        let progress = match ready!(body.poll_frame(cx)) {
            None => Progress::Whole(self.take()),
            Some(Err(source)) => return Poll::Ready(Err(broken(source.into()))),
            Some(Ok(frame)) => {
                // Trailers say nothing that a JSON client would read.
                if let Ok(data) = frame.into_data() {
                    self.push(data);
                }
                if self.len() > max {
                    return Poll::Ready(Err(too_large(max)));
                }
                Progress::Piece
            }
        };
        Poll::Ready(Ok(progress))
    }

    fn len(&self) -> usize {
        self.first.len() + self.rest.len()
    }

    fn push(&mut self, mut data: impl Buf) {
        if self.len() == 0 {
            self.first = data.copy_to_bytes(data.remaining());
            return;
        }
        if !self.first.is_empty() {
            self.rest.reserve(self.first.len() + data.remaining());
            self.rest.put(std::mem::take(&mut self.first));
        }
        self.rest.put(data);
    }

    fn take(&mut self) -> Bytes {
        if self.rest.is_empty() {
            std::mem::take(&mut self.first)
        } else {
            self.rest.split().freeze()
        }
    }
}

fn too_large(max: usize) -> Error {
    let message = format!("the answer is larger than {max} bytes");
    Error::new(ErrorKind::BodyLimit, message)
}

fn broken(source: BoxError) -> Error {
    Error::new(ErrorKind::Transport, "the answer broke off").with_source(source)
}
