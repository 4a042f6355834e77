//! HTTP/2 where the server chooses it in the TLS handshake, HTTP/1.1 where it does not.
#![cfg(all(feature = "client", feature = "http2"))]

mod frames;
mod goaway;
mod queue;
mod server;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/tls.rs"]
mod tls;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use bytes::Bytes;
use common_transport::{BaseUrl, Body, Client, ClientBuilder, Pool, RetryPolicy, client::Proxy};
use frames::*;
use http::Request;
use http_body_util::Full;
use server::{CANCEL, REFUSED_STREAM, Reset, server};
use support::{POST, Say};
use tls::{Ca, Socket, ca, config, leaf, listen, trusting};
use tokio::time::Instant;

fn builder(base: BaseUrl, ca: &Ca) -> ClientBuilder {
    let pool = Pool::builder().roots(trusting(ca)).proxy(Proxy::none());
    Client::builder(base)
        .pool(pool.build())
        .retry(RetryPolicy::new().waits(Default::default(), Default::default()))
}

fn client(base: BaseUrl, ca: &Ca) -> Client {
    builder(base, ca).build().unwrap()
}

#[tokio::test]
async fn x2_http2_is_chosen_and_one_connection_carries_all_calls() {
    let ca = ca("one");
    let (base, connections) = server(&ca, &[b"h2", b"http/1.1"], Reset::NONE).await;
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
        let (base, connections) = server(&ca, protocols, Reset::NONE).await;
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
    let (base, connections) = server(&ca, &[b"h2"], Reset::of(3, CANCEL)).await;
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

/// RFC 9113, 8.7: what was refused was not looked at.
#[tokio::test]
async fn n91_a_refused_h2_stream_is_as_good_as_not_sent() {
    let ca = ca("one");
    let (base, _) = server(&ca, &[b"h2"], Reset::of(3, REFUSED_STREAM)).await;
    let client = client(base, &ca);
    let error = client.send(&Say::post("abc")).await.unwrap_err();
    assert_eq!(
        (error.attempts(), error.may_have_landed()),
        (4, false),
        "{error:?}"
    );
    assert_eq!(client.send(&Say::post("abcd")).await.unwrap(), "h2 4");
}

/// Answers once on the first connection, and then never again; on others always.
async fn dying(ca: &Ca) -> BaseUrl {
    let connections = Arc::new(AtomicUsize::new(0));
    let mut config = config(leaf(ca, "127.0.0.1", 2100), None);
    config.alpn_protocols = vec![b"h2".to_vec()];
    listen(config, move |mut socket: Socket| {
        let is_first = connections.fetch_add(1, Relaxed) == 0;
        async move {
            greet(&mut socket, &[]).await;
            let mut is_dead = false;
            while let Some(frame) = read_frame(&mut socket).await {
                if is_dead {
                    continue;
                }
                confirm(&mut socket, &frame).await;
                if frame.ends_stream() {
                    write_answer(&mut socket, frame.stream, "h2").await;
                    is_dead = is_first;
                }
            }
        }
    })
    .await
}

/// A peer that has vanished is found out by a ping: its connection is not given to every later call.
#[tokio::test(start_paused = true)]
async fn x2_a_dead_h2_connection_is_left() {
    let ca = ca("one");
    for attempt_timeout in [60, 1] {
        let client = builder(dying(&ca).await, &ca);
        let client = client.attempt_timeout(Duration::from_secs(attempt_timeout));
        let client = client.build().unwrap();
        client.send(&Say::get()).await.unwrap();
        let begin = Instant::now();
        while client.send(&Say::get()).await.is_err() {}
        let took = begin.elapsed();
        assert!(took <= Duration::from_secs(16), "{took:?}");
    }
}
