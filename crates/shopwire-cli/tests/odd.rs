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

// H13
#[test]
fn h13_a_warning_shows_no_key_that_stands_as_a_name() {
    let key = "k3yAbCdEf0123456789";
    for (service, operation, params, body) in [
        (
            "retailcrm",
            "orders.get",
            r#"{"externalId":"a"}"#,
            r#"{"success":true,"order":{"payments":{"k3yAbCdEf0123456789":5}}}"#,
        ),
        (
            "retailcrm",
            "orders.get",
            r#"{"externalId":"a"}"#,
            r#"{"success":true,"order":{"payments":{"%6B3yAbCdEf01234567\u00389":5}}}"#,
        ),
        (
            "uvygoda",
            "getSections",
            r#"{"FILTER":"ALL"}"#,
            r#"{"RESULT":true,"ERROR":false,"SECTIONS":{"azN5QWJDZEVmMDEyMzQ1Njc4OQ==":5}}"#,
        ),
    ] {
        let url = serve(body);
        let mut call = command(&["call", service, operation, "-vvv", "--params", "-"]);
        let variables = [("_URL", url.as_str()), ("_API_KEY", key), ("_TOKEN", key)];
        for (name, value) in variables {
            call.env(format!("{}{name}", service.to_uppercase()), value);
        }
        let run = run(&mut call, params);
        assert!(run.stderr.contains("[hidden]"), "{run:?}");
        for shown in [key, "%6B3y", "azN5QWJDZEVmMDEyMzQ1Njc4OQ"] {
            assert!(!run.stderr.contains(shown), "{run:?}");
        }
    }
}
