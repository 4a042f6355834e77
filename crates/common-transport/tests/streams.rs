//! Streamed requests and answers over real sockets.
//!
//! Where a clock matters time is paused: it jumps whenever nobody has anything to do.
#![cfg(feature = "client")]

mod support;

use std::{
    convert::Infallible,
    pin::Pin,
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed},
    },
    task::{Context, Poll},
};

use bytes::Bytes;
use common_transport::{
    Body, BoxError, Call, Client, Download, Error, ErrorKind, Idempotency, Metadata, Operation,
    RetryPolicy,
};
use http::{Method, Request, Response};
use http_body::{Frame, SizeHint};
use support::{GET, POST, Say, answer, listen, read_request, reset, write};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Duration, Instant, sleep},
};

static PUT: Metadata = Metadata::new("demo", "put", Method::PUT, "/put", Idempotency::Idempotent);
const MIB: u64 = 1024 * 1024;
const SIZE: u64 = 64 * MIB;
const PIECE: u64 = 16 * 1024;
/// What may be on its way between two ends: the buffers of two sockets and of one connection.
const BOUND: u64 = 16 * MIB;
const FOREVER: Duration = Duration::from_secs(1_000_000);

/// A part of the one long body that is sent here: the numbers below 251, over and over.
fn piece_at(place: u64, length: u64) -> Bytes {
    static PATTERN: LazyLock<Bytes> = LazyLock::new(|| (0..251).cycle().take(2 << 20).collect());
    let begin = (place % 251) as usize;
    PATTERN.slice(begin..begin + length as usize)
}

/// So many bytes in pieces, counted as they are taken.
struct Counted {
    next: u64,
    size: u64,
    known: bool,
    taken: Arc<AtomicU64>,
}

fn counted(size: u64, known: bool, taken: &Arc<AtomicU64>) -> Counted {
    Counted {
        next: 0,
        size,
        known,
        taken: Arc::clone(taken),
    }
}

impl http_body::Body for Counted {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let length = PIECE.min(self.size - self.next);
        if length == 0 {
            return Poll::Ready(None);
        }
        let piece = piece_at(self.next, length);
        self.next += length;
        self.taken.fetch_add(length, Relaxed);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn size_hint(&self) -> SizeHint {
        if self.known {
            SizeHint::with_exact(self.size - self.next)
        } else {
            SizeHint::new()
        }
    }
}

fn request(metadata: &'static Metadata, body: impl Into<Body>) -> Request<Body> {
    let request = Request::builder()
        .method(&metadata.method)
        .uri(metadata.path);
    request.body(body.into()).expect("constants")
}

fn empty(metadata: &'static Metadata) -> Request<Bytes> {
    Body::attach(request(metadata, Bytes::new()))
}

/// Reads the head of a request, and no byte of its body.
async fn read_head(socket: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match socket.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8_lossy(&head).to_lowercase()
}

fn quick() -> RetryPolicy {
    RetryPolicy::new().waits(Duration::from_millis(1), Duration::from_millis(1))
}

#[tokio::test]
async fn x2_an_upload_of_64_mib_is_never_held_in_memory() {
    let taken = Arc::new(AtomicU64::new(0));
    let ahead = Arc::new(AtomicU64::new(0));
    let (peer_taken, peer_ahead) = (Arc::clone(&taken), Arc::clone(&ahead));
    let base = listen(move |_, mut socket| {
        let (taken, ahead) = (Arc::clone(&peer_taken), Arc::clone(&peer_ahead));
        async move {
            let head = read_head(&mut socket).await;
            assert!(
                head.contains(&format!("content-length: {SIZE}\r\n")),
                "{head}"
            );
            let mut piece = vec![0; PIECE as usize];
            for read in (0..SIZE).step_by(PIECE as usize) {
                // The client gets every chance to run ahead.
                for _ in 0..4 {
                    tokio::task::yield_now().await;
                }
                ahead.fetch_max(taken.load(Relaxed) - read, Relaxed);
                socket.read_exact(&mut piece).await.unwrap();
                assert_eq!(piece, piece_at(read, PIECE));
            }
            write(&mut socket, &answer(200, "all of it")).await;
        }
    })
    .await;
    let client = Client::builder(base).build().unwrap();
    let body = Body::once(counted(SIZE, true, &taken));
    let response = client.upload(&POST, request(&POST, body)).await.unwrap();
    assert_eq!(response.body(), "all of it");
    assert_eq!(taken.load(Relaxed), SIZE);
    let ahead = ahead.load(Relaxed);
    assert!((PIECE..BOUND).contains(&ahead), "{ahead} bytes ahead");
}

#[tokio::test]
async fn x2_a_download_of_64_mib_is_never_held_in_memory() {
    let written = Arc::new(AtomicU64::new(0));
    let peer_written = Arc::clone(&written);
    let base = listen(move |_, mut socket| {
        let written = Arc::clone(&peer_written);
        async move {
            read_request(&mut socket).await;
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {SIZE}\r\n\r\n");
            write(&mut socket, head.as_bytes()).await;
            for place in (0..SIZE).step_by(PIECE as usize) {
                socket.write_all(&piece_at(place, PIECE)).await.unwrap();
                written.fetch_add(PIECE, Relaxed);
            }
        }
    })
    .await;
    let client = Client::builder(base)
        .max_body(SIZE as usize)
        .build()
        .unwrap();
    let response = client.download(&GET, empty(&GET)).await.unwrap();
    let mut body = response.into_body();
    assert_eq!(body.length(), Some(SIZE));
    let (mut read, mut ahead) = (0, 0);
    while let Some(piece) = body.chunk().await.unwrap() {
        let length = piece.len() as u64;
        assert_eq!(piece, piece_at(read, length));
        read += length;
        for _ in 0..4 {
            tokio::task::yield_now().await;
        }
        ahead = ahead.max(written.load(Relaxed).saturating_sub(read));
    }
    assert_eq!((read, body.length()), (SIZE, Some(SIZE)));
    assert!((PIECE..BOUND).contains(&ahead), "{ahead} bytes ahead");
}

#[tokio::test]
async fn x2_a_stream_of_unknown_length_is_sent_in_chunks() {
    let base = listen(|_, mut socket| async move {
        let head = read_head(&mut socket).await;
        assert!(head.contains("transfer-encoding: chunked\r\n"), "{head}");
        assert!(!head.contains("content-length"), "{head}");
        let mut body = Vec::new();
        while !body.ends_with(b"0\r\n\r\n") {
            body.push(socket.read_u8().await.unwrap());
        }
        let text = String::from_utf8_lossy(&body).into_owned();
        write(&mut socket, &answer(200, &text)).await;
    })
    .await;
    let client = Client::builder(base).build().unwrap();
    let body = Body::restartable(|| counted(5, false, &Arc::default()));
    let response = client.upload(&POST, request(&POST, body)).await.unwrap();
    assert_eq!(response.body(), "5\r\n\0\u{1}\u{2}\u{3}\u{4}\r\n0\r\n\r\n");
}

/// A client whose server reads so much of each body and resets; and the bytes of each attempt.
async fn resetting(after: usize) -> (Client, Arc<Mutex<Vec<Vec<u8>>>>) {
    let bodies = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&bodies);
    let base = listen(move |_, mut socket| {
        let seen = Arc::clone(&seen);
        async move {
            read_head(&mut socket).await;
            let mut body = vec![0; after];
            socket.read_exact(&mut body).await.unwrap();
            seen.lock().unwrap().push(body);
            reset(socket);
        }
    })
    .await;
    (
        Client::builder(base).retry(quick()).build().unwrap(),
        bodies,
    )
}

#[tokio::test]
async fn n91_a_reset_in_an_upload_is_ambiguous_and_not_repeated_unless_it_may_be() {
    let taken = Arc::new(AtomicU64::new(0));
    let again = {
        let taken = Arc::clone(&taken);
        Body::restartable(move || counted(SIZE, true, &taken))
    };
    let once = Body::once(counted(SIZE, true, &taken));
    for (metadata, body, attempts) in [
        (&POST, again.clone(), 1),
        (&POST, once.clone(), 1),
        (&PUT, again, 4),
        (&PUT, Body::once(counted(SIZE, true, &taken)), 1),
    ] {
        let (client, bodies) = resetting(100_000).await;
        let case = format!("{} {body:?}", metadata.method);
        let error = client
            .upload(metadata, request(metadata, body))
            .await
            .unwrap_err();
        assert!(error.may_have_landed(), "{case}: {error:?}");
        assert_eq!(error.attempts(), attempts, "{case}: {error:?}");
        let bodies = bodies.lock().unwrap();
        assert_eq!(bodies.len(), attempts as usize, "{case}");
        let sent = piece_at(0, 100_000);
        assert!(bodies.iter().all(|body| *body == sent), "{case}");
    }
}

#[tokio::test]
async fn n91_a_restartable_body_is_sent_again_from_its_beginning() {
    let bodies = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&bodies);
    let base = listen(move |number, mut socket| {
        let seen = Arc::clone(&seen);
        async move {
            read_head(&mut socket).await;
            let mut body = vec![0; 100_000];
            socket.read_exact(&mut body).await.unwrap();
            seen.lock().unwrap().push(body);
            write(&mut socket, &answer(if number < 2 { 502 } else { 200 }, "")).await;
        }
    })
    .await;
    let client = Client::builder(base).retry(quick()).build().unwrap();
    let made = Arc::new(AtomicUsize::new(0));
    let body = {
        let made = Arc::clone(&made);
        Body::restartable(move || {
            made.fetch_add(1, Relaxed);
            counted(100_000, true, &Arc::default())
        })
    };
    let response = client.upload(&PUT, request(&PUT, body)).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(made.load(Relaxed), 3);
    assert_eq!(*bodies.lock().unwrap(), vec![piece_at(0, 100_000); 3]);
}

#[tokio::test]
async fn n91_a_one_shot_body_that_was_never_begun_survives_a_failed_connection() {
    let closed = "http://127.0.0.1:1".parse().unwrap();
    let client = Client::builder(closed).retry(quick()).build().unwrap();
    let body = Body::once(counted(10, true, &Arc::default()));
    let error = client
        .upload(&POST, request(&POST, body.clone()))
        .await
        .unwrap_err();
    assert!(error.is_connect() && !error.may_have_landed(), "{error:?}");
    assert_eq!(error.attempts(), 4);
    assert!(body.can_be_sent());
}

#[tokio::test]
async fn x2_a_stream_that_fails_ends_the_call_and_says_why() {
    let (client, _) = resetting(SIZE as usize).await;
    let short = Body::restartable(|| counted(10, false, &Arc::default())).with_length(11);
    let error = client.upload(&PUT, request(&PUT, short)).await.unwrap_err();
    assert!(
        error.to_string().contains("shorter than was said"),
        "{error}"
    );
    assert_eq!((error.attempts(), error.is_retryable()), (1, false));
}

#[tokio::test(start_paused = true)]
async fn n91_an_upload_that_nobody_reads_ends_by_the_idle_clock() {
    let base = listen(|_, mut socket| async move {
        read_head(&mut socket).await;
        let mut some = vec![0; 100_000];
        socket.read_exact(&mut some).await.unwrap();
        sleep(Duration::from_secs(10)).await;
        socket.read_exact(&mut some).await.unwrap();
        sleep(FOREVER).await;
    })
    .await;
    let client = Client::builder(base)
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    let taken = Arc::new(AtomicU64::new(0));
    let body = Body::once(counted(SIZE, true, &taken));
    let begin = Instant::now();
    let error = client
        .upload(&POST, request(&POST, body))
        .await
        .unwrap_err();
    let took = begin.elapsed();
    assert!(error.is_timeout() && error.may_have_landed(), "{error:?}");
    assert!(error.to_string().contains("got stuck"), "{error}");
    let expected = Duration::from_secs(15)..Duration::from_millis(25_050);
    assert!(expected.contains(&took), "{took:?}");
    assert!(taken.load(Relaxed) < SIZE);
}

#[tokio::test(start_paused = true)]
async fn x2_an_upload_ends_with_its_answer() {
    let base = listen(|_, mut socket| async move {
        read_head(&mut socket).await;
        write(&mut socket, &answer(413, "too much")).await;
        // The client may send what fits into the buffers; then it must hang up.
        let mut rest = Vec::new();
        let _ = socket.read_to_end(&mut rest).await;
        assert!((rest.len() as u64) < SIZE);
    })
    .await;
    let client = Client::builder(base).build().unwrap();
    let waiting = Arc::new(());
    let held = Arc::downgrade(&waiting);
    let body = Body::once(Stuck { _held: waiting });
    let response = client.upload(&POST, request(&POST, body)).await.unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.body()[..]),
        (413, &b"too much"[..])
    );
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert!(
        held.upgrade().is_none(),
        "the connection still holds the stream"
    );
}

/// Never gives a piece.
struct Stuck {
    _held: Arc<()>,
}

impl http_body::Body for Stuck {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        Poll::Pending
    }
}

async fn downloads(bytes: &'static [u8], then: Duration) -> Client {
    let base = listen(move |_, mut socket| async move {
        let head = read_request(&mut socket).await.unwrap();
        assert!(head.contains("accept-encoding: identity"), "{head}");
        write(&mut socket, bytes).await;
        sleep(then).await;
    })
    .await;
    let builder = Client::builder(base).retry(quick());
    builder.max_body(10).build().unwrap()
}

#[tokio::test(start_paused = true)]
async fn n91_a_download_that_falls_silent_ends_by_the_idle_clock() {
    let half = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf ";
    let client = downloads(half, FOREVER).await;
    let response = client.download(&GET, empty(&GET)).await.unwrap();
    let mut body = response.into_body();
    assert_eq!(body.chunk().await.unwrap().unwrap(), "half ");
    // Who reads may take a while: that is no silence of the peer's.
    sleep(Duration::from_secs(60)).await;
    let begin = Instant::now();
    let error = body.chunk().await.unwrap_err();
    let took = begin.elapsed();
    assert!(error.is_timeout() && error.may_have_landed(), "{error:?}");
    assert_eq!((error.operation(), error.attempts()), (Some("get"), 1));
    assert!(error.status().is_some_and(|status| status == 200));
    let bound = Duration::from_secs(15);
    assert!(
        (bound..bound + Duration::from_millis(50)).contains(&took),
        "{took:?}"
    );
    assert!(body.chunk().await.unwrap().is_none());
}

#[tokio::test(start_paused = true)]
async fn n91_a_download_ends_by_the_deadline_of_its_call() {
    let half = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf ";
    let client = downloads(half, FOREVER).await;
    let begin = Instant::now();
    let response = client.download(&GET, empty(&GET)).await.unwrap();
    let mut body = response.into_body();
    assert!(body.chunk().await.unwrap().is_some());
    sleep(Duration::from_secs(110)).await;
    let error = body.chunk().await.unwrap_err();
    assert!(error.to_string().contains("deadline"), "{error}");
    let (took, bound) = (begin.elapsed(), Duration::from_secs(120));
    assert!(
        (bound..bound + Duration::from_millis(50)).contains(&took),
        "{took:?}"
    );
}

#[tokio::test]
async fn n91_a_download_that_breaks_off_or_is_too_large_says_so() {
    let half = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf ";
    let large = b"HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\nhello world";
    let chunked =
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nb\r\nhello world\r\n0\r\n\r\n";
    for (bytes, kind) in [
        (&half[..], ErrorKind::Transport),
        (large, ErrorKind::BodyLimit),
        (chunked, ErrorKind::BodyLimit),
    ] {
        let client = downloads(bytes, Duration::ZERO).await;
        let response = client.download(&GET, empty(&GET)).await.unwrap();
        let error = Download::whole(response).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error:?}");
    }
}

/// An operation that knows the service's errors.
struct Fetch;

impl Operation for Fetch {
    type Output = Bytes;

    fn metadata(&self) -> &'static Metadata {
        &GET
    }

    fn request(&self) -> Result<Request<Bytes>, Error> {
        Say::get().request()
    }

    fn decode(&self, response: Response<Bytes>) -> Result<Bytes, Error> {
        let status = response.status();
        match &response.body()[..] {
            b"no file" => {
                Err(Error::new(ErrorKind::NotFound, "there is no such file").with_status(status))
            }
            _ => Ok(response.into_body()),
        }
    }
}

#[tokio::test]
async fn x6_an_error_answer_to_a_download_is_still_the_services_error() {
    let missing = b"HTTP/1.1 404 Not Found\r\ncontent-length: 7\r\n\r\nno file";
    let client = downloads(missing, Duration::ZERO).await;
    let error = Call::new(&client, Fetch).download().await.unwrap_err();
    assert!(error.is_not_found(), "{error:?}");
    assert_eq!((error.operation(), error.attempts()), (Some("get"), 1));
    let moved = b"HTTP/1.1 302 Found\r\ncontent-length: 4\r\n\r\nmove";
    let client = downloads(moved, Duration::ZERO).await;
    let error = Call::new(&client, Fetch).download().await.unwrap_err();
    assert!(
        error.is_decode() && error.to_string().contains("302"),
        "{error}"
    );
}

#[tokio::test]
async fn n91_a_throttled_download_is_asked_for_again_and_its_connection_kept() {
    let base = listen(|connection, mut socket| async move {
        let mut number = 0;
        while read_request(&mut socket).await.is_some() {
            assert_eq!(connection, 0, "one connection for all");
            let status = if number == 0 { 429 } else { 200 };
            write(&mut socket, &answer(status, "the file")).await;
            number += 1;
        }
    })
    .await;
    let client = Client::builder(base).retry(quick()).build().unwrap();
    for attempts in [2, 1] {
        let response = Call::new(&client, Fetch).download().await.unwrap();
        assert_eq!(common_transport::Attempts::of(&response).0, attempts);
        let whole = Download::whole(response).await.unwrap();
        assert_eq!(whole.body(), "the file");
    }
    assert_eq!(client.send(&Say::get()).await.unwrap(), "the file");
}
