//! Answers that went wrong in the field, through the command: each from a server of the test's own.

mod support;

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    thread,
};

use common_api::OperationEntry;
use common_model::{Value as Json, to_json};
use common_transport::Operation as _;
use http::Response;
use shopwire::{nicechat, retailcrm, uvygoda};
use support::{Run, command, run, text};

/// One answer, again and again.
#[derive(Clone)]
struct Canned {
    status: u16,
    headers: String,
    body: Vec<u8>,
}

impl Canned {
    fn new(status: u16, headers: &str, body: &[u8]) -> Self {
        Self {
            status,
            headers: headers.to_owned(),
            body: body.to_owned(),
        }
    }

    /// Serves it until the process ends; gives the address.
    fn serve(self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                let canned = self.clone();
                thread::spawn(move || canned.answer(socket));
            }
        });
        url
    }

    /// Reads a request whole, answers and closes.
    fn answer(&self, mut socket: TcpStream) {
        let mut request = Vec::new();
        let mut piece = [0; 4096];
        while !is_whole(&request) {
            match socket.read(&mut piece) {
                Ok(0) | Err(_) => return,
                Ok(read) => request.extend_from_slice(&piece[..read]),
            }
        }
        let head = format!(
            "HTTP/1.1 {} X\r\nconnection: close\r\ncontent-length: {}\r\n{}\r\n",
            self.status,
            self.body.len(),
            self.headers
        );
        // The command may have gone.
        let _ = socket.write_all(&[head.as_bytes(), &self.body].concat());
    }

    /// What the command makes of it.
    fn call(self, service: &str, operation: &str, params: &str) -> Run {
        let url = self.serve();
        let mut call = command(&["call", service, operation, "--params", "-"]);
        call.env("NICECHAT_URL", &url)
            .env("NICECHAT_API_KEY", "key-of-nicechat")
            .env("NICECHAT_API_SECRET", "secret-of-nicechat")
            .env("UVYGODA_URL", &url)
            .env("UVYGODA_TOKEN", "token-of-uvygoda")
            .env("RETAILCRM_URL", &url)
            .env("RETAILCRM_API_KEY", "key-of-retailcrm");
        run(&mut call, params)
    }
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.split("content-length: ").nth(1);
    let length = length.and_then(|rest| rest.lines().next()?.trim().parse().ok());
    body.len() >= length.unwrap_or(0)
}

fn failed(run: &Run) -> Json {
    assert_eq!(run.code, 1, "{run:?}");
    run.error()
}

// F4
#[test]
fn f4_a_text_that_means_no_is_no_success() {
    let body = include_bytes!("cases/success-text-false.json");
    let run = Canned::new(200, "", body).call("retailcrm", "customers.list", "{}");
    let error = failed(&run);
    assert_eq!(text(&error, "kind"), "not_found", "{run:?}");
    assert_eq!(text(&error, "message"), "Account does not exist.");
}

// F5
#[test]
fn f5_the_customer_that_is_left_stands_in_the_body() {
    let body = include_bytes!("cases/combined-to.json");
    let params = r#"{"externalId":"gone-5"}"#;
    let error = failed(&Canned::new(404, "", body).call("retailcrm", "customers.get", params));
    assert_eq!(text(&error, "kind"), "not_found");
    let shown = error.get("body").map(to_json);
    let expected = r#"{"combinedTo":{"id":9,"externalId":"kept-9"}}"#;
    assert_eq!(shown.as_deref(), Some(expected));
    assert_eq!(error.get("may_have_landed"), Some(&Json::Bool(false)));
}

// F3
#[test]
fn f3_a_page_in_front_of_the_service_is_classed_by_its_status() {
    let html = "content-type: text/html\r\n";
    let page = include_bytes!("cases/page-403.html");
    let params = r#"{"externalId":"1"}"#;
    let error = failed(&Canned::new(403, html, page).call("retailcrm", "customers.get", params));
    assert_eq!(text(&error, "kind"), "access_denied", "{error:?}");
    assert!(
        text(&error, "body").contains("checking your browser"),
        "{error:?}"
    );

    let page = include_bytes!("cases/page-414.html");
    let ids: Vec<String> = (1..=250).map(|id| id.to_string()).collect();
    let params = format!(r#"{{"filter":{{"ids":[{}]}}}}"#, ids.join(","));
    let error = failed(&Canned::new(414, html, page).call("retailcrm", "orders.list", &params));
    assert_eq!(text(&error, "kind"), "validation", "{error:?}");
    assert!(!text(&error, "message").contains("account"), "{error:?}");
}

// F3
#[test]
fn f3_a_text_in_another_charset_is_read_declared_or_not() {
    let body = include_bytes!("cases/cp1251.json");
    for content_type in [
        "application/json; charset=windows-1251",
        "application/json;charset=\"CP1251\"",
        "application/json",
    ] {
        let headers = format!("content-type: {content_type}\r\n");
        let params = r#"{"externalId":"1"}"#;
        let canned = Canned::new(404, &headers, body);
        let error = failed(&canned.call("retailcrm", "customers.get", params));
        assert_eq!(text(&error, "kind"), "not_found", "{content_type}");
        assert_eq!(text(&error, "message"), "Заказ не найден", "{content_type}");
        assert!(!to_json(&error).contains("page"), "{error:?}");
    }
}

/// A write of each service, and its table of operations.
fn writes() -> [(
    &'static str,
    &'static [OperationEntry],
    &'static str,
    &'static str,
); 3] {
    [
        (
            "nicechat",
            nicechat::operations(),
            "products.delete",
            r#"{"id":"1"}"#,
        ),
        (
            "uvygoda",
            uvygoda::operations(),
            "sendProductPublish",
            r#"{"ID":1}"#,
        ),
        (
            "retailcrm",
            retailcrm::operations(),
            "orders.create",
            r#"{"order":{}}"#,
        ),
    ]
}

// H7
#[test]
fn h7_the_command_says_what_decode_says() {
    let refusal = br#"{"status":"error","code":500,"RESULT":false,"ERROR":"Bad Gateway","success":false,"errorMsg":"Bad Gateway"}"#;
    for status in [200, 301, 400, 404, 444, 460, 499, 501, 505, 600] {
        for body in [&refusal[..], b"<html>", b""] {
            for (service, table, name, params) in writes() {
                let canned = Canned::new(status, "", body);
                let entry = table.iter().find(|entry| entry.metadata.name == name);
                let operation = entry.expect(name).operation(params).expect(params);
                let response = Response::builder()
                    .status(status)
                    .body(body.to_vec().into());
                let Err(error) = operation.decode(response.expect("a response")) else {
                    continue;
                };
                let run = canned.call(service, name, params);
                let told = failed(&run);
                let expected = Json::Bool(error.may_have_landed());
                assert_eq!(told.get("may_have_landed"), Some(&expected), "{run:?}");
                assert_eq!(text(&told, "kind"), error.kind().as_str(), "{run:?}");
                let number = told.get("status").and_then(Json::as_i64);
                assert_eq!(number, Some(status.into()), "{run:?}");
            }
        }
    }
}

// H7: a call without an answer.
#[test]
fn h7_the_command_says_of_a_lost_call_that_it_may_have_landed() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        for mut socket in listener.incoming().flatten() {
            // Enough of the request to have had an effect.
            let _ = socket.read(&mut [0; 4096]);
        }
    });
    for (operation, params, landed) in [
        ("orders.create", r#"{"order":{}}"#, true),
        ("orders.get", r#"{"externalId":"1"}"#, false),
    ] {
        let mut call = command(&["call", "retailcrm", operation, "--params", "-"]);
        call.env("RETAILCRM_URL", &url)
            .env("RETAILCRM_API_KEY", "key-of-retailcrm");
        let error = failed(&run(&mut call, params));
        assert_eq!(text(&error, "kind"), "transport", "{error:?}");
        assert_eq!(
            error.get("may_have_landed"),
            Some(&Json::Bool(landed)),
            "{error:?}"
        );
    }
}

// F5, RE7
#[test]
fn f5_a_partly_refused_batch_shows_both_lists() {
    let body = br#"{"success":false,"uploadedOrders":[{"id":1}],"failedOrders":[{"externalId":"b"}],"errorMsg":"Orders are loaded with errors","errors":["b: bad"]}"#;
    let run = Canned::new(460, "", body).call("retailcrm", "orders.upload", r#"{"orders":[{}]}"#);
    assert_eq!(
        run.stderr.lines().last(),
        Some(
            r#"{"error":{"kind":"partial","status":460,"message":"Orders are loaded with errors","errors":["b: bad"],"body":null,"may_have_landed":true}}"#
        ),
        "{run:?}"
    );
    // The answer is printed, so the report does not have it again.
    assert!(
        run.stdout
            .contains("\"failedOrders\":[{\"externalId\":\"b\"}]")
    );
}

/// What the settings hold, all in one line.
const SECRETS: [&str; 4] = [
    "key-of-nicechat",
    "secret-of-nicechat",
    "token-of-uvygoda",
    "key-of-retailcrm",
];

// F5, X7
#[test]
fn x7_a_body_that_echoes_the_keys_shows_none() {
    for (service, _, operation, params) in writes() {
        // What a service knows: it was never told the keys of the others.
        let known = SECRETS
            .into_iter()
            .filter(|secret| secret.ends_with(service));
        let all = known.collect::<Vec<_>>().join(" ");
        let page = format!("<html>{all}</html>");
        let envelope = format!(
            r#"{{"success":false,"status":"error","RESULT":false,"ERROR":"{all}","errorMsg":"{all}","description":"{all}","errors":["{all}"],"x {all}":"{all}"}}"#
        );
        for body in [page, envelope] {
            let run = Canned::new(200, "", body.as_bytes()).call(service, operation, params);
            assert_eq!(run.code, 1, "{run:?}");
            for secret in SECRETS {
                assert!(!run.stderr.contains(secret), "{run:?}");
            }
        }
    }
}

// F5, X7: an undocumented answer of `getToken` may still hold the token.
#[test]
fn x7_a_new_token_is_not_shown_in_an_answer_that_cannot_be_read() {
    for body in [
        r#"{"RESULT":"true","TOKEN":"new-token-2","ERROR":false}"#,
        r#"{"RESULT":false,"TOKEN":"new-token-2","ERROR":"pass-word-1"}"#,
        r#"<b>Warning</b>{"RESULT":true,"TOKEN":"new-token-2","ERROR":false}"#,
        r#"{"RESULT":true,"TOKEN":"new-token-2","ERR"#,
    ] {
        let login = r#"{"LOGIN":"me","PASSWORD":"pass-word-1"}"#;
        let run = Canned::new(200, "", body.as_bytes()).call("uvygoda", "getToken", login);
        assert_eq!(run.code, 1, "{run:?}");
        for secret in ["new-token-2", "pass-word-1"] {
            assert!(!run.stderr.contains(secret), "{run:?}");
        }
    }
}
