//! Reads a body to its end.

use std::{error::Error, io, pin::pin};

use bytes::{Buf, Bytes};
use common_transport::BoxError;
use http::Version;
use http_body::Body;
use http_body_util::BodyExt;

use super::{Reason, Rejection, open::Open};

/// Reads a body of at most `limit` bytes.
///
/// The body is complete when the announced number of bytes has come, even if the connection fails afterwards.
/// Without an announced length, the body is complete when its encoding says so.
pub(super) async fn read_whole<B>(
    body: B,
    version: Version,
    limit: usize,
    open: &mut Open,
) -> Result<Bytes, Rejection>
where
    B: Body,
    B::Error: Into<BoxError>,
{
    let announced = body.size_hint().exact();
    let is_too_large = |bytes: u64| bytes > limit as u64;
    let mut body = pin!(body);
    let mut read = Pieces::default();
    while announced != Some(read.bytes) {
        match body.as_mut().frame().await {
            Some(Ok(frame)) => {
                let Ok(mut data) = frame.into_data() else {
                    continue;
                };
                let piece = data.copy_to_bytes(data.remaining());
                open.saw(&piece);
                read.push(piece, limit);
                if is_too_large(read.bytes) || announced.is_some_and(is_too_large) {
                    return Err(Rejection::new(Reason::TooLarge));
                }
                // The sender of an HTTP/2 stream may reset it after its end.
                if announced.is_none() && body.is_end_stream() {
                    break;
                }
            }
            Some(Err(error)) => {
                let error = error.into();
                return Err(Rejection::new(reason(&*error)).with_source(error));
            }
            None if is_cut(announced, version, body.is_end_stream()) => {
                return Err(Rejection::new(Reason::BrokeOff));
            }
            None => break,
        }
    }
    Ok(read.into_bytes())
}

/// Whether a body without further frames was cut. An HTTP/2 stream that is reset without an error yields no more
/// frames, but has not reached its end.
fn is_cut(announced: Option<u64>, version: Version, is_at_end: bool) -> bool {
    announced.is_some() || (version == Version::HTTP_2 && !is_at_end)
}

/// Returns why a body failed: its sender disconnected, or its encoding does not match its head.
fn reason(error: &(dyn Error + 'static)) -> Reason {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput) =
            error.downcast_ref().map(io::Error::kind)
        {
            return Reason::Encoding;
        }
        cause = error.source();
    }
    Reason::BrokeOff
}

/// A body in pieces; a single piece is not copied.
#[derive(Default)]
struct Pieces {
    first: Bytes,
    all: Vec<u8>,
    bytes: u64,
}

impl Pieces {
    /// Keeps a piece, unless it exceeds the limit.
    fn push(&mut self, piece: Bytes, limit: usize) {
        self.bytes += piece.len() as u64;
        if self.bytes > limit as u64 || piece.is_empty() {
            return;
        }
        if self.first.is_empty() {
            self.first = piece;
            return;
        }
        if self.all.is_empty() {
            self.all.extend_from_slice(&self.first);
        }
        self.all.extend_from_slice(&piece);
    }

    fn into_bytes(self) -> Bytes {
        match self.all.is_empty() {
            true => self.first,
            false => self.all.into(),
        }
    }
}
