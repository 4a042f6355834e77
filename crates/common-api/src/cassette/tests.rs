//! Recording and playing over a service of the tests' own.

mod files;

use std::{
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering::Relaxed},
};

use bytes::Bytes;
use common_model::{Value, from_json};
use common_transport::{BoxError, Client, Error, Idempotency, Metadata, RetryPolicy};
use http::{HeaderValue, Method, Request, Response};
use proptest::prelude::*;

use super::*;

static CALL: Metadata = Metadata::new(
    "demo",
    "things.call",
    Method::POST,
    "/things",
    Idempotency::NonIdempotent,
);

/// A path in the folder for temporary files; the file is removed at the end.
struct Tape(PathBuf);

impl Tape {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "c5-{}-{}.jsonl",
            std::process::id(),
            NUMBER.fetch_add(1, Relaxed)
        );
        Self(std::env::temp_dir().join(name))
    }

    fn text(&self) -> String {
        fs::read_to_string(&self.0).unwrap()
    }
}

impl Drop for Tape {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Answers with what a function makes of the request.
fn client(
    key: &str,
    recorder: Option<&Recorder>,
    answer: impl Fn(&Request<Bytes>) -> Result<Response<Bytes>, Error> + Clone + Send + 'static,
) -> Client {
    let key = key.to_owned();
    let header = HeaderValue::from_str(&key).ok();
    let service = tower::service_fn(move |request: Request<Bytes>| {
        std::future::ready(answer(&request).map_err(BoxError::from))
    });
    let mut builder = Client::builder("https://demo.example".parse().unwrap())
        .hide(key)
        .retry(RetryPolicy::none())
        .authorize(move |request: &mut Request<Bytes>| {
            let header = header.clone().unwrap_or(HeaderValue::from_static("none"));
            request.headers_mut().insert("x-api-key", header);
            Ok(())
        })
        .service(service);
    if let Some(recorder) = recorder {
        builder = builder.layer(recorder.clone());
    }
    builder.build().unwrap()
}

fn player(key: &str, cassette: Cassette) -> (Client, Player) {
    let player = cassette.player();
    let client = Client::builder("https://other.example".parse().unwrap())
        .hide(key)
        .retry(RetryPolicy::none())
        .service(player.clone())
        .build()
        .unwrap();
    (client, player)
}

fn post(uri: &str, content_type: &str, body: impl Into<Bytes>) -> Request<Bytes> {
    let request = Request::post(uri).header("content-type", content_type);
    request.body(body.into()).unwrap()
}

fn echo(request: &Request<Bytes>) -> Result<Response<Bytes>, Error> {
    Ok(Response::new(request.body().clone()))
}

#[tokio::test]
async fn c5_what_was_recorded_is_played_in_order_and_once() {
    let tape = Tape::new();
    let recorder = Recorder::open(&tape.0).unwrap();
    let number = std::sync::Arc::new(AtomicU32::new(0));
    let live = client("key-12345", Some(&recorder), move |_| {
        let number = number.fetch_add(1, Relaxed);
        let mut response = Response::new(Bytes::from(vec![0xff, number as u8]));
        *response.status_mut() = http::StatusCode::CREATED;
        Ok(response)
    });
    let form = "application/x-www-form-urlencoded";
    let request = |key: &str| {
        let body = format!("order=%7B%22id%22%3A7%7D&apiKey={key}");
        post(&format!("/things?a=1&apiKey={key}"), form, body)
    };
    for _ in 0..2 {
        live.execute(&CALL, request("key-12345")).await.unwrap();
    }
    recorder.finish().unwrap();
    let cassette = Cassette::read(&tape.0).unwrap();
    assert_eq!(cassette.len(), 2);
    // With another key, another host and another spelling.
    let (play, player) = player("other-key", cassette);
    for number in 0..2 {
        let answer = play.execute(&CALL, request("other-key")).await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), &answer.body()[..]),
            (201, &[0xff, number][..])
        );
    }
    assert_eq!(player.left(), 0);
    let error = play.execute(&CALL, request("other-key")).await.unwrap_err();
    assert!(
        error.is_invalid_input() && !error.may_have_landed(),
        "{error:?}"
    );
    assert!(error.to_string().contains("recorded 2 times"), "{error}");
}

#[tokio::test]
async fn c5_an_unknown_request_names_the_nearest_and_the_first_difference() {
    let tape = Tape::new();
    let recorder = Recorder::open(&tape.0).unwrap();
    let live = client("key-12345", Some(&recorder), echo);
    for (uri, body) in [
        ("/orders/7?page=1", r#"{"a":1}"#),
        ("/customers", r#"{"b":2}"#),
    ] {
        live.execute(&CALL, post(uri, "application/json", body))
            .await
            .unwrap();
    }
    let cassette = Cassette::read(&tape.0).unwrap();
    let (play, _) = player("key-12345", cassette);
    for (uri, body, told) in [
        (
            "/orders/8?page=1",
            r#"{"a":1}"#,
            r#"path is "/orders/7", not "/orders/8""#,
        ),
        (
            "/orders/7?page=2",
            r#"{"a":1}"#,
            r#"query is "page=1", not "page=2""#,
        ),
        ("/orders/7?page=1", r#"{"a":2}"#, "whose body is"),
        ("/customer", r#"{"b":2}"#, r#"path is "/customers""#),
    ] {
        let error = play
            .execute(&CALL, post(uri, "application/json", body))
            .await
            .unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("things.call") && text.contains(told),
            "{text}"
        );
    }
    let mut odd = post("/customers", "application/json", r#"{"b":2}"#);
    odd.headers_mut()
        .insert("method", HeaderValue::from_static("getThings"));
    let error = play.execute(&CALL, odd).await.unwrap_err().to_string();
    assert!(
        error.contains("headers") && error.contains("getThings"),
        "{error}"
    );
    let (play, _) = player(
        "k",
        Cassette {
            exchanges: Vec::new(),
        },
    );
    let error = play.execute(&CALL, post("/", "a/b", "")).await.unwrap_err();
    assert!(
        error.to_string().contains("nothing was recorded"),
        "{error}"
    );
}

#[tokio::test]
async fn c5_failures_are_played_too() {
    let tape = Tape::new();
    let recorder = Recorder::open(&tape.0).unwrap();
    let ends = [
        End::NoConnection,
        End::Unsent,
        End::Lost,
        End::LateUnsent,
        End::Late,
        End::TooLarge,
    ];
    use common_transport::verdict::End;
    let next = std::sync::Arc::new(AtomicU32::new(0));
    let live = client("key-12345", Some(&recorder), move |_| {
        let end = ends[next.fetch_add(1, Relaxed) as usize];
        Err(Error::ended(end, "it broke at key-12345"))
    });
    let mut expected = Vec::new();
    for _ in ends {
        expected.push(
            live.execute(&CALL, post("/x", "a/b", "x"))
                .await
                .unwrap_err(),
        );
    }
    let (play, _) = player("key-12345", Cassette::read(&tape.0).unwrap());
    for live in expected {
        let played = play
            .execute(&CALL, post("/x", "a/b", "x"))
            .await
            .unwrap_err();
        assert_eq!(played.kind(), live.kind());
        assert_eq!(
            played.may_have_landed(),
            live.may_have_landed(),
            "{played:?}"
        );
        assert_eq!(played.message(), "it broke at [hidden]");
    }
}

#[tokio::test]
async fn c5_a_token_that_is_issued_is_masked_from_then_on_and_still_plays() {
    let tape = Tape::new();
    let recorder = Recorder::open(&tape.0).unwrap();
    let live = client("key-12345", Some(&recorder), |request| {
        let body = match request.uri().path() {
            "/token" => r#"{"TOKEN":"t/S3CRET","ttl":5}"#.to_owned(),
            path => format!("{{\"path\":\"{path}\"}}"),
        };
        Ok(Response::new(Bytes::from(body)))
    });
    let run = async |client: &Client| {
        let answer = client
            .execute(&CALL, post("/token", "a/b", ""))
            .await
            .unwrap();
        let token: Value = from_json(std::str::from_utf8(answer.body()).unwrap()).unwrap();
        let token = token.get("TOKEN").unwrap().as_str().unwrap().to_owned();
        let escaped: String = form_urlencoded::byte_serialize(token.as_bytes()).collect();
        let uri = format!("/tasks/{escaped}?of={escaped}");
        let body = format!("{{\"token\":\"{token}\"}}");
        client
            .execute(&CALL, post(&uri, "application/json", body))
            .await
            .unwrap();
    };
    run(&live).await;
    assert!(!tape.text().contains("S3CRET"), "{}", tape.text());
    let (play, player) = player("key-12345", Cassette::read(&tape.0).unwrap());
    run(&play).await;
    assert_eq!(player.left(), 0);
}

#[tokio::test]
async fn c5_parameters_that_hold_separators_are_told_apart() {
    let tape = Tape::new();
    let recorder = Recorder::open(&tape.0).unwrap();
    let live = client("key-12345", Some(&recorder), echo);
    let form = "application/x-www-form-urlencoded";
    for (uri, body) in [("/x?a=1%26b%3D2", ""), ("/x", "a=1%26b%3D2")] {
        live.execute(&CALL, post(uri, form, body)).await.unwrap();
    }
    let (play, _) = player("key-12345", Cassette::read(&tape.0).unwrap());
    for (uri, body) in [("/x?a=1&b=2", ""), ("/x", "a=1&b=2")] {
        let error = play
            .execute(&CALL, post(uri, form, body))
            .await
            .unwrap_err();
        assert!(error.is_invalid_input(), "{error}");
    }
}

#[tokio::test]
async fn c5_a_damaged_line_is_refused_or_gives_a_valid_archive() {
    let tape = Tape::new();
    let recorder = Recorder::open(&tape.0).unwrap();
    let live = client("key-12345", Some(&recorder), echo);
    live.execute(&CALL, post("/x", "a/b", "x")).await.unwrap();
    let text = tape.text();
    let at = text.find("\"took_micros\":").unwrap() + "\"took_micros\":".len();
    let end = at + text[at..].find(',').unwrap();
    for took in ["-1500", "-1"] {
        let damaged = format!("{}{took}{}", &text[..at], &text[end..]);
        if let Ok(cassette) = damaged.parse::<Cassette>() {
            let har = cassette.to_har();
            assert!(
                serde_json::from_str::<serde_json::Value>(&har).is_ok(),
                "{har}"
            );
        }
    }
    for status in ["0", "99", "1000", "65535"] {
        let damaged = text.replacen("\"status\":200", &format!("\"status\":{status}"), 1);
        assert_ne!(damaged, text);
        assert!(damaged.parse::<Cassette>().is_err(), "{status}");
    }
}

#[tokio::test]
async fn c5_multipart_boundaries_do_not_count() {
    let tape = Tape::new();
    let recorder = Recorder::open(&tape.0).unwrap();
    let live = client("key-12345", Some(&recorder), echo);
    let upload = |boundary: &str, name: &str| {
        let body = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\nx\r\n--{boundary}--\r\n"
        );
        post(
            "/x",
            &format!("multipart/form-data; boundary=\"{boundary}\""),
            body,
        )
    };
    live.execute(&CALL, upload("aaa-1", "one")).await.unwrap();
    let (play, _) = player("key-12345", Cassette::read(&tape.0).unwrap());
    assert!(play.execute(&CALL, upload("bbb-22", "two")).await.is_err());
    play.execute(&CALL, upload("bbb-22", "one")).await.unwrap();
}

/// The ways in which a service or a caller may spell a secret.
fn spellings(secret: &str) -> Vec<String> {
    use base64::Engine as _;

    let percent = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let all: String = secret.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let unicode: String = secret
        .encode_utf16()
        .map(|unit| format!("\\u{unit:04x}"))
        .collect();
    let html: String = secret
        .chars()
        .map(|letter| format!("&#{};", letter as u32))
        .collect();
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let base64 = base64::engine::general_purpose::STANDARD;
    let url_safe = base64::engine::general_purpose::URL_SAFE_NO_PAD;
    vec![
        secret.to_owned(),
        secret.to_uppercase(),
        percent(secret),
        percent(&percent(secret)),
        all,
        secret.replace('/', "\\/"),
        unicode,
        html,
        hex,
        base64.encode(secret),
        base64.encode(format!("user:{secret}")),
        url_safe.encode(secret),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn c5_no_secret_stands_in_the_file_in_any_spelling(
        secret in "[a-zA-Z0-9/+=._~&<\" -]{6,20}[a-z0-9]",
        place in 0_usize..5,
        binary in any::<bool>(),
    ) {
        let tape = Tape::new();
        let recorder = Recorder::open(&tape.0).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let secret = format!("k{}", secret.trim());
        let shown = spellings(&secret);
        for spelling in &shown {
            let mut said = spelling.clone().into_bytes();
            if binary {
                said.push(0xff);
            }
            let answer = said.clone();
            let live = client(&secret, Some(&recorder), move |_| {
                let mut response = Response::new(Bytes::from(answer.clone()));
                if let Ok(value) = HeaderValue::from_bytes(&answer) {
                    response.headers_mut().insert("x-said", value);
                }
                Ok(response)
            });
            let escaped: String = form_urlencoded::byte_serialize(spelling.as_bytes()).collect();
            let request = match place {
                0 => post(&format!("/{escaped}"), "a/b", ""),
                1 => post(&format!("/x?said={escaped}"), "a/b", ""),
                2 => post("/x", "application/x-www-form-urlencoded", format!("said={escaped}")),
                3 => post("/x", "application/json", common_model::to_json(spelling.as_str())),
                _ => post("/x", "application/octet-stream", said),
            };
            runtime.block_on(live.execute(&CALL, request)).unwrap();
        }
        recorder.finish().unwrap();
        let text = tape.text().to_lowercase();
        let cassette = Cassette::read(&tape.0).unwrap();
        prop_assert_eq!(cassette.len(), shown.len());
        let har = cassette.to_har().to_lowercase();
        let mut parts = format!("{:?}", cassette).to_lowercase();
        for exchange in &cassette.exchanges {
            parts += &String::from_utf8_lossy(&exchange.body).to_lowercase();
            if let exchange::Outcome::Answer { body, .. } = &exchange.outcome {
                parts += &String::from_utf8_lossy(body).to_lowercase();
            }
        }
        for spelling in shown {
            let spelling = spelling.to_lowercase();
            prop_assert!(!text.contains(&spelling), "{} in {}", spelling, text);
            prop_assert!(!parts.contains(&spelling), "{} in {}", spelling, parts);
            prop_assert!(!har.contains(&spelling), "{} in {}", spelling, har);
        }
    }
}

/// The members that HAR 1.2 requires, by object.
const REQUIRED: [(&str, &[&str]); 6] = [
    ("/log", &["version", "creator", "entries"]),
    ("/log/creator", &["name", "version"]),
    (
        "entry",
        &[
            "startedDateTime",
            "time",
            "request",
            "response",
            "cache",
            "timings",
        ],
    ),
    (
        "/request",
        &[
            "method",
            "url",
            "httpVersion",
            "cookies",
            "headers",
            "queryString",
            "headersSize",
            "bodySize",
        ],
    ),
    (
        "/response",
        &[
            "status",
            "statusText",
            "httpVersion",
            "cookies",
            "headers",
            "content",
            "redirectURL",
            "headersSize",
            "bodySize",
        ],
    ),
    ("/timings", &["send", "wait", "receive"]),
];

#[tokio::test]
async fn c5_the_har_has_all_that_version_1_2_requires() {
    let tape = Tape::new();
    let recorder = Recorder::open(&tape.0).unwrap();
    let live = client("key-12345", Some(&recorder), |request| {
        match request.uri().path() {
            "/broken" => Err(Error::ended(
                common_transport::verdict::End::Lost,
                "it broke",
            )),
            "/binary" => Ok(Response::new(Bytes::from_static(&[0xff, 0]))),
            _ => echo(request),
        }
    });
    for uri in ["/broken", "/binary", "/text?a=%D1%8B&b"] {
        let _ = live.execute(&CALL, post(uri, "text/plain", "тело")).await;
    }
    let har: Value = from_json(&Cassette::read(&tape.0).unwrap().to_har()).unwrap();
    let has = |value: &Value, place: &str| {
        let (_, names) = REQUIRED.iter().find(|(known, _)| *known == place).unwrap();
        for name in *names {
            assert!(
                value.get(name).is_some_and(|member| !member.is_null()),
                "{place} {name}: {value}"
            );
        }
    };
    has(har.pointer("/log").unwrap(), "/log");
    has(har.pointer("/log/creator").unwrap(), "/log/creator");
    assert_eq!(har.pointer("/log/version").unwrap().as_str(), Some("1.2"));
    let entries = har.pointer("/log/entries").unwrap().as_array().unwrap();
    assert_eq!(entries.len(), 3);
    for entry in entries {
        has(entry, "entry");
        for place in ["/request", "/response", "/timings"] {
            has(entry.pointer(place).unwrap(), place);
        }
        for name in ["size", "mimeType"] {
            assert!(
                entry
                    .pointer("/response/content")
                    .unwrap()
                    .get(name)
                    .is_some()
            );
        }
        for name in ["mimeType", "params", "text"] {
            assert!(
                entry
                    .pointer("/request/postData")
                    .unwrap()
                    .get(name)
                    .is_some()
            );
        }
        for list in [
            "/request/headers",
            "/response/headers",
            "/request/queryString",
        ] {
            for pair in entry.pointer(list).unwrap().as_array().unwrap() {
                assert!(pair.get("name").is_some() && pair.get("value").is_some());
            }
        }
        // ISO 8601 with a zone.
        let started = entry.get("startedDateTime").unwrap().as_str().unwrap();
        assert!(
            started.len() == 24 && started.ends_with('Z') && started.as_bytes()[10] == b'T',
            "{started}"
        );
        assert!(started > "2024", "{started}");
    }
    assert_eq!(
        entries[0].pointer("/response/status").unwrap().as_i64(),
        Some(0)
    );
    assert_eq!(
        entries[1]
            .pointer("/response/content/encoding")
            .unwrap()
            .as_str(),
        Some("base64")
    );
    assert_eq!(
        entries[2]
            .pointer("/request/queryString/0/value")
            .unwrap()
            .as_str(),
        Some("ы")
    );
}
