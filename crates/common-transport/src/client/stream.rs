//! The stream of a connection: TCP, or TLS with the host.

use std::{
    io::{Error, IoSlice},
    pin::Pin,
    task::{Context, Poll},
};

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_rustls::MaybeHttpsStream;
use hyper_util::{
    client::legacy::connect::{Connected, Connection},
    rt::TokioIo,
};
use tokio::net::TcpStream;

use super::route::Hop;

/// A connected stream. It tells the pool only whether HTTP/2 is used. A TCP stream would also tell its addresses, which
/// the pool adds to each response at the cost of two allocations, without a reader.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all streams are the large one"
)]
pub(super) enum Stream {
    Plain(TokioIo<TcpStream>),
    Secure(MaybeHttpsStream<Hop>),
}

trait Duplex: Read + Write + Unpin {}

impl<T: Read + Write + Unpin> Duplex for T {}

impl Stream {
    fn inside(self: Pin<&mut Self>) -> Pin<&mut dyn Duplex> {
        match Pin::get_mut(self) {
            Self::Plain(stream) => Pin::new(stream),
            Self::Secure(stream) => Pin::new(stream),
        }
    }
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        match self {
            Self::Secure(stream) if stream.connected().is_negotiated_h2() => {
                Connected::new().negotiated_h2()
            }
            _ => Connected::new(),
        }
    }
}

impl Read for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<Result<(), Error>> {
        self.inside().poll_read(cx, buffer)
    }
}

impl Write for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<Result<usize, Error>> {
        self.inside().poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inside().poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inside().poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Plain(stream) => stream.is_write_vectored(),
            Self::Secure(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<Result<usize, Error>> {
        self.inside().poll_write_vectored(cx, pieces)
    }
}
