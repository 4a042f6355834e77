//! Streamed requests over real sockets.
//!
//! Where a clock matters time is paused: it jumps whenever nobody has anything to do.
#![cfg(feature = "client")]

#[path = "support/streams.rs"]
mod streams;
mod support;

use std::{
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed},
    },
    task::{Context, Poll},
};

use bytes::Bytes;
use common_transport::{Body, BoxError, Client, Idempotency, Metadata, RetryPolicy};
use http::Method;
use http_body::Frame;
use streams::{BOUND, PIECE, SIZE, counted, piece_at, quick, request};
use support::{POST, answer, listen, reset, write};
use tokio::{
    io::AsyncReadExt,
    net::TcpStream,
    time::{Duration, Instant, sleep},
};

static PUT: Metadata = Metadata::new("demo", "put", Method::PUT, "/put", Idempotency::Idempotent);
const FOREVER: Duration = Duration::from_secs(1_000_000);

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
