//! The client against real sockets.
#![cfg(feature = "client")]

mod support;

use std::time::{Duration, Instant};

use common_transport::{Client, Error, RetryPolicy};
use support::{Say, answer, listen, read_request, reset, write};
use tokio::net::TcpListener;

fn quick() -> RetryPolicy {
    RetryPolicy::new().waits(Duration::from_millis(1), Duration::from_millis(1))
}

fn is_sure(error: &Error) -> bool {
    !error.may_have_landed()
}

#[tokio::test]
async fn x2_a_connection_is_kept_and_used_again() {
    let base = listen(|number, mut socket| async move {
        while read_request(&mut socket).await.is_some() {
            write(&mut socket, &answer(200, &format!("connection {number}"))).await;
        }
    })
    .await;
    let client = Client::builder(base).build().unwrap();
    for _ in 0..3 {
        assert_eq!(client.send(&Say::get()).await.unwrap(), "connection 0");
    }
    assert_eq!(client.send(&Say::post("")).await.unwrap(), "connection 0");
}

#[tokio::test]
async fn n91_no_connection_is_surely_not_landed_and_repeated() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = support::url(listener.local_addr().unwrap());
    drop(listener);
    let client = Client::builder(base).retry(quick()).build().unwrap();
    let error = client.send(&Say::post("x")).await.unwrap_err();
    assert!(error.is_connect() && is_sure(&error), "{error:?}");
    assert_eq!(error.attempts(), 4);
}

#[tokio::test]
async fn n91_a_reset_after_the_request_is_ambiguous_and_a_post_is_not_repeated() {
    let base = listen(|_, mut socket| async move {
        read_request(&mut socket).await;
        reset(socket);
    })
    .await;
    let client = Client::builder(base).retry(quick()).build().unwrap();
    let error = client.send(&Say::post("x")).await.unwrap_err();
    assert_eq!(
        (error.attempts(), error.may_have_landed()),
        (1, true),
        "{error:?}"
    );
    let error = client.send(&Say::get()).await.unwrap_err();
    assert_eq!(error.attempts(), 4, "{error:?}");
}

#[tokio::test]
async fn n91_a_connection_that_died_idle_harms_nobody() {
    let base = listen(|number, mut socket| async move {
        read_request(&mut socket).await;
        write(&mut socket, &answer(200, &number.to_string())).await;
    })
    .await;
    let client = Client::builder(base).retry(quick()).build().unwrap();
    for number in 0..50 {
        let result = client.send(&Say::post("x")).await;
        match result {
            Ok(text) => assert_eq!(text, number.to_string()),
            Err(error) => panic!("{error:?}"),
        }
        // The close of the last connection has come before the next call, but may not have been seen.
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn x2_a_silent_server_ends_by_the_deadline() {
    let base = listen(|_, socket| async move {
        tokio::time::sleep(Duration::from_secs(60)).await;
        drop(socket);
    })
    .await;
    let client = Client::builder(base)
        .total_timeout(Duration::from_millis(150))
        .build()
        .unwrap();
    let begin = Instant::now();
    let error = client.send(&Say::post("x")).await.unwrap_err();
    let took = begin.elapsed();
    assert!(error.is_timeout() && error.may_have_landed(), "{error:?}");
    assert!(
        took >= Duration::from_millis(150) && took < Duration::from_millis(200),
        "{took:?}"
    );
}

#[tokio::test]
async fn x2_redirects_are_answers() {
    let base = listen(|_, mut socket| async move {
        read_request(&mut socket).await;
        let head =
            b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";
        write(&mut socket, head).await;
    })
    .await;
    let client = Client::builder(base).build().unwrap();
    let error = client.send(&Say::get()).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(302));
}
