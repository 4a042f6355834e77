//! The ports forward to the accounts of the settings alone, within bounds.

use std::fs;

use crate::{
    account::{play, recording},
    http::{Fixed, host, send},
    support::{SandboxProcess, command, run, scratch},
};

#[test]
fn s7_foreign_hosts_tunnels_web_pages_and_endless_bodies_are_refused_and_not_recorded() {
    let account =
        Fixed::start(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
    let other =
        Fixed::start(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
    let file = recording("bounds");
    let path = file.to_str().expect("UTF-8");
    let recorder = SandboxProcess::start(&["--record", path, "--retailcrm-url", &account.url]);
    let own = recorder.setting("retailcrm", "url").to_owned();
    let (ours, theirs) = (host(&own).to_owned(), host(&other.url).to_owned());
    let requests = [
        (format!("GET / HTTP/1.1\r\nHost: {theirs}\r\n\r\n"), 421),
        (
            "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n".to_owned(),
            421,
        ),
        ("GET / HTTP/1.0\r\n\r\n".to_owned(), 421),
        (
            format!("GET http://{theirs}/ HTTP/1.1\r\nHost: {theirs}\r\n\r\n"),
            421,
        ),
        (
            format!("GET http://{theirs}/ HTTP/1.1\r\nHost: {ours}\r\n\r\n"),
            421,
        ),
        (
            format!("CONNECT {theirs} HTTP/1.1\r\nHost: {theirs}\r\n\r\n"),
            405,
        ),
        (
            format!("GET / HTTP/1.1\r\nHost: {ours}\r\nOrigin: http://{ours}\r\n\r\n"),
            403,
        ),
        (
            format!("POST / HTTP/1.1\r\nHost: {ours}\r\nContent-Length: 99999999999\r\n\r\n"),
            413,
        ),
    ];
    for (request, status) in &requests {
        let answer = send(&own, request);
        assert_eq!(answer.status(), *status, "{request}");
        assert!(
            answer
                .text()
                .starts_with(r#"{"success":false,"errorMsg":""#),
            "{answer:?}"
        );
    }
    assert!(account.came.try_recv().is_err() && other.came.try_recv().is_err());
    assert_eq!(fs::read_to_string(&file).expect("a recording"), "");
    // Its own name in absolute form is the usual request.
    let absolute =
        format!("GET http://{ours}/a?b=1 HTTP/1.1\r\nHost: {ours}\r\nConnection: close\r\n\r\n");
    assert_eq!(send(&own, absolute).status(), 200);
    assert_eq!(
        account.came.recv().expect("a request").line,
        "GET /a?b=1 HTTP/1.1"
    );

    let player = play(&file);
    let url = player.setting("retailcrm", "url");
    let foreign = send(url, "GET /a?b=1 HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    assert_eq!(foreign.status(), 421);
}

#[test]
fn s7_a_recorder_does_not_forward_to_itself() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = free.local_addr().expect("an address").port().to_string();
    drop(free);
    for host in ["127.0.0.1", "localhost"] {
        let url = format!("http://{host}:{port}/api/v5");
        let args = [
            "sandbox",
            "--record",
            "s7-circle.jsonl",
            "--uvygoda-port",
            &port,
            "--uvygoda-url",
        ];
        let other = "http://127.0.0.1:1";
        let refused = run(
            &mut command(&[&args[..], &[other, "--retailcrm-url", &url]].concat()),
            "",
        );
        assert_eq!(refused.code, 1, "{refused:?}");
        assert!(refused.stderr.contains("in a circle"), "{refused:?}");
    }
    let _ = fs::remove_file(scratch().join("s7-circle.jsonl"));
}
