//! No secret in any log line, span, error or `Debug`: a call of every failing kind, everything recorded at
//! TRACE.
#![cfg(feature = "client")]

#[path = "support/recorder.rs"]
mod recorder;
mod support;

use std::{error::Error as StdError, fmt::Write as _};

use bytes::Bytes;
use common_transport::{
    BaseUrl, Client, ClientBuilder, Error, Pool, RateClass, RateLimits, RetryPolicy, Secret,
    client::Roots,
};
use http::{HeaderValue, Request};
use recorder::Recorder;
use support::{Say, answer, listen, read_request, reset, write};
use tokio::time::Duration;

const IN_HEADER: &str = "header-S3CRET";
const IN_QUERY: &str = "query-S3CRET";
const IN_BODY: &str = "body-S3CRET";
const MARK: &str = "S3CRET";

/// Puts a secret into every place that credentials go to.
fn authorize(request: &mut Request<Bytes>) -> Result<(), Error> {
    let header = Secret::new(IN_HEADER);
    let header = HeaderValue::from_str(header.expose()).expect("ASCII");
    request.headers_mut().insert("x-api-key", header);
    let uri = format!("{}?apiKey={IN_QUERY}", request.uri());
    *request.uri_mut() = uri.parse().expect("a URL");
    Ok(())
}

fn client(base: BaseUrl) -> ClientBuilder {
    let pool = Pool::builder().roots(Roots::Only(Vec::new())).build();
    Client::builder(base)
        .pool(pool)
        .authorize(authorize)
        .limits(RateLimits::new().class(RateClass::DEFAULT, 10))
        .retry(
            RetryPolicy::new()
                .max_attempts(2)
                .waits(Duration::ZERO, Duration::ZERO),
        )
}

fn everything(error: &Error) -> String {
    let mut text = format!("{error} {error:?} {error:#?}");
    let mut source = error.source();
    while let Some(error) = source {
        let _ = write!(text, " {error} {error:?}");
        source = error.source();
    }
    text
}

async fn serving(bytes: Vec<u8>) -> BaseUrl {
    listen(move |_, mut socket| {
        let bytes = bytes.clone();
        async move {
            if read_request(&mut socket).await.is_some() {
                write(&mut socket, &bytes).await;
            }
        }
    })
    .await
}

async fn every_failure() -> Vec<(&'static str, ClientBuilder)> {
    let closed: BaseUrl = "http://127.0.0.1:1".parse().unwrap();
    let resetting = listen(|_, mut socket| async move {
        read_request(&mut socket).await;
        reset(socket);
    })
    .await;
    let silent = listen(|_, socket| async move {
        tokio::time::sleep(Duration::from_secs(1_000_000)).await;
        drop(socket);
    })
    .await;
    let no_tls = serving(answer(400, "plain"))
        .await
        .to_string()
        .replace("http", "https");
    let second = Duration::from_secs(1);
    let limited = RateLimits::new().class(RateClass::DEFAULT, 1);
    vec![
        ("no connection", client(closed)),
        ("reset", client(resetting)),
        ("deadline", client(silent.clone()).total_timeout(second)),
        ("attempt", client(silent).attempt_timeout(second)),
        ("no TLS", client(no_tls.parse().unwrap())),
        (
            "no HTTP",
            client(serving(b"\x16\x03 nonsense\r\n\r\n".to_vec()).await),
        ),
        (
            "broken off",
            client(serving(answer(200, "long")[..40].to_vec()).await),
        ),
        (
            "too large",
            client(serving(answer(200, "too large")).await).max_body(3),
        ),
        ("throttled", client(serving(answer(429, "")).await)),
        ("failed", client(serving(answer(500, "")).await)),
        ("refused", client(serving(answer(401, "")).await)),
        (
            "limit",
            client(serving(answer(500, "")).await)
                .limits(limited)
                .total_timeout(second),
        ),
        (
            "not authorized",
            client(serving(answer(200, "")).await).authorize(|_: &mut Request<Bytes>| {
                Err(Error::invalid_input("key", "it is empty"))
            }),
        ),
        (
            "in the clear",
            client(serving(answer(200, "")).await).authorize(|request: &mut Request<Bytes>| {
                let uri = format!("http://demo.example/?apiKey={IN_QUERY}");
                *request.uri_mut() = uri.parse().expect("a URL");
                Ok(())
            }),
        ),
    ]
}

#[tokio::test(start_paused = true)]
async fn r9_x7_no_failure_of_any_kind_shows_a_secret() {
    let recorder = Recorder::default();
    let _guard = tracing::subscriber::set_default(recorder.clone());
    for (kind, builder) in every_failure().await {
        assert!(!format!("{builder:?}").contains(MARK), "{kind}");
        let client = builder.build().unwrap();
        assert!(!format!("{client:?}").contains(MARK), "{kind}");
        for operation in [Say::get(), Say::post(IN_BODY)] {
            let error = client.send(&operation).await.expect_err(kind);
            let text = everything(&error);
            assert!(!text.contains(MARK), "{kind}: {text}");
        }
    }
    let log = recorder.text();
    for expected in [
        "operation",
        "attempt",
        "hyper_util",
        "127.0.0.1",
        "error.type",
        "url.template",
    ] {
        assert!(
            log.contains(expected),
            "the recorder must have seen {expected}:\n{log}"
        );
    }
    let shown = log.lines().find(|line| line.contains(MARK));
    assert_eq!(shown, None);
}
