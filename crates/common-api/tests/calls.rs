//! Calls over services of the tests' own.

use std::{
    fmt,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use common_api::{Call, Sender};
use common_transport::{
    BoxError, CallOptions, Client, ClientBuilder, Error, ErrorKind, Idempotency, Metadata,
    Operation, Priority, RateClass, RateLimits, RetryPolicy,
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

#[tokio::test(start_paused = true)]
async fn c2_a_call_passes_those_that_have_a_lower_priority() {
    let (builder, _) = over(vec![answer(200, "ok")]);
    let limits = RateLimits::new().class(RateClass::DEFAULT, 1);
    // What is set for the client holds unless the call says otherwise.
    let client = builder
        .limits(limits)
        .priority(Priority::Low)
        .build()
        .unwrap();
    let began = Instant::now();
    let send = |call: Call<'static, Say>| async move {
        call.await.unwrap();
        began.elapsed().as_secs()
    };
    let client: &'static Client = Box::leak(Box::new(client));
    let call = || Call::new(client, Say(&GET));
    let starts = tokio::join!(
        send(call()),
        send(call()),
        send(call().priority(Priority::Low)),
        send(call().priority(Priority::High)),
    );
    assert_eq!(starts, (0, 2, 3, 1));
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

// C3: of a call that waits for the rate limit, is repeated, and is told an id.
#[tokio::test(start_paused = true)]
async fn c3_answered_tells_what_http_says_of_the_answer() {
    let mut told = answer(201, "ok");
    let headers = told.headers_mut();
    headers.insert("x-request-id", "r-1".parse().unwrap());
    headers.insert("set-cookie", "sid=S3CRET".parse().unwrap());
    let (builder, _) = over(vec![answer(500, "refused"), answer(500, "refused"), told]);
    let client = builder
        .limits(RateLimits::new().class(RateClass::DEFAULT, 1))
        .retry(RetryPolicy::new().randomness(|| 0))
        .build()
        .unwrap();
    let answered = Call::new(&client, Say(&GET)).answered().await.unwrap();
    assert_eq!(answered.output, "ok");
    assert_eq!((answered.status.as_u16(), answered.attempts), (201, 3));
    assert_eq!(
        answered.waited,
        Duration::from_secs(2),
        "three permits, one a second"
    );
    assert_eq!(answered.headers["set-cookie"], "sid=S3CRET");
    assert_eq!(answered.request_id.as_deref(), Some("r-1"));
    let shown = format!("{answered:?}");
    assert!(
        shown.contains("set-cookie") && !shown.contains("S3CRET"),
        "{shown}"
    );
    assert_eq!(answered.map(|bytes| bytes.len()).output, 2);
}

#[tokio::test]
async fn c3_a_plain_answer_waited_for_nothing_and_names_no_id() {
    let (builder, _) = over(vec![answer(200, "ok")]);
    let client = builder.build().unwrap();
    let answered = Call::new(&client, Say(&GET)).answered().await.unwrap();
    assert_eq!((answered.attempts, answered.waited), (1, Duration::ZERO));
    assert_eq!(answered.request_id, None);
}

// C3, C6: an id is a text of the service, which may quote the key it was sent.
#[tokio::test]
async fn c6_the_services_id_is_kept_in_errors_and_holds_no_secret() {
    for (status, body) in [(404, "no file"), (500, "refused"), (200, "refused")] {
        let mut told = answer(status, body);
        let id = "r-1/S3CRET-key".parse().unwrap();
        told.headers_mut().insert("x-amzn-requestid", id);
        let (builder, _) = over(vec![told]);
        let builder = builder.hide("S3CRET-key").retry(RetryPolicy::none());
        let client = builder.build().unwrap();
        let error = Call::new(&client, Say(&POST)).await.unwrap_err();
        assert_eq!(error.request_id(), Some("r-1/[hidden]"), "{status}");
        assert!(!format!("{error:?}").contains("S3CRET"), "{error:?}");
        let error = Call::new(&client, Say(&GET)).download().await.err();
        assert!(status == 200 || error.unwrap().request_id() == Some("r-1/[hidden]"));
    }
    let mut told = answer(200, "ok");
    told.headers_mut()
        .insert("cf-ray", "S3CRET-key".parse().unwrap());
    let (builder, _) = over(vec![told]);
    let client = builder.hide("S3CRET-key").build().unwrap();
    let answered = Call::new(&client, Say(&GET)).answered().await.unwrap();
    assert_eq!(answered.request_id.as_deref(), Some("[hidden]"));
}
