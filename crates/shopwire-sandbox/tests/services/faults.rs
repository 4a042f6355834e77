//! Faults on demand, seen from the wire.

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::json;
use shopwire_sandbox::{Fault, Options, ResetAt, Sandbox};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Http, Signed};

const PRODUCT: &str = r#"{"id":"1","title":"a"}"#;

async fn sandbox() -> Sandbox {
    Sandbox::start(Options::default()).await.expect("a sandbox")
}

/// Sends the bytes of a request and reads until the connection ends; the error is how it ended.
async fn raw(sandbox: &Sandbox, request: &str) -> (String, std::io::Result<()>) {
    let address = sandbox.uvygoda().url().replace("http://", "");
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(request.as_bytes()).await.expect("sent");
    let (mut seen, mut buffer) = (Vec::new(), [0; 4096]);
    let end = loop {
        match stream.read(&mut buffer).await {
            Ok(0) => break Ok(()),
            Ok(count) => seen.extend_from_slice(&buffer[..count]),
            Err(error) => break Err(error),
        }
    };
    (String::from_utf8_lossy(&seen).into_owned(), end)
}

fn stages(sandbox: &Sandbox) -> String {
    format!(
        "POST /local/api/api.php HTTP/1.1\r\nhost: a\r\nmethod: getStages\r\ntoken: {}\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n[]",
        sandbox.uvygoda().token()
    )
}

#[tokio::test]
async fn x8_n91_unavailable_is_the_throttling_page_and_does_nothing() {
    let sandbox = sandbox().await;
    let client = Signed::new(sandbox.nicechat());
    sandbox
        .nicechat()
        .faults()
        .push(Fault::unavailable().times(2));
    for _ in 0..2 {
        let answer = client.call("POST", "/products/", PRODUCT).await;
        assert_eq!(answer.status, 503);
        assert!(answer.body.contains("503 Service Temporarily Unavailable"));
    }
    assert_eq!(sandbox.nicechat().product_count(), 0);
    assert_eq!(client.call("POST", "/products/", PRODUCT).await.status, 201);
    sandbox
        .nicechat()
        .faults()
        .push(Fault::status(StatusCode::BAD_GATEWAY));
    assert_eq!(client.call("GET", "/products/", "").await.status, 502);
    let log = sandbox.nicechat().requests().log();
    assert_eq!(
        log.iter().map(|one| one.processed).collect::<Vec<_>>(),
        [false, false, true, false]
    );
}

#[tokio::test]
async fn x8_a_refusal_may_say_when_to_come_again() {
    let sandbox = sandbox().await;
    let fault =
        Fault::status(StatusCode::TOO_MANY_REQUESTS).retry_after(Duration::from_millis(1500));
    sandbox.uvygoda().faults().push(fault);
    let request = stages(&sandbox).replace("host: a", "host: a\r\nconnection: close");
    let (seen, _) = raw(&sandbox, &request).await;
    assert!(
        seen.starts_with("HTTP/1.1 429") && seen.contains("retry-after: 2\r\n"),
        "{seen}"
    );
}

#[tokio::test]
async fn x8_a_reset_is_a_reset_and_lands_where_it_was_put() {
    let sandbox = sandbox().await;
    let service = sandbox.nicechat();
    let client = Signed::new(service);
    for (at, landed) in [(ResetAt::BeforeCommit, 0), (ResetAt::AfterCommit, 1)] {
        service
            .faults()
            .push(Fault::reset(at).on(Method::POST, "/marketplaces/v1/products/"));
        assert_eq!(
            client.call("GET", "/products/", "").await.status,
            200,
            "another request is left alone"
        );
        client
            .try_call("POST", "/products/", PRODUCT)
            .await
            .expect_err("reset");
        assert_eq!(service.product_count(), landed, "{at:?}");
    }
    service.faults().push(Fault::reset(ResetAt::DuringCommit));
    client
        .try_call("DELETE", "/products/1/", "")
        .await
        .expect_err("reset");
    while service.product_count() > 0 {
        tokio::task::yield_now().await;
    }
    sandbox
        .uvygoda()
        .faults()
        .push(Fault::reset(ResetAt::AfterCommit));
    let (seen, end) = raw(&sandbox, &stages(&sandbox)).await;
    assert_eq!(
        (seen.as_str(), end.expect_err("no orderly end").kind()),
        ("", std::io::ErrorKind::ConnectionReset)
    );
}

#[tokio::test]
async fn x8_a_truncated_body_ends_early() {
    let sandbox = sandbox().await;
    sandbox
        .uvygoda()
        .faults()
        .push(Fault::truncated().on(Method::POST, "getStages"));
    let (seen, end) = raw(&sandbox, &stages(&sandbox)).await;
    end.expect("an orderly end");
    let (head, body) = seen.split_once("\r\n\r\n").expect("a head");
    let announced = head.lines().find_map(|line| {
        line.to_lowercase()
            .strip_prefix("content-length: ")
            .map(str::to_owned)
    });
    let announced: usize = announced
        .and_then(|text| text.parse().ok())
        .expect("a length");
    assert_eq!(body.len(), announced / 2);
}

#[tokio::test]
async fn x8_a_stall_sends_nothing_or_half_and_keeps_the_connection() {
    let sandbox = sandbox().await;
    for (fault, sends_head) in [(Fault::stall(), false), (Fault::stall_in_body(), true)] {
        sandbox.uvygoda().faults().push(fault);
        let address = sandbox.uvygoda().url().replace("http://", "");
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        stream
            .write_all(stages(&sandbox).as_bytes())
            .await
            .expect("sent");
        let (mut seen, mut buffer) = (Vec::new(), [0; 4096]);
        // The wait itself is what is shown: nothing (more) comes, and the connection does not end.
        while let Ok(read) =
            tokio::time::timeout(Duration::from_millis(300), stream.read(&mut buffer)).await
        {
            let count = read.expect("an open connection");
            assert_ne!(count, 0, "the connection was closed");
            seen.extend_from_slice(&buffer[..count]);
        }
        assert_eq!(!seen.is_empty(), sends_head);
    }
}

#[tokio::test]
async fn x8_latency_delays_the_answer_alone() {
    let sandbox = sandbox().await;
    let client = Signed::new(sandbox.nicechat());
    sandbox
        .nicechat()
        .faults()
        .push(Fault::latency(Duration::from_millis(150)));
    let start = tokio::time::Instant::now();
    assert_eq!(client.call("POST", "/products/", PRODUCT).await.status, 201);
    assert!(start.elapsed() >= Duration::from_millis(150));
}

#[tokio::test]
async fn n92_u51_html_and_php_noise_instead_of_json() {
    let sandbox = sandbox().await;
    let client = Signed::new(sandbox.nicechat());
    sandbox.nicechat().faults().push(Fault::html());
    let answer = client.call("POST", "/products/", PRODUCT).await;
    assert_eq!(answer.status, 200);
    assert!(answer.body.starts_with("<!DOCTYPE html>"));
    assert_eq!(sandbox.nicechat().product_count(), 1, "the effect landed");
    sandbox.nicechat().faults().push(Fault::php_warning());
    let noisy = client.call("GET", "/products/", "").await.body;
    assert!(
        noisy.starts_with('\u{feff}') && noisy.contains("<b>Warning</b>") && noisy.ends_with('}')
    );
    sandbox.nicechat().faults().push(Fault::trailing_commas());
    assert!(
        client
            .call("GET", "/products/", "")
            .await
            .body
            .ends_with(",},}")
    );
}

#[tokio::test]
async fn u48_u49_u50_php_shapes_are_flipped() {
    let sandbox = sandbox().await;
    let url = format!("{}/local/api/api.php", sandbox.uvygoda().url());
    let token = sandbox.uvygoda().token();
    let headers = [
        ("content-type", "application/json"),
        ("token", token.as_str()),
        ("method", "getStages"),
    ];
    sandbox.uvygoda().faults().push(Fault::flipped_shapes());
    let flipped = Http::new().send("POST", &url, &headers, "[]").await.json();
    assert_eq!(
        flipped["STAGES"][0],
        json!({"ID": "123", "NAME": "Новый, не оплачен"})
    );
}

#[tokio::test]
async fn x8_a_stopped_sandbox_refuses_connections() {
    let one = sandbox().await;
    let address = one.nicechat().url().replace("http://", "");
    let client = Signed::new(one.nicechat());
    assert_eq!(client.call("GET", "/products/", "").await.status, 200);
    one.shutdown().await;
    assert!(TcpStream::connect(address).await.is_err());

    let other = sandbox().await;
    let address = other.uvygoda().url().replace("http://", "");
    let mut idle = TcpStream::connect(&address).await.expect("a connection");
    drop(other);
    let mut buffer = [0; 8];
    let end = idle.read(&mut buffer).await;
    assert!(
        matches!(end, Ok(0) | Err(_)),
        "open connections end with it"
    );
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn x8_requests_are_counted_without_secrets() {
    let sandbox = sandbox().await;
    let client = Signed::new(sandbox.nicechat());
    for _ in 0..3 {
        client.call("GET", "/products/?page=1", "").await;
    }
    client
        .form("POST", "/products/", &[("id", "1"), ("title", "a")])
        .await;
    let requests = sandbox.nicechat().requests();
    assert_eq!(
        (
            requests.total(),
            requests.count(&Method::GET, "/marketplaces/v1/products/")
        ),
        (4, 3)
    );
    assert_eq!(requests.connections(), 1, "kept alive");
    let log = format!("{:?}{:?}{:?}", requests.log(), sandbox, requests);
    for secret in [
        &sandbox.nicechat().api_secret(),
        &sandbox.nicechat().api_key(),
        &sandbox.uvygoda().token(),
        "page=1",
    ] {
        assert!(!log.contains(secret), "{log}");
    }
}
