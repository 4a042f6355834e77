//! A body in one piece.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{BufMut, Bytes, BytesMut};
use http_body::Body;

use crate::{BoxError, Error, body::poll_piece};

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
        let piece = ready!(poll_piece(body, self.len() as u64, max as u64, cx));
        let Some(piece) = piece.transpose()? else {
            return Poll::Ready(Ok(Progress::Whole(self.take())));
        };
        self.push(piece);
        Poll::Ready(Ok(Progress::Piece))
    }

    fn len(&self) -> usize {
        self.first.len() + self.rest.len()
    }

    fn push(&mut self, piece: Bytes) {
        if self.len() == 0 {
            self.first = piece;
            return;
        }
        if !self.first.is_empty() {
            self.rest.reserve(self.first.len() + piece.len());
            self.rest.put(std::mem::take(&mut self.first));
        }
        self.rest.put(piece);
    }

    fn take(&mut self) -> Bytes {
        if self.rest.is_empty() {
            std::mem::take(&mut self.first)
        } else {
            self.rest.split().freeze()
        }
    }
}
