//! Answers read piece by piece, over real sockets.
//!
//! Where a clock matters time is paused: it jumps whenever nobody has anything to do.
#![cfg(feature = "client")]

#[path = "support/streams.rs"]
mod streams;
mod support;

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use common_transport::{Client, DownloadBody, ErrorKind};
use streams::{BOUND, PIECE, SIZE, empty, piece_at, quick};
use support::{GET, Say, answer, listen, read_request, write};
use tokio::{
    io::AsyncWriteExt,
    time::{Duration, Instant, sleep},
};

const FOREVER: Duration = Duration::from_secs(1_000_000);

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
    assert!(error.is_timeout() && !error.may_have_landed(), "{error:?}");
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

// F8: nobody asked for it, and its bytes are not those of the file.
#[tokio::test]
async fn f8_a_download_never_gives_coded_bytes() {
    for coding in ["gzip", "GZip", "br", "deflate, gzip", "compress"] {
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-encoding: {coding}\r\ncontent-length: 5\r\n\r\ncoded"
        );
        let client = downloads(head.leak().as_bytes(), Duration::ZERO).await;
        let error = client.download(&GET, empty(&GET)).await.unwrap_err();
        assert!(error.is_decode(), "{error:?}");
        let named = format!("`{}`", coding.to_ascii_lowercase());
        assert!(error.to_string().contains(&named), "{error}");
    }
    let transferred =
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n5\r\ncoded\r\n0\r\n\r\n";
    let client = downloads(transferred, Duration::ZERO).await;
    let error = client.download(&GET, empty(&GET)).await.unwrap_err();
    assert!(error.to_string().contains("`gzip`"), "{error}");
    let plain = b"HTTP/1.1 200 OK\r\ncontent-encoding: identity\r\ncontent-length: 5\r\n\r\nplain";
    let client = downloads(plain, Duration::ZERO).await;
    let response = client.download(&GET, empty(&GET)).await.unwrap();
    assert_eq!(
        response.into_body().chunk().await.unwrap().unwrap(),
        "plain"
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
        let error = DownloadBody::whole(response).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error:?}");
    }
}

/// Who compares what was read with the length must not take a part for the whole.
#[tokio::test]
async fn x2_a_download_that_broke_off_has_no_length_any_more() {
    let half = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf ";
    let client = downloads(half, Duration::ZERO).await;
    let response = client.download(&GET, empty(&GET)).await.unwrap();
    let mut body = response.into_body();
    assert_eq!(body.chunk().await.unwrap().unwrap(), "half ");
    assert_eq!(body.length(), Some(10));
    body.chunk().await.unwrap_err();
    assert_eq!(body.length(), None);
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
        let response = client.download(&GET, empty(&GET)).await.unwrap();
        assert_eq!(common_transport::Attempts::of(&response).0, attempts);
        let whole = DownloadBody::whole(response).await.unwrap();
        assert_eq!(whole.body(), "the file");
    }
    assert_eq!(client.send(&Say::get()).await.unwrap(), "the file");
}
