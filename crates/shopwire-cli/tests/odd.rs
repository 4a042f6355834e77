//! Answers of which a part is not of its type: printed as they came, with a warning for each part.

mod support;

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    thread,
};

use support::{command, run};

/// Answers one request with this body; gives its address.
fn serve(body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a call");
        let mut head = [0; 4096];
        let _ = stream.read(&mut head);
        let length = body.len();
        let answer = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        );
        stream.write_all(answer.as_bytes()).expect("an answer");
    });
    format!("http://{address}")
}

// F6
#[test]
fn f6_a_call_warns_of_each_odd_part_and_succeeds() {
    let url = serve(
        r#"{"success":true,"customers":[{"id":1,"birthday":"-0001-11-30"},null,{"id":3,"customFields":{"a\u001b[2J":1}}]}"#,
    );
    let mut call = command(&["call", "retailcrm", "customers.list"]);
    let run = run(
        call.env("RETAILCRM_URL", url)
            .env("RETAILCRM_API_KEY", "key"),
        "",
    );
    assert_eq!(run.code, 0, "{run:?}");
    let warnings: Vec<_> = run.stderr.lines().collect();
    assert_eq!(warnings.len(), 2, "{run:?}");
    assert!(warnings[0].starts_with("warning: "), "{run:?}");
    assert!(warnings[0].contains("customers[0].birthday"), "{run:?}");
    assert!(warnings[1].contains("customers[1]"), "{run:?}");
    assert!(
        run.stdout
            .contains(r#"{"id":1,"birthday":"-0001-11-30"},null,"#),
        "{run:?}"
    );
}
