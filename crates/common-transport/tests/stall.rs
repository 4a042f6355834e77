//! Every call ends by its deadline, wherever in the exchange the peer falls silent.
//!
//! Sockets are real, time is not: it jumps whenever nobody has anything to do, so what is measured is the
//! client's own clocks and not the load of this machine.
#![cfg(feature = "client")]

mod support;

use std::future::Future;

use bytes::Bytes;
use common_transport::{BaseUrl, Client, ClientBuilder, Error, RetryPolicy};
use support::{Say, listen, read_request, url, write};
use tokio::{
    io::AsyncReadExt,
    net::{TcpSocket, TcpStream},
    time::{Duration, Instant, sleep},
};

/// Longer than any test waits.
const FOREVER: Duration = Duration::from_secs(1_000_000);
const SLACK: Duration = Duration::from_millis(50);

const LENGTH: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 12\r\n\r\n{\"id\":12345}";
const CHUNKED: &[u8] =
    b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nabcd\r\n8\r\nefghijkl\r\n0\r\n\r\n";
const UNTIL_CLOSE: &[u8] =
    b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nuntil the connection closes";

/// A call to `client`, which must fail at its deadline: not later, and not before for another reason.
async fn fails_by(client: &Client, operation: &Say, deadline: Duration, case: &str) -> Error {
    let begin = Instant::now();
    let result = client.send(operation).await;
    let took = begin.elapsed();
    let error = result.expect_err(case);
    assert!(error.is_timeout(), "{case}: {error:?}");
    assert!(
        (deadline..=deadline + SLACK).contains(&took),
        "{case}: {took:?}"
    );
    error
}

/// Serves each connection by `serve`; the kernel takes as little as it can before `serve` reads.
async fn listen_narrow<F>(serve: impl Fn(TcpStream) -> F + Send + 'static) -> BaseUrl
where
    F: Future<Output = ()> + Send + 'static,
{
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(1).expect("the least there is");
    socket
        .bind(([127, 0, 0, 1], 0).into())
        .expect("a free port");
    let listener = socket.listen(8).expect("loopback");
    let address = listener.local_addr().expect("bound");
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(serve(socket));
        }
    });
    url(address)
}

fn once(builder: ClientBuilder) -> Client {
    builder.retry(RetryPolicy::none()).build().unwrap()
}

#[tokio::test(start_paused = true)]
async fn n91_the_total_deadline_holds_at_every_byte_of_the_answer() {
    for answer in [LENGTH, CHUNKED, UNTIL_CLOSE] {
        for until in 0..answer.len() {
            let base = listen(move |_, mut socket| async move {
                read_request(&mut socket).await;
                write(&mut socket, &answer[..until]).await;
                sleep(FOREVER).await;
            })
            .await;
            let deadline = Duration::from_secs(3);
            let client = once(Client::builder(base).total_timeout(deadline));
            let case = format!("silent after {until} bytes of the answer");
            let error = fails_by(&client, &Say::post("x"), deadline, &case).await;
            assert!(error.may_have_landed(), "{case}");
        }
    }
}

// T6, N91: the peer's window is small, so the client is still sending.
#[tokio::test(start_paused = true)]
async fn n91_the_total_deadline_holds_at_every_byte_of_the_request() {
    // More than the kernel's buffers take with a small window at the peer: the client is still
    // sending when the peer falls silent.
    let body = Bytes::from(vec![b'x'; 8 * 1024 * 1024]);
    let head = "POST /add HTTP/1.1\r\nuser-agent: common-transport/0.1.0\r\nhost: 127.0.0.1:12345\r\ncontent-length: 8388608\r\n\r\n".len();
    let in_body = (1..=8).map(|shift| head + (1 << (2 * shift)));
    for until in (0..=head).chain(in_body) {
        let base = listen_narrow(move |mut socket| async move {
            let mut some = vec![0; until];
            socket.read_exact(&mut some).await.expect("so much is sent");
            sleep(FOREVER).await;
        })
        .await;
        let deadline = Duration::from_secs(3);
        let client = once(Client::builder(base).total_timeout(deadline));
        let case = format!("{until} bytes read");
        let error = fails_by(&client, &Say::post(body.clone()), deadline, &case).await;
        assert!(error.may_have_landed(), "{case}");
    }
}

#[tokio::test(start_paused = true)]
async fn n91_a_peer_that_reads_slowly_is_no_stall() {
    let base = listen_narrow(|mut socket| async move {
        let mut left = 8 * 1024 * 1024;
        let mut piece = vec![0; 512 * 1024];
        while left > 0 {
            sleep(Duration::from_millis(500)).await;
            let read = socket.read(&mut piece).await.expect("it goes on");
            left -= read.min(left);
        }
        write(&mut socket, LENGTH).await;
        sleep(FOREVER).await;
    })
    .await;
    let client = once(
        Client::builder(base)
            .response_timeout(Duration::from_secs(100_000))
            .attempt_timeout(Duration::from_secs(100_000))
            .total_timeout(Duration::from_secs(100_000)),
    );
    let sent = client.send(&Say::post(vec![b'x'; 8 * 1024 * 1024])).await;
    assert_eq!(sent.unwrap(), "{\"id\":12345}");
}

#[tokio::test(start_paused = true)]
async fn n91_each_clock_holds_on_its_own() {
    let silent_after = |until: usize| {
        listen(move |_, mut socket| async move {
            read_request(&mut socket).await;
            write(&mut socket, &LENGTH[..until]).await;
            sleep(FOREVER).await;
        })
    };
    let bound = Duration::from_secs(2);
    let in_head = silent_after(30).await;
    let in_body = silent_after(LENGTH.len() - 3).await;
    for (builder, case) in [
        (
            Client::builder(in_head.clone()).attempt_timeout(bound),
            "attempt, head",
        ),
        (
            Client::builder(in_body.clone()).attempt_timeout(bound),
            "attempt, body",
        ),
        (Client::builder(in_head).response_timeout(bound), "response"),
        (Client::builder(in_body).idle_timeout(bound), "idle"),
    ] {
        fails_by(&once(builder), &Say::post("x"), bound, case).await;
    }
}

#[tokio::test(start_paused = true)]
async fn n91_repeats_end_by_the_deadline_too() {
    let base = listen(|_, mut socket| async move {
        read_request(&mut socket).await;
        sleep(FOREVER).await;
    })
    .await;
    let deadline = Duration::from_secs(5);
    let client = Client::builder(base)
        .attempt_timeout(Duration::from_secs(2))
        .total_timeout(deadline)
        .retry(RetryPolicy::new().randomness(|| u64::MAX))
        .build()
        .unwrap();
    let error = fails_by(&client, &Say::get(), deadline, "repeats").await;
    assert_eq!(
        error.attempts(),
        3,
        "two whole attempts and a part: {error:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn n91_a_tls_peer_that_falls_silent_in_the_handshake_ends_by_the_connect_clock() {
    // The head of a TLS record that promises a handshake message of 122 bytes.
    let record = [22, 3, 3, 0, 122, 2, 0, 0, 118, 3, 3];
    for until in 0..=record.len() {
        let base = listen(move |_, mut socket| async move {
            write(&mut socket, &record[..until]).await;
            sleep(FOREVER).await;
        })
        .await;
        let base = base
            .to_string()
            .replace("http://", "https://")
            .parse()
            .unwrap();
        let bound = Duration::from_secs(2);
        let pool = common_transport::Pool::builder()
            .connect_timeout(bound)
            .roots(common_transport::client::Roots::Only(Vec::new()))
            .build();
        let client = once(Client::builder(base).pool(pool));
        let case = format!("silent after {until} bytes of the handshake");
        let error = fails_by(&client, &Say::post("x"), bound, &case).await;
        assert!(!error.may_have_landed(), "{case}");
    }
}

#[tokio::test(start_paused = true)]
async fn n91_a_slow_and_living_body_raises_no_alarm() {
    let base = listen(|_, mut socket| async move {
        read_request(&mut socket).await;
        for byte in CHUNKED {
            write(&mut socket, &[*byte]).await;
            sleep(Duration::from_millis(1_900)).await;
        }
    })
    .await;
    let client = once(
        Client::builder(base)
            .response_timeout(Duration::from_secs(200))
            .attempt_timeout(Duration::from_secs(1_000))
            .total_timeout(Duration::from_secs(1_000))
            .idle_timeout(Duration::from_secs(30)),
    );
    assert_eq!(client.send(&Say::get()).await.unwrap(), "abcdefghijkl");
}
