//! A server that speaks HTTP/2 where it chooses to.
#![allow(dead_code, reason = "each test file uses a part")]

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

use common_transport::BaseUrl;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{
    frames::*,
    tls::{Ca, Socket, config, leaf, listen},
};

/// Which requests are reset, and with which code.
#[derive(Clone, Copy)]
pub(crate) struct Reset {
    /// Those that send so many bytes.
    pub(crate) of: usize,
    pub(crate) code: u32,
}

pub(crate) const CANCEL: u32 = 8;
pub(crate) const REFUSED_STREAM: u32 = 7;

impl Reset {
    pub(crate) const NONE: Self = Self {
        of: usize::MAX,
        code: 0,
    };

    pub(crate) const fn of(bytes: usize, code: u32) -> Self {
        Self { of: bytes, code }
    }
}

/// Answers each request with the number of bytes it sent; some are reset instead.
pub(crate) async fn serve(mut socket: Socket, reset: Reset) {
    greet(&mut socket, &[]).await;
    let mut sent = 0;
    while let Some(frame) = read_frame(&mut socket).await {
        confirm(&mut socket, &frame).await;
        match frame.kind {
            HEADERS => sent = 0,
            DATA if !frame.payload.is_empty() => {
                sent += frame.payload.len();
                let more = u32::try_from(frame.payload.len()).unwrap().to_be_bytes();
                write_frame(&mut socket, WINDOW_UPDATE, 0, 0, &more).await;
                if !frame.ends_stream() {
                    write_frame(&mut socket, WINDOW_UPDATE, 0, frame.stream, &more).await;
                }
            }
            _ => {}
        }
        if !frame.ends_stream() {
            continue;
        }
        if sent == reset.of {
            let code = reset.code.to_be_bytes();
            write_frame(&mut socket, RST_STREAM, 0, frame.stream, &code).await;
            continue;
        }
        write_answer(&mut socket, frame.stream, &format!("h2 {sent}")).await;
    }
}

/// A server that chooses of these protocols; and how many connections it has had.
pub(crate) async fn server(
    ca: &Ca,
    protocols: &[&[u8]],
    reset: Reset,
) -> (BaseUrl, Arc<AtomicUsize>) {
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&connections);
    let mut config = config(leaf(ca, "127.0.0.1", 2100), None);
    config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    let base = listen(config, move |mut socket: Socket| {
        counted.fetch_add(1, Relaxed);
        async move {
            if socket.get_ref().1.alpn_protocol() == Some(b"h2") {
                return serve(socket, reset).await;
            }
            let mut request = [0; 4096];
            while let Ok(1..) = socket.read(&mut request).await {
                assert!(request.starts_with(b"GET /get HTTP/1.1\r\n"));
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nh1";
                socket.write_all(answer).await.unwrap();
            }
        }
    })
    .await;
    (base, connections)
}
