//! A server of the tests' own: raw sockets that do exactly what a test says.
#![allow(dead_code, reason = "each test file uses a part")]

use std::{
    future::Future,
    net::SocketAddr,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use bytes::Bytes;
use common_transport::{BaseUrl, Error, ErrorKind, Idempotency, Metadata, Operation};
use http::{Method, Request, Response};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

pub(crate) static GET: Metadata =
    Metadata::new("demo", "get", Method::GET, "/get", Idempotency::Idempotent);
pub(crate) static POST: Metadata = Metadata::new(
    "demo",
    "add",
    Method::POST,
    "/add",
    Idempotency::NonIdempotent,
);

/// An operation that gives the text of a 200 answer.
#[derive(Debug, Clone)]
pub(crate) struct Say {
    pub(crate) metadata: &'static Metadata,
    pub(crate) body: Bytes,
}

impl Say {
    pub(crate) fn get() -> Self {
        Self {
            metadata: &GET,
            body: Bytes::new(),
        }
    }

    pub(crate) fn post(body: impl Into<Bytes>) -> Self {
        Self {
            metadata: &POST,
            body: body.into(),
        }
    }
}

impl Operation for Say {
    type Output = String;

    fn metadata(&self) -> &'static Metadata {
        self.metadata
    }

    fn request(&self) -> Result<Request<Bytes>, Error> {
        let request = Request::builder()
            .method(&self.metadata.method)
            .uri(self.metadata.path);
        Ok(request.body(self.body.clone()).expect("constants"))
    }

    fn decode(&self, response: Response<Bytes>) -> Result<String, Error> {
        if !response.status().is_success() {
            return Err(Error::new(ErrorKind::Service, "refused").with_status(response.status()));
        }
        Ok(String::from_utf8_lossy(response.body()).into_owned())
    }
}

/// Serves each connection by `serve`, with its number, until the runtime ends.
pub(crate) async fn listen<F>(serve: impl Fn(usize, TcpStream) -> F + Send + 'static) -> BaseUrl
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
    let address = listener.local_addr().expect("bound");
    tokio::spawn(async move {
        let mut number = 0;
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(serve(number, socket));
            number += 1;
        }
    });
    url(address)
}

pub(crate) fn url(address: SocketAddr) -> BaseUrl {
    format!("http://{address}").parse().expect("a loopback URL")
}

/// Reads one request, head and body; `None` when the client has closed.
pub(crate) async fn read_request(socket: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = find(&bytes, b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
            let length = head
                .split_once("content-length: ")
                .and_then(|(_, rest)| rest.lines().next()?.trim().parse::<usize>().ok())
                .unwrap_or(0);
            if bytes.len() >= end + 4 + length {
                return Some(String::from_utf8_lossy(&bytes).into_owned());
            }
        }
        let mut piece = [0; 4096];
        match socket.read(&mut piece).await {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend_from_slice(&piece[..read]),
        }
    }
}

/// An answer on a connection that is kept alive.
pub(crate) fn answer(status: u16, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status} X\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

pub(crate) async fn write(socket: &mut TcpStream, bytes: &[u8]) {
    // The client may be gone: that is its business.
    let _ = socket.write_all(bytes).await;
}

/// Ends a connection by a reset.
pub(crate) fn reset(socket: TcpStream) {
    #[expect(
        deprecated,
        reason = "a linger of zero does not block: it sends a reset"
    )]
    socket
        .set_linger(Some(std::time::Duration::ZERO))
        .expect("an open socket");
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}

/// Seeded randomness (SplitMix64).
pub(crate) struct Random(AtomicU64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    pub(crate) fn next(&self) -> u64 {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let state = self.0.fetch_add(STEP, Relaxed).wrapping_add(STEP);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
