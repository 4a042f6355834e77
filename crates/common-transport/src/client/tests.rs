//! The client over services of the tests' own.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU32, Ordering::Relaxed},
};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response};
use tokio::time::{Duration, Instant};
use tower::service_fn;

use super::*;
use crate::{
    Attempts, Error, Metadata, Operation,
    observe::{AttemptEnded, CallEnded, Observer},
};
use crate::{BoxError, ErrorKind, Idempotency, RateClass, RateLimits, RetryPolicy};

static GET: Metadata = Metadata::new("demo", "get", Method::GET, "/a", Idempotency::Idempotent);
static PUT: Metadata = Metadata::new("demo", "set", Method::PUT, "/a", Idempotency::Idempotent);
static POST: Metadata = Metadata::new(
    "demo",
    "add",
    Method::POST,
    "/a",
    Idempotency::NonIdempotent,
);

/// An operation whose answer must be the text `ok`.
#[derive(Debug)]
struct Say(&'static Metadata);

impl Operation for Say {
    type Output = ();

    fn metadata(&self) -> &'static Metadata {
        self.0
    }

    fn request(&self) -> Result<Request<Bytes>, Error> {
        let request = Request::builder().method(&self.0.method).uri("/a?b=1");
        Ok(request.body(Bytes::new()).unwrap())
    }

    fn decode(&self, response: Response<Bytes>) -> Result<(), Error> {
        match (response.status().as_u16(), &response.body()[..]) {
            (200, b"ok") => Ok(()),
            (200, _) => Err(Error::new(ErrorKind::Decode, "not ok")),
            _ => Err(Error::new(ErrorKind::Service, "refused").with_status(response.status())),
        }
    }
}

fn answer(status: u16, body: &'static str) -> Response<Bytes> {
    let body = Bytes::from_static(body.as_bytes());
    Response::builder().status(status).body(body).unwrap()
}

/// A builder whose service gives these answers in turn, the last one for ever; and the requests it has had.
fn over(answers: Vec<Response<Bytes>>) -> (ClientBuilder, Arc<Mutex<Vec<Request<Bytes>>>>) {
    let seen = Arc::new(Mutex::new(Vec::<Request<Bytes>>::new()));
    let requests = seen.clone();
    let service = service_fn(move |request: Request<Bytes>| {
        let mut seen = seen.lock().unwrap();
        let answer = answers[seen.len().min(answers.len() - 1)].clone();
        seen.push(request);
        std::future::ready(Ok::<_, BoxError>(answer))
    });
    let base = "https://demo.example/prefix".parse().unwrap();
    (Client::builder(base).service(service), requests)
}

#[tokio::test(start_paused = true)]
async fn x3_each_attempt_takes_a_permit_and_is_authorised_anew() {
    let (builder, seen) = over(vec![answer(500, ""), answer(500, ""), answer(200, "ok")]);
    let count = AtomicU32::new(0);
    let begin = Instant::now();
    let client = builder
        .limits(RateLimits::new().class(RateClass::DEFAULT, 1))
        .retry(RetryPolicy::new().randomness(|| 0))
        .authorize(move |request: &mut Request<Bytes>| {
            // A signature that was made before the wait would be as old as the wait is long.
            let number = count.fetch_add(1, Relaxed);
            assert_eq!(
                begin.elapsed().as_secs(),
                u64::from(number),
                "after its permit"
            );
            request
                .headers_mut()
                .insert("x-number", HeaderValue::from(number));
            Ok(())
        })
        .build()
        .unwrap();
    client.send(&Say(&GET)).await.unwrap();
    assert_eq!(
        begin.elapsed().as_secs(),
        2,
        "three permits at one a second"
    );
    let seen = seen.lock().unwrap();
    let numbers: Vec<_> = seen
        .iter()
        .map(|request| request.headers()["x-number"].clone())
        .collect();
    assert_eq!(numbers, ["0", "1", "2"]);
    assert_eq!(seen[2].uri(), "https://demo.example/prefix/a?b=1");
    let agent = seen[0].headers()["user-agent"].to_str().unwrap();
    assert!(agent.starts_with("common-transport/"), "{agent}");
}

#[tokio::test(start_paused = true)]
async fn x6_errors_say_operation_attempts_and_whether_the_call_may_have_landed() {
    for (metadata, answers, attempts, landed) in [
        (&POST, vec![answer(500, "")], 1, true),
        (&POST, vec![answer(429, "")], 1, true),
        (&POST, vec![answer(429, "Too Many Requests")], 4, false),
        (
            &POST,
            vec![answer(503, "Service Temporarily Unavailable")],
            4,
            false,
        ),
        (&POST, vec![answer(400, "")], 1, false),
        (&POST, vec![answer(200, "<html>")], 1, true),
        (&PUT, vec![answer(502, ""), answer(400, "")], 2, true),
        (&GET, vec![answer(502, ""), answer(400, "")], 2, false),
        (&POST, vec![answer(301, "")], 1, true),
        (&GET, vec![answer(200, "<html>")], 1, false),
    ] {
        let first = answers[0].status();
        let client = over(answers).0.build().unwrap();
        let error = client.send(&Say(metadata)).await.unwrap_err();
        assert_eq!(error.operation(), Some(metadata.name));
        assert_eq!(
            (error.attempts(), error.may_have_landed()),
            (attempts, landed),
            "{first}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn x2_the_total_deadline_ends_a_call_wherever_it_is() {
    let stalled = service_fn(async |_: Request<Bytes>| {
        tokio::time::sleep(Duration::from_secs(1_000)).await;
        Ok::<_, BoxError>(answer(200, "ok"))
    });
    let client = Client::builder("https://demo.example".parse().unwrap())
        .service(stalled)
        .total_timeout(Duration::from_secs(7))
        .build()
        .unwrap();
    let begin = Instant::now();
    let error = client.send(&Say(&POST)).await.unwrap_err();
    assert!(error.is_timeout() && error.may_have_landed());
    assert_eq!((error.attempts(), begin.elapsed().as_secs()), (1, 7));
}

#[tokio::test(start_paused = true)]
async fn x2_the_longest_times_are_no_bound() {
    for (random, attempts) in [(0, 2), (u64::MAX, 1)] {
        let (builder, _) = over(vec![answer(500, ""), answer(200, "ok")]);
        let client = builder
            .total_timeout(Duration::MAX)
            .attempt_timeout(Duration::MAX)
            .response_timeout(Duration::MAX)
            .idle_timeout(Duration::MAX)
            .retry(
                RetryPolicy::new()
                    .waits(Duration::MAX, Duration::MAX)
                    .randomness(move || random),
            )
            .build()
            .unwrap();
        let result = client.execute(&GET, Request::get("/").body(Bytes::new()).unwrap());
        assert_eq!(Attempts::of(&result.await.unwrap()).0, attempts);
    }
}

#[tokio::test]
async fn a_foreign_error_is_ambiguous_and_ours_is_taken_at_its_word() {
    for (ours, landed) in [(false, true), (true, false)] {
        let service = service_fn(move |_: Request<Bytes>| {
            let error = if ours {
                BoxError::from(Error::new(ErrorKind::Connect, "refused"))
            } else {
                BoxError::from("broken")
            };
            std::future::ready(Err::<Response<Bytes>, _>(error))
        });
        let client = Client::builder("https://demo.example".parse().unwrap())
            .service(service)
            .retry(RetryPolicy::none())
            .build()
            .unwrap();
        assert_eq!(
            client
                .send(&Say(&POST))
                .await
                .unwrap_err()
                .may_have_landed(),
            landed
        );
    }
}

#[tokio::test]
async fn r3_what_authorize_makes_of_the_url_is_guarded_too() {
    let (builder, seen) = over(vec![answer(200, "ok")]);
    let client = builder
        .authorize(|request: &mut Request<Bytes>| {
            *request.uri_mut() = "http://demo.example/a?apiKey=k-1".parse().unwrap();
            Ok(())
        })
        .build()
        .unwrap();
    let error = client.send(&Say(&GET)).await.unwrap_err();
    assert!(
        error.is_invalid_input() && !error.may_have_landed(),
        "{error}"
    );
    assert!(seen.lock().unwrap().is_empty());
}

/// Writes down what it hears.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<String>>>);

impl Observer for Heard {
    fn attempt_ended(&self, attempt: &AttemptEnded) {
        let line = format!(
            "{} {:?} {}",
            attempt.number, attempt.outcome, attempt.repeats
        );
        self.0.lock().unwrap().push(line);
    }

    fn call_ended(&self, call: &CallEnded) {
        let name = call.operation.map(|operation| operation.name);
        let line = format!(
            "{name:?} {} {:?} {:?} {}",
            call.attempts, call.outcome, call.waited, call.may_have_landed
        );
        self.0.lock().unwrap().push(line);
    }
}

#[tokio::test(start_paused = true)]
async fn x2_an_observer_hears_attempts_ends_waits_and_drops() {
    let heard = Heard::default();
    let (builder, _) = over(vec![answer(500, ""), answer(200, "ok")]);
    let client = builder
        .observer(heard.clone())
        .limits(RateLimits::new().class(RateClass::DEFAULT, 2))
        .retry(RetryPolicy::new().randomness(|| 0))
        .build()
        .unwrap();
    client.send(&Say(&GET)).await.unwrap();
    let post = Say(&POST);
    let pending = tokio::time::timeout(Duration::from_millis(1), client.send(&post));
    assert!(pending.await.is_err());
    let expected = [
        "1 Answered(500) true",
        "2 Answered(200) false",
        "Some(\"get\") 2 Answered(200) 500ms false",
        "Some(\"add\") 1 Dropped 1ms false",
    ];
    assert_eq!(*heard.0.lock().unwrap(), expected);
}
