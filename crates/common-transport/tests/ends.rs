//! Every end of an HTTP/1.1 connection on real sockets, and what is said of it.
#![cfg(feature = "client")]

mod support;

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

use common_transport::{BaseUrl, Client, Error, ErrorKind, Metadata, RetryPolicy, retry::Budget};
use support::{GET, POST, Say, answer, listen, read_request, reset, url, write};
use tokio::{
    net::{TcpListener, TcpStream},
    time::{Duration, sleep},
};

fn client(base: BaseUrl) -> Client {
    Client::builder(base)
        .retry(
            RetryPolicy::new()
                .waits(Duration::ZERO, Duration::ZERO)
                .budget(Arc::new(Budget::new(100, 1_000))),
        )
        .attempt_timeout(Duration::from_secs(5))
        .build()
        .unwrap()
}

async fn send(client: &Client, metadata: &'static Metadata) -> Error {
    let body = if metadata.method == http::Method::GET {
        ""
    } else {
        "x"
    };
    let operation = Say {
        metadata,
        body: body.into(),
    };
    client.send(&operation).await.unwrap_err()
}

async fn closed_port() -> BaseUrl {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    url(listener.local_addr().unwrap())
}

/// What a server does with a connection once it has read a request.
async fn serving<F>(end: impl Fn(TcpStream) -> F + Clone + Send + 'static) -> BaseUrl
where
    F: Future<Output = ()> + Send + 'static,
{
    listen(move |_, mut socket| {
        let end = end.clone();
        async move {
            if read_request(&mut socket).await.is_some() {
                end(socket).await;
            }
        }
    })
    .await
}

// H6, F11
#[tokio::test]
async fn h6_every_end_of_a_connection_is_told_as_the_table_has_it() {
    let half = |text: &'static [u8]| {
        serving(move |mut socket: TcpStream| async move { write(&mut socket, text).await })
    };
    let ends: [(&str, BaseUrl, ErrorKind, bool); 6] = [
        (
            "closed port",
            closed_port().await,
            ErrorKind::Connect,
            false,
        ),
        (
            "reset",
            serving(|socket| async { reset(socket) }).await,
            ErrorKind::Transport,
            true,
        ),
        (
            "closed",
            serving(|socket| async { drop(socket) }).await,
            ErrorKind::Transport,
            true,
        ),
        (
            "half a head",
            half(b"HTTP/1.1 20").await,
            ErrorKind::Transport,
            true,
        ),
        (
            "no HTTP",
            half(b"SSH-2.0-OpenSSH_9.6\r\n").await,
            ErrorKind::Transport,
            true,
        ),
        (
            "half a body",
            half(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx").await,
            ErrorKind::Transport,
            true,
        ),
    ];
    for (name, base, kind, landed) in ends {
        let client = client(base);
        let error = send(&client, &POST).await;
        assert_eq!(
            (error.kind(), error.may_have_landed()),
            (kind, landed),
            "{name}: {error:?}"
        );
        let repeated = if landed { 1 } else { 4 };
        assert_eq!(error.attempts(), repeated, "{name}");
        let error = send(&client, &GET).await;
        assert_eq!(
            (error.kind(), error.may_have_landed()),
            (kind, false),
            "{name}: {error:?}"
        );
        assert_eq!(error.attempts(), 4, "{name}");
    }
}

/// Says 408 to nobody: on fresh connections of even numbers, and on others after an answer, when they are idle.
async fn impatient() -> (BaseUrl, Arc<AtomicUsize>) {
    let requests = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&requests);
    let base = listen(move |number, mut socket| {
        let seen = Arc::clone(&seen);
        async move {
            if number % 2 == 1 && read_request(&mut socket).await.is_some() {
                seen.fetch_add(1, Relaxed);
                write(&mut socket, &answer(200, "done")).await;
            }
            write(&mut socket, &answer(408, "")).await;
        }
    })
    .await;
    (base, requests)
}

// H6: a 408 that came before the request was sent answers another question. One that crosses the request on the wire
// cannot be told from its answer.
#[tokio::test]
async fn h6_a_408_that_nobody_asked_for_proves_that_nothing_was_looked_at() {
    let (base, requests) = impatient().await;
    let client = client(base);
    let mut done = 0;
    for round in 1..=40 {
        match client.send(&Say::post("x")).await {
            Ok(_) => done += 1,
            Err(error) => assert!(error.may_have_landed(), "{round}: {error:?}"),
        }
        assert_eq!(requests.load(Relaxed), done, "each is looked at once");
        sleep(Duration::from_millis(1)).await;
    }
    assert!(done >= 30, "{done} of 40");
}
