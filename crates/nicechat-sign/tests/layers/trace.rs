//! Why a request was refused: the events for the operator, and what they must not hold.

use std::convert::Infallible;
use std::io;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use nicechat_sign::tower::{KeyLookup, MemoryReplayStore, VerifyLayer};
use nicechat_sign::{Credentials, Dialect, Names, QueryRule, Signer, Verifier};
use tower::{Layer as _, ServiceExt as _, service_fn};
use tracing_subscriber::fmt::MakeWriter;

const PATH: &str = "/marketplaces/v1/products/";
const KEY: &str = "api-key-7f3a";
const SECRET: &str = "s3cret-of-the-account";
const VALUE: &str = "Anna-Petrovna";
const FORM: &str = "application/x-www-form-urlencoded";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Runs with a subscriber of everything and returns the text of all events.
fn logged(run: impl FnOnce()) -> String {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .without_time()
        .with_writer(log.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, run);
    String::from_utf8(log.0.lock().unwrap().clone()).unwrap()
}

fn account() -> Credentials {
    Credentials::new(KEY, SECRET)
}

fn form(body: String) -> Request<Vec<u8>> {
    let request = Request::post(PATH).header("content-type", FORM);
    request.body(body.into_bytes()).unwrap()
}

fn signed() -> Request<Vec<u8>> {
    let mut request = form(format!("name={VALUE}&b=1"));
    Signer::new(account()).sign_request(&mut request).unwrap();
    request
}

fn with_header(name: &'static str, value: &str) -> Request<Vec<u8>> {
    let mut request = signed();
    request.headers_mut().insert(name, value.parse().unwrap());
    request
}

fn verify(
    verifier: &Verifier,
    request: Request<Vec<u8>>,
    account: impl FnOnce(&str) -> Option<Credentials>,
) -> String {
    let (parts, body) = request.into_parts();
    logged(|| {
        verifier.verify(&parts, &body, account).unwrap_err();
    })
}

/// Every text that must not be in an event about [`signed`], or about a request that differs in one thing.
fn secrets() -> Vec<String> {
    let mut out = vec![KEY.to_owned(), SECRET.to_owned(), VALUE.to_owned()];
    for dialect in Dialect::ALL {
        for path in [PATH, "/marketplaces/v1/orders/"] {
            for secret in [SECRET, "", "other"] {
                let signer = Signer::new(Credentials::new(KEY, secret)).with_dialect(dialect);
                let mut request = form(format!("name={VALUE}&b=1"));
                *request.uri_mut() = path.parse().unwrap();
                signer.sign_request(&mut request).unwrap();
                let signature = request.headers()["x-api-sign"].to_str().unwrap();
                out.push(signature.to_owned());
                out.push(signature.to_uppercase());
                // A part of a signature is one, too.
                out.push(signature[..16].to_owned());
            }
        }
    }
    out
}

fn assert_silent(log: &str) {
    for secret in secrets() {
        assert!(!log.contains(&secret), "{secret} in {log}");
    }
}

// C15
#[test]
fn c15_a_wrong_signature_is_explained_by_what_was_checked() {
    let verifier = Verifier::new()
        .dialects([Dialect::Php, Dialect::Python])
        .also_names(Names::new().signature_header("x-api-sing"));
    let mut moved = signed();
    *moved.uri_mut() = "/marketplaces/v1/orders/".parse().unwrap();
    let log = verify(&verifier, moved, |_| Some(account()));
    for told in [
        "DEBUG nicechat_sign::verify: ",
        "refused: the signature is not right for the account's secret",
        "status=401 method=POST path=/marketplaces/v1/orders/ ",
        "placement=Headers",
        "names=x-api-key+x-api-sign or _key+_sign ",
        "dialects=[Php, Python]",
        // `b=1&name=…` in both.
        &format!("signed_bytes=php: {}", "b=1&name=".len() + VALUE.len()),
    ] {
        assert!(log.contains(told), "no {told} in {log}");
    }
    assert_eq!(log.lines().count(), 1, "{log}");
    assert_silent(&log);
}

// C15
#[test]
fn c15_each_way_to_be_unauthorized_has_its_reason() {
    let verifier = Verifier::new().also_names(Names::new().signature_header("x-api-sing"));
    let wrong = "0".repeat(64);
    let mut twice = signed();
    twice
        .headers_mut()
        .append("x-api-key", KEY.parse().unwrap());
    let mut no_signature = signed();
    no_signature.headers_mut().remove("x-api-sign");
    let signature = signed().headers()["x-api-sign"].clone();
    let also = format!(
        "name={VALUE}&_key={KEY}&_sign={}",
        signature.to_str().unwrap()
    );
    let mut both = form(also);
    both.headers_mut().extend(signed().into_parts().0.headers);
    let alone = form(format!(
        "name={VALUE}&_sign={}",
        signature.to_str().unwrap()
    ));
    for (request, told) in [
        (
            with_header("x-api-sign", &wrong),
            "the signature is not right for the account's secret",
        ),
        (with_header("x-api-key", "nobody"), "no account has the key"),
        (
            with_header("x-api-sign", SECRET),
            "the signature is not 64 lower-case hexadecimal digits",
        ),
        (twice, "x-api-key (2 times)"),
        (no_signature, "headers_present=[\"x-api-key\""),
        (
            form(String::new()),
            "neither the headers nor the parameters have a key with a signature",
        ),
        (both, "key and signature are there more than once"),
        (
            alone,
            "a parameter for key or signature is there without the other",
        ),
        (form(format!("name={VALUE}")), "x-api-key+x-api-sing"),
    ] {
        let log = verify(&verifier, request, |key| (key == KEY).then(account));
        assert!(log.contains(told), "no {told} in {log}");
        assert!(log.contains(&format!("path={PATH}")), "{log}");
        assert_silent(&log);
    }
    for found in [Credentials::new("other", SECRET), Credentials::new(KEY, "")] {
        let log = verify(&verifier, signed(), |_| Some(found));
        assert!(log.contains("status=401"), "{log}");
        assert_silent(&log);
    }
}

// C15: what is refused before the signature is looked at.
#[test]
fn c15_other_refusals_have_their_reason_too() {
    let verifier = Verifier::new().max_body(64).query_rule(QueryRule::Signed);
    let on = |path: &str| {
        let mut request = signed();
        *request.uri_mut() = path.parse().unwrap();
        request
    };
    let mut put = signed();
    *put.method_mut() = "PURGE".parse().unwrap();
    let mut large = signed();
    large.body_mut().extend([b'x'; 64]);
    let long = format!("/{}/", "a".repeat(1 << 12));
    for (request, told) in [
        (put, "method=PURGE"),
        (large, "body_bytes=86 max_body_bytes=64"),
        (on("/a=b/"), "the path could be taken for a path and a body"),
        (on("/no/slash"), "path=/no/slash"),
        (
            with_header("content-type", "text/plain"),
            "the content type cannot be verified",
        ),
        (
            with_header("content-type", "application/json"),
            "body_bytes=22",
        ),
        (on(&long), "aaa…"),
    ] {
        let log = verify(&verifier, request, |_| Some(Credentials::new(KEY, "other")));
        assert!(log.contains(told), "no {told} in {log}");
        assert!(log.len() < 1024, "{log}");
        assert_silent(&log);
    }
}

// C15: the query of a GET may hold key and signature.
#[test]
fn c15_the_query_is_not_shown() {
    let signature = signed().headers()["x-api-sign"]
        .to_str()
        .unwrap()
        .to_owned();
    let uri = format!("{PATH}?name={VALUE}&_key={KEY}&_sign={signature}");
    let request = Request::get(uri).body(Vec::new()).unwrap();
    let log = verify(&Verifier::new(), request, |_| Some(account()));
    assert!(log.contains("placement=Parameters"), "{log}");
    assert_silent(&log);
}

// C15
#[test]
fn c15_a_right_signature_is_no_event() {
    let (parts, body) = signed().into_parts();
    let log = logged(|| {
        Verifier::new()
            .verify(&parts, &body, |_| Some(account()))
            .unwrap();
    });
    assert_eq!(log, "");
}

/// The text of the events of one request through the layer.
fn through<K>(keys: K, replay: MemoryReplayStore, times: usize) -> (String, Vec<u16>)
where
    K: KeyLookup,
{
    let handler = service_fn(async |_: Request<Full<Bytes>>| {
        Ok::<_, Infallible>(Response::new(Bytes::new()))
    });
    let layer = VerifyLayer::with_replay_store(Verifier::new().max_body(64), keys, replay);
    let server = layer.layer(handler);
    let mut statuses = Vec::new();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let log = logged(|| {
        for _ in 0..times {
            let request = signed().map(Full::<Bytes>::from);
            let answer = runtime.block_on(server.clone().oneshot(request)).unwrap();
            statuses.push(answer.status().as_u16());
        }
    });
    (log, statuses)
}

// C15: the layer's own refusals.
#[test]
fn c15_the_layer_tells_why_too() {
    let store = || MemoryReplayStore::new(std::time::Duration::from_secs(5), 9);
    let (log, statuses) = through(account(), store(), 2);
    assert_eq!(statuses, [200, 409]);
    assert!(
        log.contains("refused: the request was received before"),
        "{log}"
    );
    assert!(log.contains(&format!("path={PATH}")), "{log}");
    assert_silent(&log);

    let failing = |_: &str| std::future::ready(Err::<Option<Credentials>, _>(SECRET));
    let (log, statuses) = through(failing, store(), 1);
    assert_eq!(statuses, [503]);
    assert!(log.contains("refused: the key store failed"), "{log}");
    assert_silent(&log);

    let (log, statuses) = through(Credentials::new(KEY, "other"), store(), 1);
    assert_eq!(statuses, [401]);
    assert_eq!(log.lines().count(), 1, "{log}");
    assert_silent(&log);
}
