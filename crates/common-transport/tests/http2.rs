//! HTTP/2 where the server chooses it in the TLS handshake, HTTP/1.1 where it does not.
//!
//! The server speaks frames by hand: as much of HTTP/2 as an answer takes.
#![cfg(all(feature = "client", feature = "http2"))]

#[path = "support/recorder.rs"]
mod recorder;
mod support;
#[path = "support/tls.rs"]
mod tls;

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

use bytes::Bytes;
use common_transport::{BaseUrl, Body, Client, ClientBuilder, Pool, RetryPolicy, client::Proxy};
use http::{HeaderValue, Request};
use http_body_util::Full;
use recorder::Recorder;
use support::{POST, Say};
use tls::{Ca, Socket, ca, config, leaf, listen, trusting};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const WINDOW_UPDATE: u8 = 8;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const ACK: u8 = 1;
/// `:status: 200` in the static table of HPACK.
const STATUS_200: u8 = 0x88;

struct Frame {
    kind: u8,
    flags: u8,
    stream: u32,
    payload: Vec<u8>,
}

async fn read_frame(socket: &mut Socket) -> Option<Frame> {
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

async fn write_frame(socket: &mut Socket, kind: u8, flags: u8, stream: u32, payload: &[u8]) {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = vec![length[1], length[2], length[3], kind, flags];
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    socket.write_all(&frame).await.unwrap();
}

/// Answers each request with the number of bytes it sent; a request for `reset` bytes is reset instead.
async fn serve(mut socket: Socket, reset: usize) {
    let mut preface = [0; 24];
    socket.read_exact(&mut preface).await.unwrap();
    assert_eq!(&preface, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    write_frame(&mut socket, SETTINGS, 0, 0, &[]).await;
    let mut sent = 0;
    while let Some(frame) = read_frame(&mut socket).await {
        let ends = frame.flags & END_STREAM != 0;
        match frame.kind {
            SETTINGS if !ends => write_frame(&mut socket, SETTINGS, ACK, 0, &[]).await,
            HEADERS => sent = 0,
            DATA if !frame.payload.is_empty() => {
                sent += frame.payload.len();
                let more = u32::try_from(frame.payload.len()).unwrap().to_be_bytes();
                write_frame(&mut socket, WINDOW_UPDATE, 0, 0, &more).await;
                if !ends {
                    write_frame(&mut socket, WINDOW_UPDATE, 0, frame.stream, &more).await;
                }
            }
            _ => {}
        }
        if !matches!(frame.kind, HEADERS | DATA) || !ends {
            continue;
        }
        if sent == reset {
            let cancelled = 8_u32.to_be_bytes();
            write_frame(&mut socket, RST_STREAM, 0, frame.stream, &cancelled).await;
            continue;
        }
        write_frame(
            &mut socket,
            HEADERS,
            END_HEADERS,
            frame.stream,
            &[STATUS_200],
        )
        .await;
        let text = format!("h2 {sent}");
        write_frame(&mut socket, DATA, END_STREAM, frame.stream, text.as_bytes()).await;
    }
}

/// A server that chooses of these protocols; and how many connections it has had.
async fn server(ca: &Ca, protocols: &[&[u8]], reset: usize) -> (BaseUrl, Arc<AtomicUsize>) {
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

fn builder(base: BaseUrl, ca: &Ca) -> ClientBuilder {
    let pool = Pool::builder().roots(trusting(ca)).proxy(Proxy::none());
    Client::builder(base)
        .shared(pool.build())
        .retry(RetryPolicy::new().waits(Default::default(), Default::default()))
}

fn client(base: BaseUrl, ca: &Ca) -> Client {
    builder(base, ca).build().unwrap()
}

#[tokio::test]
async fn x2_h2_is_chosen_and_one_connection_carries_all_calls() {
    let ca = ca("one");
    let (base, connections) = server(&ca, &[b"h2", b"http/1.1"], usize::MAX).await;
    let client = client(base, &ca);
    assert_eq!(client.send(&Say::get()).await.unwrap(), "h2 0");
    let (get, post) = (Say::get(), Say::post(vec![b'x'; 10]));
    let (got, posted) = tokio::join!(client.send(&get), client.send(&post));
    assert_eq!(
        (got.unwrap(), posted.unwrap()),
        ("h2 0".into(), "h2 10".into())
    );
    let body = Body::restartable(|| Full::<Bytes>::from(vec![b'x'; 1_000_000]));
    let request = Request::post("/add").body(body).unwrap();
    let response = client.upload(&POST, request).await.unwrap();
    assert_eq!(response.body(), "h2 1000000");
    assert_eq!(connections.load(Relaxed), 1);
}

#[tokio::test]
async fn x2_servers_without_h2_are_spoken_to_in_http_1_1() {
    let ca = ca("one");
    for protocols in [&[&b"http/1.1"[..]][..], &[]] {
        let (base, connections) = server(&ca, protocols, usize::MAX).await;
        let client = client(base, &ca);
        for _ in 0..3 {
            assert_eq!(client.send(&Say::get()).await.unwrap(), "h1");
        }
        assert_eq!(connections.load(Relaxed), 1);
    }
}

#[tokio::test]
async fn n91_a_reset_h2_stream_is_ambiguous_and_harms_no_other() {
    let ca = ca("one");
    let (base, connections) = server(&ca, &[b"h2"], 3).await;
    let client = client(base, &ca);
    let error = client.send(&Say::post("abc")).await.unwrap_err();
    assert_eq!(
        (error.attempts(), error.may_have_landed()),
        (1, true),
        "{error:?}"
    );
    assert_eq!(client.send(&Say::post("abcd")).await.unwrap(), "h2 4");
    assert_eq!(connections.load(Relaxed), 1);
}

/// X7: h2 logs its frames; what is in them is not shown.
#[tokio::test]
async fn x7_no_frame_shows_a_secret() {
    const SECRET: &str = "S3CRET";
    let recorder = Recorder::default();
    let _guard = tracing::subscriber::set_default(recorder.clone());
    let ca = ca("one");
    let (base, _) = server(&ca, &[b"h2"], SECRET.len()).await;
    let client = builder(base, &ca).authorize(|request: &mut Request<Bytes>| {
        let key = HeaderValue::from_static(SECRET);
        request.headers_mut().insert("x-api-key", key);
        *request.uri_mut() = format!("{}?apiKey={SECRET}", request.uri())
            .parse()
            .unwrap();
        Ok(())
    });
    let client = client.build().unwrap();
    assert_eq!(client.send(&Say::get()).await.unwrap(), "h2 0");
    let error = client.send(&Say::post(SECRET)).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains(SECRET), "{error:?}");
    let log = recorder.text();
    assert!(log.contains("h2") && log.contains("frame=Headers"), "{log}");
    let shown = log.lines().find(|line| line.contains(SECRET));
    assert_eq!(shown, None);
}
