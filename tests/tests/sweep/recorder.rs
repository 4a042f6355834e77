//! A server that keeps what arrives and says the same to everybody.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// One request, byte for byte where it matters.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) target: String,
    /// The header `method` of Uvygoda.
    pub(crate) rpc: String,
    pub(crate) body: String,
}

pub(crate) struct Recorder {
    port: u16,
    last: Arc<Mutex<Option<Request>>>,
}

impl Recorder {
    /// Starts on a port of loopback; it ends with the test's runtime.
    pub(crate) async fn start(answer: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let last = Arc::default();
        let recorder = Self {
            port,
            last: Arc::clone(&last),
        };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, answer, Arc::clone(&last)));
            }
        });
        recorder
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The last request, once.
    pub(crate) fn take(&self) -> Option<Request> {
        self.last.lock().expect("no panic").take()
    }
}

/// Answers the requests of one connection; none when it breaks.
async fn serve(
    mut stream: TcpStream,
    answer: &str,
    last: Arc<Mutex<Option<Request>>>,
) -> Option<()> {
    let mut bytes = Vec::new();
    loop {
        let head = loop {
            if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            if stream.read_buf(&mut bytes).await.ok()? == 0 {
                return None;
            }
        };
        let text = String::from_utf8(bytes[..head].to_vec()).ok()?;
        let length = header(&text, "content-length").parse().unwrap_or(0);
        while bytes.len() < head + length {
            if stream.read_buf(&mut bytes).await.ok()? == 0 {
                return None;
            }
        }
        let body = String::from_utf8(bytes[head..head + length].to_vec()).ok()?;
        bytes.drain(..head + length);
        let mut line = text.lines().next()?.split(' ');
        *last.lock().ok()? = Some(Request {
            method: line.next()?.to_owned(),
            target: line.next()?.to_owned(),
            rpc: header(&text, "method").to_owned(),
            body,
        });
        let answer = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{answer}",
            answer.len()
        );
        stream.write_all(answer.as_bytes()).await.ok()?;
    }
}

fn header<'t>(head: &'t str, name: &str) -> &'t str {
    let line = head.lines().skip(1).find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim())
    });
    line.unwrap_or_default()
}
