//! Frames of HTTP/2, by hand: as much as an answer takes.
#![allow(dead_code, reason = "each test file uses a part")]

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

pub(crate) const DATA: u8 = 0;
pub(crate) const HEADERS: u8 = 1;
pub(crate) const RST_STREAM: u8 = 3;
pub(crate) const SETTINGS: u8 = 4;
pub(crate) const PING: u8 = 6;
pub(crate) const GOAWAY: u8 = 7;
pub(crate) const WINDOW_UPDATE: u8 = 8;
pub(crate) const END_STREAM: u8 = 1;
pub(crate) const END_HEADERS: u8 = 4;
pub(crate) const ACK: u8 = 1;
/// `:status: 200` in the static table of HPACK.
pub(crate) const STATUS_200: u8 = 0x88;

pub(crate) struct Frame {
    pub(crate) kind: u8,
    pub(crate) flags: u8,
    pub(crate) stream: u32,
    pub(crate) payload: Vec<u8>,
}

impl Frame {
    /// Whether it is the last one of a request.
    pub(crate) fn ends_stream(&self) -> bool {
        matches!(self.kind, HEADERS | DATA) && self.flags & END_STREAM != 0
    }
}

pub(crate) async fn read_frame(socket: &mut (impl AsyncRead + Unpin)) -> Option<Frame> {
    let mut head = [0; 9];
    socket.read_exact(&mut head).await.ok()?;
    let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
    let mut payload = vec![0; length as usize];
    socket.read_exact(&mut payload).await.ok()?;
    Some(Frame {
        kind: head[3],
        flags: head[4],
        stream: u32::from_be_bytes([head[5], head[6], head[7], head[8]]),
        payload,
    })
}

pub(crate) async fn write_frame(
    socket: &mut (impl AsyncWrite + Unpin),
    kind: u8,
    flags: u8,
    stream: u32,
    payload: &[u8],
) {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = vec![length[1], length[2], length[3], kind, flags];
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    // The client may be gone: that is its business.
    let _ = socket.write_all(&frame).await;
    let _ = socket.flush().await;
}

/// Reads what a client says before its first frame, and answers with settings of the server's.
pub(crate) async fn greet(socket: &mut (impl AsyncRead + AsyncWrite + Unpin), settings: &[u8]) {
    let mut preface = [0; 24];
    socket.read_exact(&mut preface).await.unwrap();
    assert_eq!(&preface, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    write_frame(socket, SETTINGS, 0, 0, settings).await;
}

/// Answers with this text.
pub(crate) async fn write_answer(socket: &mut (impl AsyncWrite + Unpin), stream: u32, text: &str) {
    write_frame(socket, HEADERS, END_HEADERS, stream, &[STATUS_200]).await;
    write_frame(socket, DATA, END_STREAM, stream, text.as_bytes()).await;
}

/// Confirms settings and pings.
pub(crate) async fn confirm(socket: &mut (impl AsyncWrite + Unpin), frame: &Frame) {
    if matches!(frame.kind, SETTINGS | PING) && frame.flags & ACK == 0 {
        let payload = if frame.kind == PING {
            &frame.payload[..]
        } else {
            &[]
        };
        write_frame(socket, frame.kind, ACK, 0, payload).await;
    }
}
