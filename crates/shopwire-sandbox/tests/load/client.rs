//! A client over one connection, without a library, so that it costs little.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

pub(super) struct Client {
    stream: BufReader<TcpStream>,
    key: String,
}

impl Client {
    pub(super) fn connect(address: &str, key: &str) -> Self {
        let stream = TcpStream::connect(address).expect("a server");
        stream.set_nodelay(true).expect("a socket");
        Self {
            stream: BufReader::with_capacity(1 << 16, stream),
            key: key.to_owned(),
        }
    }

    pub(super) fn get(&mut self, path: &str) -> (u16, Vec<u8>) {
        self.send("GET", path, "")
    }

    pub(super) fn post(&mut self, path: &str, form: &str) -> (u16, Vec<u8>) {
        self.send("POST", path, form)
    }

    fn send(&mut self, method: &str, path: &str, form: &str) -> (u16, Vec<u8>) {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nx-api-key: {}\r\ncontent-type: \
             application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
            self.key,
            form.len()
        );
        let stream = self.stream.get_mut();
        stream.write_all(request.as_bytes()).expect("a request");
        let mut line = String::new();
        let next = |line: &mut String, stream: &mut BufReader<TcpStream>| {
            line.clear();
            stream.read_line(line).expect("an answer");
        };
        next(&mut line, &mut self.stream);
        let status = line[9..12].parse().expect("a status");
        let mut length = 0;
        loop {
            next(&mut line, &mut self.stream);
            match line.trim_end().split_once(": ") {
                Some(("content-length", value)) => length = value.parse().expect("a length"),
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).expect("a body");
        (status, body)
    }
}
