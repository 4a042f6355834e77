//! Secrets that the settings do not know, in every place where a client or a service may put them.

use std::{fs, io::Write as _};

use crate::{
    account::recording,
    http::{Fixed, host, send},
    support::SandboxProcess,
};

const SECRET: &str = "S3CRETkey77";

/// A recorder in front of an account with this answer. In the texts, `$` stands for the secret.
struct Taped {
    answer: String,
    recorder: SandboxProcess,
    file: std::path::PathBuf,
}

impl Taped {
    fn new(name: &str, head: &str, body: &str) -> Self {
        let (head, body) = (head.replace('$', SECRET), body.replace('$', SECRET));
        let answer = format!(
            "HTTP/1.1 200 OK\r\n{head}Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let account = Fixed::start(answer.into_bytes().leak());
        let file = recording(name);
        let path = file.to_str().expect("UTF-8");
        let recorder = SandboxProcess::start(&["--record", path, "--nicechat-url", &account.url]);
        Self {
            answer: body,
            recorder,
            file,
        }
    }

    /// Sends a request; its client gets the answer unchanged.
    fn send(&self, target: &str, head: &str, body: &[u8]) {
        let url = self.recorder.setting("nicechat", "url");
        let (target, head) = (target.replace('$', SECRET), head.replace('$', SECRET));
        let head = format!(
            "POST {target} HTTP/1.1\r\nHost: {}\r\n{head}Connection: close\r\nContent-Length: {}\r\n\r\n",
            host(url),
            body.len()
        );
        let came = send(url, [head.as_bytes(), body].concat());
        assert_eq!(came.text(), self.answer);
    }

    fn text(&self) -> String {
        fs::read_to_string(&self.file).expect("a recording")
    }
}

#[test]
fn s7_secrets_of_a_request_are_hidden_in_every_form() {
    let taped = Taped::new("leaks-asked", "", "{}");
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(b"apiKey=S3CRETkey77&order=1")
        .expect("packed");
    let packed = gzip.finish().expect("packed");
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let json = "Content-Type: application/json\r\n";
    let parts = "Content-Type: multipart/form-data; boundary=c\r\n";
    let requests: [(&str, &str, &[u8]); 14] = [
        // A form whose type is missing or wrong.
        ("/1", "", b"order=1&apiKey=S3CRETkey77"),
        ("/2", json, b"order=1&apiKey=S3CRETkey77"),
        // Another boundary, bare ends of lines, no end.
        (
            "/3",
            parts,
            b"--b\r\nContent-Disposition: form-data; name=\"apiKey\"\r\n\r\nS3CRETkey77\r\n--b--",
        ),
        (
            "/4",
            parts,
            b"--c\nContent-Disposition: form-data; name=\"_key\"\n\nS3CRETkey77\n--c--\n",
        ),
        (
            "/5",
            parts,
            b"--c\r\nContent-Disposition: form-data; name=\"_key\"\r\n\r\nS3CRETkey77",
        ),
        (
            "/6",
            json,
            b"{\"token\":[\"S3CRETkey77\"],\"password\":{\"value\":\"S3CRETkey77\"}}",
        ),
        ("/7", json, b"[\"{\\\"password\\\":\\\"S3CRETkey77\\\"}\"]"),
        (
            "/8",
            json,
            b"{\"_key\":\"S3CRETkey77\",\"_sign\":\"S3CRETkey77\"}",
        ),
        ("/9?to=https%3A%2F%2Fa%3FapiKey%3D$%26z%3D1", "", b""),
        ("/10?to=https%253A%252F%252Fa%253FapiKey%253D$", "", b""),
        ("/11?to=https://me:$@a.example/", "", b""),
        ("/12", "Referer: https://a.example/?token=$\r\n", b""),
        ("/13", &format!("{form}Content-Encoding: gzip\r\n"), &packed),
        // Too short to be hidden wherever it stands, but not in its place.
        (
            "/14",
            json,
            b"{\"login\":\"qzx\",\"PASS\":\"vwk\",\"n\":[\"qz\"]}",
        ),
    ];
    for (target, head, body) in &requests {
        taped.send(target, head, body);
    }
    let text = taped.text();
    assert_eq!(text.lines().count(), requests.len());
    for (line, (target, ..)) in text.lines().zip(&requests) {
        for leaked in [SECRET, "qzx", "vwk", "body_base64\":\"H4s"] {
            assert!(!line.contains(leaked), "{target}: {line}");
        }
        assert!(line.contains("[hidden]"), "{target}: {line}");
    }
}

#[test]
fn s7_secrets_of_an_answer_are_hidden_in_every_form() {
    for (name, head, body) in [
        (
            "location",
            "Location: https://a.example/x?token=$&y=1\r\n",
            "",
        ),
        (
            "link",
            "Link: <https://a.example/x?page=2&_sign=$>; rel=next\r\n",
            "",
        ),
        ("user", "Location: https://me:$@a.example/\r\n", ""),
        (
            "next",
            "",
            r#"{"next":"https:\/\/a.example\/x?page=2&_sign=$"}"#,
        ),
        ("page", "", r#"<a href="/x?a=1&amp;api_key=$">"#),
        ("xml", "", "<r><token>$</token></r>"),
        ("php", "", "Array\n(\n    [apiKey] => $\n)\n"),
        ("quotes", "", "{'token': '$'}"),
        (
            "session",
            "Set-Cookie: SID=$; path=/; HttpOnly\r\n",
            r#"{"sid":"$","path=/":"HttpOnly"}"#,
        ),
    ] {
        let taped = Taped::new(&format!("leaks-{name}"), head, body);
        taped.send("/x", "", b"");
        let text = taped.text();
        assert!(
            !text.contains(SECRET) && text.contains("[hidden]"),
            "{text}"
        );
        // Attributes of a cookie are ordinary words.
        let words = if name == "session" { 1 } else { 0 };
        assert_eq!(text.matches("HttpOnly").count(), words, "{text}");
    }
}

#[test]
fn s7_credentials_of_a_request_are_hidden_where_the_answer_quotes_them() {
    let taped = Taped::new(
        "leaks-quoted",
        "",
        r#"{"success":false,"errorMsg":"wrong: $"}"#,
    );
    // `me:S3CRETkey77`
    taped.send("/1", "Authorization: Basic bWU6UzNDUkVUa2V5Nzc=\r\n", b"");
    taped.send("/2", "Cookie: lang=success; SID=$; b=2\r\n", b"");
    let text = taped.text();
    assert!(!text.contains(SECRET), "{text}");
    // The words of cookies stay.
    assert_eq!(text.matches(r#"\"success\":false"#).count(), 2, "{text}");
}

// The recorder does not know the key of its client.
#[test]
fn s7_a_key_of_earlier_requests_is_hidden_where_a_later_answer_has_it() {
    let taped = Taped::new("leaks-later", "", r#"{"success":true,"keys":[{"is":"$"}]}"#);
    for target in ["/1?apiKey=$", "/2?apiKey=$", "/3"] {
        taped.send(target, "", b"");
    }
    let text = taped.text();
    assert!(!text.contains(SECRET), "{text}");
    assert_eq!(text.matches(r#"\"is\":\"[hidden]\""#).count(), 3, "{text}");
}
