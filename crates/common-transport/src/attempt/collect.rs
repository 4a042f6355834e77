//! Collecting a body into one piece.

use std::{
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{BufMut, Bytes, BytesMut};
use http_body::Body;

use crate::{BoxError, Error, body::poll_piece};

/// The pieces of a body that were read so far.
pub(super) enum Collected {
    /// No piece, or a single piece, which is kept unchanged: most bodies have one piece.
    One(Bytes),
    Many(BytesMut),
}

impl Default for Collected {
    fn default() -> Self {
        Self::One(Bytes::new())
    }
}

/// The result of reading on.
pub(super) enum Progress {
    /// Another piece.
    Piece,
    /// The end, with the whole body.
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
        match self {
            Self::One(piece) => piece.len(),
            Self::Many(pieces) => pieces.len(),
        }
    }

    fn push(&mut self, piece: Bytes) {
        match self {
            Self::One(first) if first.is_empty() => *first = piece,
            Self::One(first) => {
                let mut pieces = BytesMut::with_capacity(first.len() + piece.len());
                pieces.put(mem::take(first));
                pieces.put(piece);
                *self = Self::Many(pieces);
            }
            Self::Many(pieces) => pieces.put(piece),
        }
    }

    fn take(&mut self) -> Bytes {
        match mem::take(self) {
            Self::One(piece) => piece,
            Self::Many(pieces) => pieces.freeze(),
        }
    }
}
