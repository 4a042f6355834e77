//! What the sandbox gives its peers at most: time, bytes, headers.

use std::time::Duration;

use shopwire_sandbox::{Options, Sandbox};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::Instant;

async fn connected(sandbox: &Sandbox) -> TcpStream {
    let url = sandbox.retailcrm().url();
    let address = url.trim_start_matches("http://");
    TcpStream::connect(address).await.expect("a connection")
}

/// Sends these bytes and reads until the server closes; how long that took, and what came.
async fn sent(sandbox: &Sandbox, bytes: &[u8]) -> (Duration, String) {
    let mut stream = connected(sandbox).await;
    let started = Instant::now();
    // A server that has read enough closes before all is sent.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    // A reset after the answer is an end too.
    let _ = stream.read_to_end(&mut answer).await;
    (
        started.elapsed(),
        String::from_utf8_lossy(&answer).into_owned(),
    )
}

// H11
#[tokio::test(start_paused = true)]
async fn h11_idle_and_half_sent_connections_are_given_up() {
    let sandbox = Sandbox::start(Options::default()).await.expect("a sandbox");
    let minute = Duration::from_secs(60)..Duration::from_secs(70);
    for head in ["", "GET /api/v5/ord", "GET / HTTP/1.1\r\nhost: a\r\nx-a: "] {
        let (took, _) = sent(&sandbox, head.as_bytes()).await;
        assert!(minute.contains(&took), "{head:?} {took:?}");
    }
    let head = "POST /api/v5/orders/create HTTP/1.1\r\nhost: a\r\n";
    for body in [
        "content-length: 100\r\n\r\norder=",
        "transfer-encoding: chunked\r\n\r\n5\r\norder\r\n",
    ] {
        let (took, answer) = sent(&sandbox, format!("{head}{body}").as_bytes()).await;
        assert!(minute.contains(&took), "{body:?} {took:?}");
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    }
    // After an answer the connection is idle again.
    let (took, answer) = sent(
        &sandbox,
        b"GET /api/api-versions HTTP/1.1\r\nhost: a\r\n\r\n",
    )
    .await;
    assert!(
        minute.contains(&took) && answer.starts_with("HTTP/1.1 403 "),
        "{took:?} {answer}"
    );
}

// H11: an announced length tells enough.
#[tokio::test(start_paused = true)]
async fn h11_a_body_that_is_announced_too_long_is_refused_without_waiting_for_it() {
    let sandbox = Sandbox::start(Options::default()).await.expect("a sandbox");
    let announced = |length: u64| {
        format!("POST /api/v5/files/upload HTTP/1.1\r\nhost: a\r\ncontent-length: {length}\r\n\r\n")
    };
    for length in [(64 << 20) + 1, 1 << 62] {
        let (took, answer) = sent(&sandbox, announced(length).as_bytes()).await;
        assert!(took < Duration::from_secs(1), "{length} {took:?}");
        assert!(answer.starts_with("HTTP/1.1 413 "), "{length} {answer}");
    }
    // The greatest length is waited for.
    let (took, answer) = sent(&sandbox, announced(64 << 20).as_bytes()).await;
    assert!(took >= Duration::from_secs(60), "{took:?}");
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
}

// H11
#[tokio::test]
async fn h11_headers_and_bodies_have_a_greatest_size() {
    let sandbox = Sandbox::start(Options::default()).await.expect("a sandbox");
    let head = |size: usize| {
        let filler = "x".repeat(size);
        format!(
            "GET /api/api-versions HTTP/1.1\r\nhost: a\r\nconnection: close\r\nx-a: {filler}\r\n\r\n"
        )
    };
    let (_, answer) = sent(&sandbox, head(32 << 10).as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    for size in [80 << 10, 200 << 10, 2 << 20] {
        let (_, answer) = sent(&sandbox, head(size).as_bytes()).await;
        assert!(
            answer.starts_with("HTTP/1.1 431 ") || answer.is_empty(),
            "{size} {answer}"
        );
    }
    // A length that is not announced is found while the body comes.
    let mut request =
        b"POST /api/v5/files/upload HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n4000001\r\n"
            .to_vec();
    request.resize(request.len() + (64 << 20) + 1, b'x');
    let (_, answer) = sent(&sandbox, &request).await;
    assert!(
        answer.starts_with("HTTP/1.1 413 ") || answer.is_empty(),
        "{answer}"
    );
    assert_eq!(sandbox.retailcrm().requests().answered(413), 1);
}
