//! The client against real sockets.
#![cfg(feature = "client")]

mod support;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use bytes::Bytes;
use common_transport::{Client, Error, Operation, Pool, RetryPolicy};
use http::{HeaderValue, Request};
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

#[tokio::test(start_paused = true)]
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
    let begin = tokio::time::Instant::now();
    let error = client.send(&Say::post("x")).await.unwrap_err();
    let took = begin.elapsed();
    assert!(error.is_timeout() && error.may_have_landed(), "{error:?}");
    assert!(
        took >= Duration::from_millis(150) && took < Duration::from_millis(200),
        "{took:?}"
    );
}

#[tokio::test]
async fn x2_redirects_are_answers_and_no_credential_follows_them() {
    let followed = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&followed);
    let elsewhere = listen(move |_, _| {
        seen.fetch_add(1, Relaxed);
        async {}
    })
    .await;
    for status in [301, 302, 303, 307, 308] {
        let location = elsewhere.to_string();
        let base = listen(move |_, mut socket| {
            let head =
                format!("HTTP/1.1 {status} X\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n");
            async move {
                let request = read_request(&mut socket).await.unwrap();
                assert!(request.contains("x-api-key: k-1"), "{request}");
                write(&mut socket, head.as_bytes()).await;
            }
        })
        .await;
        let key = |request: &mut Request<Bytes>| {
            let key = HeaderValue::from_static("k-1");
            request.headers_mut().insert("x-api-key", key);
            Ok(())
        };
        let client = Client::builder(base).authorize(key).build().unwrap();
        for operation in [Say::get(), Say::post("x")] {
            let error = client.send(&operation).await.unwrap_err();
            assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
            assert_eq!(error.attempts(), 1);
        }
    }
    assert_eq!(followed.load(Relaxed), 0);
}

#[tokio::test]
async fn x2_the_user_agent_is_ours_unless_the_program_says_its_own() {
    let base = listen(|_, mut socket| async move {
        while let Some(request) = read_request(&mut socket).await {
            let agent = request
                .lines()
                .find(|line| line.starts_with("user-agent: "));
            write(&mut socket, &answer(200, agent.unwrap_or("none"))).await;
        }
    })
    .await;
    let ours = Client::builder(base.clone()).build().unwrap();
    let expected = concat!("user-agent: common-transport/", env!("CARGO_PKG_VERSION"));
    assert_eq!(ours.send(&Say::get()).await.unwrap(), expected);
    let named = Client::builder(base.clone()).user_agent("shop/1.2").build();
    let answer = named.unwrap().send(&Say::get()).await.unwrap();
    assert_eq!(answer, "user-agent: shop/1.2");
    let mut request = Say::get().request().unwrap();
    let brought = HeaderValue::from_static("tool/3");
    request.headers_mut().insert("user-agent", brought);
    let answer = ours.execute(&support::GET, request).await.unwrap();
    assert_eq!(answer.body(), "user-agent: tool/3");
    let bad = Client::builder(base).user_agent("a\nb").build();
    assert!(bad.unwrap_err().is_invalid_input());
}

/// X2: the longest times are as good as none.
#[tokio::test]
async fn x2_a_connection_may_be_kept_for_ever() {
    let base = listen(|_, mut socket| async move {
        while read_request(&mut socket).await.is_some() {
            write(&mut socket, &answer(200, "ok")).await;
        }
    })
    .await;
    let pool = Pool::builder()
        .keep_alive(Duration::MAX)
        .connect_timeout(Duration::MAX)
        .build();
    let client = Client::builder(base).pool(pool).build().unwrap();
    for _ in 0..3 {
        assert_eq!(client.send(&Say::get()).await.unwrap(), "ok");
        tokio::task::yield_now().await;
    }
}
