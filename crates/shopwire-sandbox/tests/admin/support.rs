//! A client that writes bytes to a socket, and a sandbox with its admin API.

use std::time::Duration;

use serde_json::Value;
use shopwire_sandbox::{Options, RateLimit, Sandbox};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Longest wait for anything; a test that waits in vain fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// An answer as it came.
#[derive(Debug)]
pub(crate) struct Raw {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Raw {
    /// The body, which has to be JSON.
    pub(crate) fn json(&self) -> Value {
        let body = String::from_utf8_lossy(&self.body);
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {body}"))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

/// A running sandbox, and the port of its admin API.
pub(crate) struct Admin {
    pub(crate) sandbox: Sandbox,
    pub(crate) port: u16,
}

/// Returns the port of an URL like `http://127.0.0.1:4711`.
pub(crate) fn port_of(url: &str) -> u16 {
    let port = url.rsplit(':').next().and_then(|port| port.parse().ok());
    port.expect("a port")
}

impl Admin {
    pub(crate) async fn start() -> Self {
        Self::with(Options::default()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let options = options
            .retailcrm(|crm| crm.rate_limit(RateLimit::Lifted))
            .admin_port(0);
        let sandbox = Sandbox::start(options).await.expect("a sandbox");
        let port = port_of(&sandbox.admin().expect("an admin API").url());
        Self { sandbox, port }
    }

    /// Sends one request of the admin API.
    pub(crate) async fn send(&self, method: &str, path: &str, body: &str) -> Raw {
        send(self.port, method, path, &[], body).await
    }

    /// Sends a request that has to succeed; returns its JSON, or null.
    pub(crate) async fn done(&self, method: &str, path: &str, body: &str) -> Value {
        let answer = self.send(method, path, body).await;
        assert!(
            answer.status < 300,
            "{method} {path}: {answer:?} {}",
            String::from_utf8_lossy(&answer.body)
        );
        match answer.body.is_empty() {
            true => Value::Null,
            false => answer.json(),
        }
    }

    /// Sends a request that has to be refused with this status; returns the error.
    pub(crate) async fn refused(
        &self,
        method: &str,
        path: &str,
        body: &str,
        status: u16,
    ) -> String {
        let answer = self.send(method, path, body).await;
        assert_eq!(
            answer.status,
            status,
            "{method} {path} {body:.200}: {}",
            String::from_utf8_lossy(&answer.body)
        );
        answer.json()["error"].as_str().expect("a text").to_owned()
    }

    /// Calls RetailCRM with its key.
    pub(crate) async fn crm(
        &self,
        method: &str,
        path: &str,
        form: &str,
    ) -> Result<Raw, std::io::Error> {
        let crm = self.sandbox.retailcrm();
        let key = crm.api_key().to_string();
        let headers = [
            ("X-API-KEY", key.as_str()),
            ("Content-Type", "application/x-www-form-urlencoded"),
        ];
        try_send(port_of(&crm.url()), method, path, &headers, form).await
    }

    /// Creates an order; returns its id.
    pub(crate) async fn order(&self, number: &str) -> i64 {
        let form = format!("order=%7B%22number%22%3A%22{number}%22%7D");
        let answer = self
            .crm("POST", "/api/v5/orders/create", &form)
            .await
            .expect("an answer");
        let answer = answer.json();
        answer["id"].as_i64().unwrap_or_else(|| panic!("{answer}"))
    }
}

/// Sends one request that has to be answered.
pub(crate) async fn send(
    port: u16,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Raw {
    let sent = try_send(port, method, path, headers, body).await;
    sent.unwrap_or_else(|error| panic!("{method} {path}: {error}"))
}

/// Sends one request on a connection of its own, with `Host` and, for a body, JSON unless the headers say otherwise.
pub(crate) async fn try_send(
    port: u16,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Result<Raw, std::io::Error> {
    let has = |name: &str| {
        headers
            .iter()
            .any(|(known, _)| known.eq_ignore_ascii_case(name))
    };
    let mut head = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
    if !has("host") {
        head.push_str(&format!("Host: 127.0.0.1:{port}\r\n"));
    }
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() {
        if !has("content-type") {
            head.push_str("Content-Type: application/json\r\n");
        }
        head.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    let exchange = async {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream
            .write_all(format!("{head}\r\n{body}").as_bytes())
            .await?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await?;
        Ok(bytes)
    };
    let bytes: Result<_, std::io::Error> = tokio::time::timeout(PATIENCE, exchange)
        .await
        .expect("no end came");
    parsed(&bytes?)
}

/// Sends a GET that may take as long as the caller allows.
pub(crate) async fn send_patiently(port: u16, path: &str) -> Raw {
    let mut stream = TcpStream::connect(("127.0.0.1", port))
        .await
        .expect("a connection");
    let head =
        format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await.expect("sent");
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.expect("an answer");
    parsed(&bytes).expect("an answer")
}

fn parsed(bytes: &[u8]) -> Result<Raw, std::io::Error> {
    let broken =
        || std::io::Error::other(format!("no answer: {:?}", String::from_utf8_lossy(bytes)));
    let end = bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .ok_or_else(broken)?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let status = head
        .get(9..12)
        .and_then(|status| status.parse().ok())
        .ok_or_else(broken)?;
    let body = bytes[end + 4..].to_vec();
    Ok(Raw { status, head, body })
}

/// A stream of server-sent events, read block by block.
pub(crate) struct Events {
    stream: TcpStream,
    read: String,
}

impl Events {
    pub(crate) async fn open(port: u16, headers: &str) -> Self {
        let mut stream = TcpStream::connect(("127.0.0.1", port))
            .await
            .expect("a connection");
        let head = format!("GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{headers}\r\n");
        stream.write_all(head.as_bytes()).await.expect("sent");
        let mut events = Self {
            stream,
            read: String::new(),
        };
        let head = events.until("\r\n\r\n").await.expect("a head");
        assert!(
            head.starts_with("HTTP/1.1 200") && head.contains("text/event-stream"),
            "{head}"
        );
        assert_eq!(events.next().await.as_deref(), Some(": connected"));
        events
    }

    /// The next block without its end; `None` at the end of the stream.
    pub(crate) async fn next(&mut self) -> Option<String> {
        // Each chunk is one block.
        let block = self.until("\n\n").await?;
        let block = block.trim_start_matches("\r\n");
        let (_, block) = block.split_once("\r\n")?;
        Some(block.to_owned())
    }

    /// The next event with this name, as JSON.
    pub(crate) async fn event(&mut self, name: &str) -> Value {
        let found = tokio::time::timeout(PATIENCE, self.find(name)).await;
        found.unwrap_or_else(|_| panic!("no {name} came"))
    }

    async fn find(&mut self, name: &str) -> Value {
        loop {
            let block = self.next().await.expect("an event");
            if block.lines().any(|line| line == format!("event: {name}")) {
                let data = block.lines().find_map(|line| line.strip_prefix("data: "));
                return serde_json::from_str(data.expect("data")).expect("JSON");
            }
        }
    }

    async fn until(&mut self, end: &str) -> Option<String> {
        let mut buffer = [0; 16 << 10];
        loop {
            if let Some(at) = self.read.find(end) {
                let rest = self.read.split_off(at + end.len());
                let mut block = std::mem::replace(&mut self.read, rest);
                block.truncate(at);
                return Some(block);
            }
            let read = tokio::time::timeout(PATIENCE, self.stream.read(&mut buffer)).await;
            let read = read.expect("nothing came").unwrap_or(0);
            if read == 0 {
                return None;
            }
            self.read
                .push_str(&String::from_utf8_lossy(&buffer[..read]));
        }
    }
}
