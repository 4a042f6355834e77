//! The stream of events.

use std::time::Duration;

use shopwire_sandbox::Options;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;

use super::support::{Admin, Events};

// S1
#[tokio::test]
async fn s1_events_tell_of_requests_faults_the_clock_and_the_state() {
    let admin = Admin::start().await;
    let mut events = Events::open(admin.port, "").await;
    admin
        .crm("GET", "/api/v5/orders", "")
        .await
        .expect("an answer");
    let request = events.next().await.expect("an event");
    assert!(
        request.contains("event: request") && request.contains("id: 1\n"),
        "{request}"
    );
    admin
        .done(
            "POST",
            "/api/faults",
            r#"{"service":"retailcrm","kind":"unavailable"}"#,
        )
        .await;
    assert_eq!(events.event("fault").await["happened"], 0);
    admin
        .crm("GET", "/api/v5/orders", "")
        .await
        .expect("an answer");
    // The fault happens before the answer.
    assert_eq!(events.event("fault").await["happened"], 1);
    let request = events.event("request").await;
    assert_eq!(
        (&request["status"], &request["fault"]),
        (&503.into(), &"unavailable".into())
    );
    admin.done("PUT", "/api/clock", r#"{"frozen":true}"#).await;
    assert_eq!(events.event("clock").await["frozen"], true);
    let before = admin.done("GET", "/api/clock", "").await;
    admin
        .done("POST", "/api/clock/advance", r#"{"seconds":60}"#)
        .await;
    let moved = events.event("clock").await;
    assert_ne!(moved["now"], before["now"]);
    admin
        .done("POST", "/api/reset", r#"{"keep":["clock"]}"#)
        .await;
    assert_eq!(events.event("state").await["by"], "reset");
}

// S1
#[tokio::test]
async fn s1_a_client_that_connects_again_gets_what_it_missed() {
    let admin = Admin::start().await;
    for number in 1..=5 {
        admin.order(&format!("A-{number}")).await;
    }
    let mut events = Events::open(admin.port, "Last-Event-ID: 2\r\n").await;
    for id in 3..=5 {
        assert_eq!(events.event("request").await["id"], id);
    }
    admin.order("A-6").await;
    assert_eq!(events.event("request").await["id"], 6, "each once");
}

// S1
#[tokio::test(start_paused = true)]
async fn s1_a_silent_stream_shows_that_it_is_alive() {
    let admin = Admin::with(
        Options::default().clock(shopwire_sandbox::ClockStart::FrozenAt(
            std::time::UNIX_EPOCH,
        )),
    )
    .await;
    let mut events = Events::open(admin.port, "").await;
    let begun = tokio::time::Instant::now();
    assert_eq!(events.next().await.as_deref(), Some(": keep-alive"));
    assert_eq!(events.next().await.as_deref(), Some(": keep-alive"));
    assert!(
        begun.elapsed() >= Duration::from_secs(29),
        "{:?}",
        begun.elapsed()
    );
}

// S5
#[tokio::test]
async fn s5_a_slow_client_is_cut_off_and_holds_nothing_up() {
    let admin = Admin::start().await;
    // A small buffer, so that the sandbox soon cannot write any more.
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(64 << 10).expect("a size");
    let address = ([127, 0, 0, 1], admin.port).into();
    let mut slow = socket.connect(address).await.expect("a connection");
    let head = format!(
        "GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n",
        admin.port
    );
    slow.write_all(head.as_bytes()).await.expect("sent");
    // It reads the head, and nothing of the events.
    let mut first = [0; 64];
    slow.read_exact(&mut first).await.expect("a head");
    // Events of 2 KiB: more than the socket's buffers and the queue hold.
    const COUNT: usize = 7_000;
    let crm = admin.sandbox.retailcrm();
    let (url, key) = (crm.url(), crm.api_key().to_string());
    let http = super::services::Http::new();
    let path = format!("{url}/api/v5/nowhere/{}", "x".repeat(2_000));
    for _ in 0..COUNT {
        let answer = http.send("GET", &path, &[("X-API-KEY", &key)], "").await;
        assert_eq!(answer.status, 404);
    }
    let mut rest = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(60), slow.read_to_end(&mut rest)).await;
    read.expect("the stream ends").expect("in order");
    let text = String::from_utf8_lossy(&rest);
    assert!(
        text.contains(": cut off: "),
        "{}",
        &text[text.len().saturating_sub(300)..]
    );
    assert_eq!(
        admin.done("GET", "/api/requests?limit=1", "").await["requests"][0]["id"],
        COUNT
    );
}
