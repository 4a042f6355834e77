//! Bounds: other hosts, other pages, long bodies, slow and half-open connections, many clients.

use std::time::Duration;

use shopwire_sandbox::Options;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::support::{Admin, Events, send, try_send};

// S1, S5
#[tokio::test]
async fn s1_a_name_that_was_bound_to_loopback_is_refused() {
    let admin = Admin::start().await;
    let port = admin.port.to_string();
    for host in [
        "evil.example",
        "evil.example:PORT",
        "127.0.0.1",
        "127.0.0.1:1",
        "localhost.evil.example:PORT",
        "0.0.0.0:PORT",
    ] {
        let host = host.replace("PORT", &port);
        for (method, path) in [
            ("GET", "/"),
            ("GET", "/api/services"),
            ("POST", "/api/reset"),
            ("GET", "/nowhere"),
        ] {
            let answer = send(admin.port, method, path, &[("Host", &host)], "").await;
            assert_eq!(answer.status, 421, "{host} {path}");
            let error = answer.json()["error"].to_string();
            assert!(error.contains("Host: must be one of 127.0.0.1:"), "{error}");
        }
    }
    for host in ["127.0.0.1:PORT", "localhost:PORT", "[::1]:PORT"] {
        let host = host.replace("PORT", &port);
        assert_eq!(
            send(admin.port, "GET", "/", &[("Host", &host)], "")
                .await
                .status,
            200,
            "{host}"
        );
    }
}

// S1, S5
#[tokio::test]
async fn s1_pages_of_others_are_refused_and_told_nothing() {
    let admin = Admin::start().await;
    let own = format!("http://127.0.0.1:{}", admin.port);
    for origin in [
        "http://evil.example",
        "null",
        "http://127.0.0.1:1",
        "https://127.0.0.1",
    ] {
        for method in ["GET", "POST", "OPTIONS"] {
            let answer = send(admin.port, method, "/api/reset", &[("Origin", origin)], "").await;
            assert_eq!(answer.status, 403, "{origin} {method}");
            assert!(
                !answer.head.to_lowercase().contains("access-control"),
                "{}",
                answer.head
            );
        }
    }
    let answer = send(admin.port, "GET", "/api/clock", &[("Origin", &own)], "").await;
    assert_eq!(answer.status, 200);
    assert!(
        !answer.head.to_lowercase().contains("access-control"),
        "{}",
        answer.head
    );
    for (name, value) in [
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        for path in ["/", "/api/clock", "/nowhere"] {
            assert_eq!(
                admin.send("GET", path, "").await.header(name),
                Some(value),
                "{path}"
            );
        }
    }
}

// S2
#[tokio::test]
async fn s2_the_page_is_one_file_with_a_strict_policy() {
    let admin = Admin::start().await;
    let page = admin.send("GET", "/", "").await;
    assert_eq!(page.status, 200);
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    let policy = page.header("content-security-policy").expect("a policy");
    for part in [
        "default-src 'none'; script-src 'sha256-",
        "connect-src 'self'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    let text = String::from_utf8(page.body).expect("a text");
    assert!(text.starts_with("<!doctype html>") && text.contains("</html>"));
}

// S5
#[tokio::test]
async fn s5_long_bodies_are_refused_before_they_are_read() {
    let admin = Admin::start().await;
    // Announced: the answer comes at once.
    let head = format!(
        "POST /api/faults HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json\r\nContent-Length: 10485760\r\nConnection: close\r\n\r\n",
        admin.port
    );
    let mut stream = TcpStream::connect(("127.0.0.1", admin.port))
        .await
        .expect("a connection");
    stream.write_all(head.as_bytes()).await.expect("sent");
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 413");
    // Sent whole: 10 MiB, in chunks without a length.
    let mut stream = TcpStream::connect(("127.0.0.1", admin.port))
        .await
        .expect("a connection");
    let head = head.replace("Content-Length: 10485760", "Transfer-Encoding: chunked");
    stream.write_all(head.as_bytes()).await.expect("sent");
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(65536));
    for _ in 0..160 {
        // The server may close as soon as it has read enough.
        if stream.write_all(chunk.as_bytes()).await.is_err() {
            break;
        }
    }
    let mut answer = Vec::new();
    // The close of a connection with unread bytes is a reset, which may overtake the answer.
    if stream.read_to_end(&mut answer).await.is_ok() && !answer.is_empty() {
        assert!(
            answer.starts_with(b"HTTP/1.1 413"),
            "{}",
            String::from_utf8_lossy(&answer)
        );
    }
    assert_eq!(admin.sandbox.retailcrm().faults().pending(), 0);
    // A snapshot may be longer: this one is read, and refused for what it says.
    let snapshot = format!("{{\"version\":1{}}}", " ".repeat(3 << 20));
    let told = admin.refused("PUT", "/api/snapshot", &snapshot, 400).await;
    assert!(!told.contains("bytes"), "{told}");
    // Deep nesting is an error of the text.
    let deep = "[".repeat(200_000);
    let told = admin.refused("POST", "/api/faults", &deep, 400).await;
    assert!(
        told.contains("body: is not JSON: recursion limit"),
        "{told}"
    );
}

// S5
#[tokio::test(start_paused = true)]
async fn s5_slow_and_half_open_connections_are_given_up() {
    let admin = Admin::start().await;
    let head = format!(
        "POST /api/faults HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n",
        admin.port
    );
    for sent in [
        String::new(),
        head.clone(),
        format!("{head}Content-Type: application/json\r\nContent-Length: 50\r\n\r\n{{"),
    ] {
        let mut stream = TcpStream::connect(("127.0.0.1", admin.port))
            .await
            .expect("a connection");
        stream.write_all(sent.as_bytes()).await.expect("sent");
        let begun = tokio::time::Instant::now();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let waited = begun.elapsed();
        assert!(
            waited >= Duration::from_secs(50) && waited < Duration::from_secs(130),
            "{waited:?}"
        );
        if sent.ends_with('{') {
            let text = String::from_utf8_lossy(&answer);
            assert!(
                text.starts_with("HTTP/1.1 408")
                    && text.contains("body: did not arrive within 60 s"),
                "{text}"
            );
        }
    }
    assert_eq!(admin.send("GET", "/api/clock", "").await.status, 200);
}

// S5
#[tokio::test]
async fn s5_a_thousand_clients_of_the_stream_are_bounded() {
    let admin = Admin::start().await;
    let mut open = Vec::new();
    let mut refused = 0;
    for _ in 0..1000 {
        if open.len() < 256 {
            open.push(Events::open(admin.port, "").await);
            continue;
        }
        let answer = admin.send("GET", "/api/events", "").await;
        assert_eq!(answer.status, 429);
        assert!(
            answer.json()["error"]
                .to_string()
                .contains("events: 256 clients")
        );
        refused += 1;
    }
    assert_eq!((open.len(), refused), (256, 744));
    // The sandbox and the API go on, and each client gets the event.
    admin
        .crm("GET", "/api/v5/orders", "")
        .await
        .expect("an answer");
    for events in &mut open {
        assert_eq!(events.event("request").await["path"], "/api/v5/orders");
    }
    // A place is free again when a client has gone.
    open.pop();
    let mut opened = false;
    for _ in 0..200 {
        let probe = tokio::time::timeout(
            Duration::from_millis(200),
            admin.send("GET", "/api/events", ""),
        )
        .await;
        opened = probe.is_err();
        if opened {
            break;
        }
    }
    assert!(opened, "no place became free");
}

// S5
#[tokio::test]
async fn s5_the_port_is_closed_with_the_sandbox() {
    let admin = Admin::start().await;
    let port = admin.port;
    let mut events = Events::open(port, "").await;
    admin.sandbox.shutdown().await;
    assert_eq!(events.next().await, None, "the stream ends");
    assert!(try_send(port, "GET", "/", &[], "").await.is_err());
    // Without the option there is no port.
    let sandbox = shopwire_sandbox::Sandbox::start(Options::default())
        .await
        .expect("a sandbox");
    assert!(sandbox.admin().is_none() && !sandbox.to_json().contains("admin"));
    // A port that is taken is named.
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let number = taken.local_addr().expect("an address").port();
    let error = shopwire_sandbox::Sandbox::start(Options::default().admin_port(number))
        .await
        .expect_err("taken");
    assert_eq!(
        error.to_string(),
        format!("the admin API cannot listen on 127.0.0.1:{number}: the port is in use")
    );
}
