//! HTTP over a bare socket, so that each byte is the test's own.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

/// A message as it came.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    /// The request line or the status line.
    pub(crate) line: String,
    /// Names in lower case, and values.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Message {
    pub(crate) fn status(&self) -> u16 {
        let status = self.line.split(' ').nth(1);
        status.and_then(|text| text.parse().ok()).expect("a status")
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> &str {
        str::from_utf8(&self.body).expect("UTF-8")
    }

    /// Reads a message with a `Content-Length`, or one that ends with its connection.
    fn read(stream: &TcpStream, is_request: bool) -> Self {
        let mut reader = BufReader::new(stream);
        let mut line = || {
            let mut text = String::new();
            reader.read_line(&mut text).expect("a line");
            text.trim_end().to_owned()
        };
        let first = line();
        let mut headers = Vec::new();
        loop {
            let header = line();
            let Some((name, value)) = header.split_once(':') else {
                break;
            };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut message = Self {
            line: first,
            headers,
            body: Vec::new(),
        };
        match message.header("content-length") {
            Some(length) => {
                message.body = vec![0; length.parse().expect("a number")];
                reader.read_exact(&mut message.body).expect("a body");
            }
            None if is_request => {}
            None => drop(reader.read_to_end(&mut message.body)),
        }
        message
    }
}

/// Sends bytes to `http://host:port` and returns the answer.
pub(crate) fn send(url: &str, request: impl AsRef<[u8]>) -> Message {
    let mut stream = TcpStream::connect(host(url)).expect("a connection");
    stream.write_all(request.as_ref()).expect("sent");
    Message::read(&stream, false)
}

/// Sends a GET.
pub(crate) fn get(url: &str, target: &str) -> Message {
    send(
        url,
        format!(
            "GET {target} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            host(url)
        ),
    )
}

/// `host:port` of an address.
pub(crate) fn host(url: &str) -> &str {
    url.strip_prefix("http://").expect("a plain address")
}

/// A service that gives the same answer to each request, and tells what came.
pub(crate) struct Fixed {
    pub(crate) url: String,
    pub(crate) came: mpsc::Receiver<Message>,
}

impl Fixed {
    pub(crate) fn start(answer: &'static [u8]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let (send, came) = mpsc::channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut stream = stream;
                let message = Message::read(&stream, true);
                // The test may have ended.
                let _ = send.send(message);
                let _ = stream.write_all(answer);
            }
        });
        Self { url, came }
    }
}
