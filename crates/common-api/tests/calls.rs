//! Calls over services of the tests' own.

use std::{
    fmt,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use common_api::{Call, Sender};
use common_transport::{
    BoxError, CallOptions, Client, ClientBuilder, Error, ErrorKind, Idempotency, Metadata,
    Operation, RateClass, RateLimits, RetryPolicy,
};
use http::{Method, Request, Response};
use tokio::time::{Duration, Instant};
use tower::service_fn;

static GET: Metadata = Metadata::new("demo", "get", Method::GET, "/a", Idempotency::Idempotent);
static POST: Metadata = Metadata::new(
    "demo",
    "add",
    Method::POST,
    "/a",
    Idempotency::NonIdempotent,
);

/// An operation that knows the service's errors. It shows none of its parameters.
struct Say(&'static Metadata);

impl fmt::Debug for Say {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Say")
    }
}

impl Operation for Say {
    type Output = Bytes;

    fn metadata(&self) -> &'static Metadata {
        self.0
    }

    fn request(&self) -> Result<Request<Bytes>, Error> {
        let request = Request::builder().method(&self.0.method).uri("/a?b=1");
        Ok(request.body(Bytes::new()).unwrap())
    }

    fn decode(&self, response: Response<Bytes>) -> Result<Bytes, Error> {
        let status = response.status();
        match &response.body()[..] {
            b"no file" => {
                Err(Error::new(ErrorKind::NotFound, "there is no such file").with_status(status))
            }
            b"refused" => Err(Error::new(ErrorKind::Service, "refused").with_status(status)),
            _ => Ok(response.into_body()),
        }
    }
}

fn answer(status: u16, body: &'static str) -> Response<Bytes> {
    let body = Bytes::from_static(body.as_bytes());
    Response::builder().status(status).body(body).unwrap()
}

type Requests = Arc<Mutex<Vec<Request<Bytes>>>>;

/// A builder whose service gives these answers in turn, the last one for ever; and the requests it has had.
fn over(answers: Vec<Response<Bytes>>) -> (ClientBuilder, Requests) {
    let seen = Requests::default();
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

/// A typed client with a default of its own.
struct Typed(Client);

impl Sender for Typed {
    fn client(&self) -> &Client {
        &self.0
    }

    fn prepare(&self, _: &'static Metadata, request: &mut Request<Bytes>) -> Result<(), Error> {
        *request.uri_mut() = "/a?b=1&site=main".parse().unwrap();
        Ok(())
    }
}

#[tokio::test]
async fn x2_a_typed_client_puts_its_defaults_into_each_call() {
    let (builder, seen) = over(vec![answer(200, "ok")]);
    let typed = Typed(builder.build().unwrap());
    let call = Call::new(&typed, Say(&POST)).with(|_| Say(&GET));
    assert_eq!(call.await.unwrap(), "ok");
    let seen = seen.lock().unwrap();
    assert_eq!(seen[0].uri().query(), Some("b=1&site=main"));
    assert_eq!(seen[0].method(), Method::GET);
}

#[tokio::test]
async fn x6_an_error_answer_to_a_download_is_still_the_services_error() {
    let (builder, _) = over(vec![answer(404, "no file"), answer(302, "move")]);
    let client = builder.build().unwrap();
    let error = Call::new(&client, Say(&GET)).download().await.unwrap_err();
    assert!(error.is_not_found(), "{error:?}");
    assert_eq!((error.operation(), error.attempts()), (Some("get"), 1));
    let error = Call::new(&client, Say(&GET)).download().await.unwrap_err();
    assert!(
        error.is_decode() && error.to_string().contains("302"),
        "{error}"
    );
}

#[tokio::test]
async fn r9_debug_of_a_call_shows_what_the_operation_shows() {
    let (builder, _) = over(vec![answer(200, "ok")]);
    let client = builder.build().unwrap();
    assert_eq!(format!("{:?}", Call::new(&client, Say(&GET))), "Call(Say)");
}

#[tokio::test(start_paused = true)]
async fn c2_options_of_a_call_count_for_it_alone() {
    use Idempotency::{Idempotent, NonIdempotent};
    let failures = vec![
        answer(500, "refused"),
        answer(500, "refused"),
        answer(200, "ok"),
    ];
    let three = || RetryPolicy::new().max_attempts(3);
    for (call, expected) in [
        (options(&GET), 3),
        (options(&GET).retry(RetryPolicy::none()), 1),
        (options(&GET).retry(three().max_attempts(2)), 2),
        (options(&GET).idempotency(NonIdempotent), 1),
        (options(&POST), 1),
        (options(&POST).idempotency(Idempotent), 3),
        (options(&POST).idempotency(Idempotent).retry(three()), 3),
    ] {
        let (builder, seen) = over(failures.clone());
        let client = builder.build().unwrap();
        let shown = format!("{} {:?}", call.metadata.name, call.options);
        let result = Call::new(&client, Say(call.metadata))
            .options(call.options)
            .header("x-shop", "main")
            .await;
        let seen = seen.lock().unwrap();
        assert_eq!(seen.len(), expected, "{shown}");
        assert_eq!(result.is_ok(), expected == 3, "{shown}");
        let has_header = |request: &Request<Bytes>| request.headers()["x-shop"] == "main";
        assert!(seen.iter().all(has_header), "on each attempt");
    }
}

struct Row {
    metadata: &'static Metadata,
    options: CallOptions,
}

fn options(metadata: &'static Metadata) -> Row {
    Row {
        metadata,
        options: CallOptions::new(),
    }
}

impl Row {
    fn retry(mut self, policy: RetryPolicy) -> Self {
        self.options = self.options.retry(policy);
        self
    }

    fn idempotency(mut self, idempotency: Idempotency) -> Self {
        self.options = self.options.idempotency(idempotency);
        self
    }
}

#[tokio::test(start_paused = true)]
async fn c2_a_call_that_ends_by_its_own_timeout_says_whether_it_may_have_landed() {
    let silent = service_fn(async |_: Request<Bytes>| {
        std::future::pending::<Result<Response<Bytes>, BoxError>>().await
    });
    let base = "https://demo.example".parse().unwrap();
    let client = Client::builder(base).service(silent);
    let limits = RateLimits::new().class(RateClass::DEFAULT, 1);
    let client = client.limits(limits).build().unwrap();
    let began = Instant::now();
    let add = || Call::new(&client, Say(&POST)).timeout(Duration::from_millis(400));
    let error = add().await.unwrap_err();
    assert!(error.is_timeout() && error.may_have_landed(), "{error:?}");
    assert_eq!(began.elapsed().as_millis(), 400);
    // No permit is left in this second.
    let error = add().await.unwrap_err();
    assert!(error.is_timeout() && !error.may_have_landed(), "{error:?}");
    let error = add().download().await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
}

#[tokio::test]
async fn c2_a_header_that_a_call_cannot_set_is_named_and_nothing_is_sent() {
    let (builder, seen) = over(vec![answer(200, "ok")]);
    let client = builder.build().unwrap();
    for name in ["Authorization", "host", "Content-Length", "a b"] {
        let error = Call::new(&client, Say(&GET))
            .header(name, "x")
            .await
            .unwrap_err();
        assert!(error.is_invalid_input(), "{error}");
        assert_eq!(
            (error.field(), error.operation()),
            (Some(name), Some("get"))
        );
    }
    assert!(seen.lock().unwrap().is_empty());
}
