//! The rule, attempt by attempt, under paused time.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use http::{Method, Request, Response, Version, header::RETRY_AFTER};
use http_body_util::Full;
use tokio::time::{Duration, Instant};
use tower::{Service, ServiceBuilder, ServiceExt, service_fn};

use super::{judge::Ambiguous, *};
use crate::{
    Error, ErrorKind, Idempotency, Metadata,
    attempt::AttemptLayer,
    deadline::DeadlineLayer,
    limit::{Acquire, Key, LimitLayer, Limiter, Permit},
    observe::{AttemptEnded, CallEnded, Observer},
    trace::TraceLayer,
};

type Outcome = Result<Response<Bytes>, Error>;

fn status(status: u16) -> Outcome {
    Ok(Response::builder()
        .status(status)
        .body(Bytes::new())
        .unwrap())
}

/// The page of a limiter in front of the application.
fn limited(status: u16) -> Outcome {
    let body = Bytes::from_static(match status {
        429 => b"<h1>429 Too Many Requests</h1>",
        _ => b"503 Service Temporarily Unavailable",
    });
    Ok(Response::builder().status(status).body(body).unwrap())
}

fn broken(kind: ErrorKind, may_have_landed: bool) -> Outcome {
    Err(Error::new(kind, "broken").with_may_have_landed(may_have_landed))
}

/// Runs a call against a server that ends its attempts like this; gives the result and the time it took.
async fn run(method: Method, policy: RetryPolicy, ends: Vec<Outcome>) -> (Outcome, Duration) {
    let ends = Arc::new(Mutex::new(VecDeque::from(ends)));
    let mut service = ServiceBuilder::new()
        .layer(DeadlineLayer::new(Duration::from_secs(20)))
        .layer(RetryLayer::new(policy))
        .service(service_fn(move |_: Request<Bytes>| {
            let end = ends
                .lock()
                .unwrap()
                .pop_front()
                .expect("an attempt too many");
            async move { end }
        }));
    let request = Request::builder()
        .method(method)
        .uri("https://demo.example/")
        .body(Bytes::new())
        .unwrap();
    let begin = Instant::now();
    let result = service.ready().await.unwrap().call(request).await;
    (result, begin.elapsed())
}

fn policy() -> RetryPolicy {
    RetryPolicy::new().randomness(|| 1 << 63)
}

fn attempts(result: &Outcome) -> u32 {
    match result {
        Ok(response) => Attempts::of(response).0,
        Err(error) => error.attempts(),
    }
}

#[tokio::test(start_paused = true)]
async fn n91_the_table_of_classes() {
    let transient: [(fn() -> Outcome, bool); 8] = [
        (|| broken(ErrorKind::Connect, false), true),
        (|| broken(ErrorKind::Transport, false), true),
        (|| limited(503), true),
        (|| limited(429), true),
        (|| status(429), false),
        (|| status(503), false),
        (|| status(500), false),
        (|| broken(ErrorKind::Transport, true), false),
    ];
    for (index, (end, post_repeats)) in transient.into_iter().enumerate() {
        let (result, _) = run(Method::GET, policy(), vec![end(), status(200)]).await;
        assert_eq!(attempts(&result), 2, "GET {index}");
        let (result, _) = run(Method::POST, policy(), vec![end(), status(200)]).await;
        assert_eq!(
            attempts(&result),
            if post_repeats { 2 } else { 1 },
            "POST {index}"
        );
    }
    let last: [fn() -> Outcome; 4] = [
        || status(200),
        || status(404),
        || broken(ErrorKind::BodyLimit, true),
        || broken(ErrorKind::InvalidInput, false),
    ];
    for end in last {
        let (result, _) = run(Method::GET, policy(), vec![end(), status(200)]).await;
        assert_eq!(attempts(&result), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn n91_the_metadata_goes_before_the_method() {
    static POST: Metadata =
        Metadata::new("demo", "list", Method::POST, "/", Idempotency::Idempotent);
    let ends = Arc::new(Mutex::new(VecDeque::from([status(500), status(200)])));
    let mut service = ServiceBuilder::new()
        .layer(RetryLayer::new(policy()))
        .service(service_fn(move |_: Request<Bytes>| {
            std::future::ready(ends.lock().unwrap().pop_front().unwrap())
        }));
    let request = Request::post("/")
        .extension(&POST)
        .body(Bytes::new())
        .unwrap();
    let result = service.call(request).await;
    assert_eq!(attempts(&result), 2);
}

#[tokio::test(start_paused = true)]
async fn x3_each_attempt_has_all_extensions() {
    static GET: Metadata = Metadata::new("demo", "get", Method::GET, "/", Idempotency::Idempotent);
    for with_own in [false, true] {
        let mut service = ServiceBuilder::new()
            .layer(DeadlineLayer::new(Duration::from_secs(20)))
            .layer(RetryLayer::new(policy()))
            .service(service_fn(move |request: Request<Bytes>| {
                let extensions = request.extensions();
                assert!(extensions.get::<&'static Metadata>().is_some());
                assert!(crate::Context::of(&request).is_some());
                assert_eq!(extensions.get::<u8>().is_some(), with_own);
                std::future::ready(status(500))
            }));
        let mut request = Request::get("/")
            .extension(&GET)
            .body(Bytes::new())
            .unwrap();
        if with_own {
            request.extensions_mut().insert(7_u8);
        }
        let result = service.ready().await.unwrap().call(request).await;
        assert_eq!(attempts(&result), 4);
    }
}

#[tokio::test(start_paused = true)]
async fn x3_each_attempt_is_the_same_request() {
    let shown = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&shown);
    let mut service = ServiceBuilder::new()
        .layer(RetryLayer::new(policy()))
        .service(service_fn(move |request: Request<Bytes>| {
            told.lock().unwrap().push(format!("{request:?}"));
            std::future::ready(status(500))
        }));
    let request = Request::put("https://demo.example/api?page=1")
        .version(Version::HTTP_2)
        .header("x-list", "one")
        .header("accept", "*/*")
        .header("x-list", "two")
        .body(Bytes::from("{}"))
        .unwrap();
    let first = format!("{request:?}");
    let result = service.call(request).await;
    assert_eq!(attempts(&result), 4);
    assert_eq!(*shown.lock().unwrap(), [0; 4].map(|_| first.clone()));
}

#[tokio::test(start_paused = true)]
async fn x6_a_deadline_inside_ends_an_attempt_and_not_the_call() {
    let mut service = ServiceBuilder::new()
        .layer(DeadlineLayer::new(Duration::from_secs(20)))
        .layer(RetryLayer::new(policy()))
        .layer(DeadlineLayer::new(Duration::from_secs(1)))
        .service(service_fn(|request: Request<Bytes>| {
            let left = crate::Context::of(&request).unwrap().deadline().unwrap() - Instant::now();
            assert_eq!(left, Duration::from_secs(1));
            std::future::pending::<Outcome>()
        }));
    let request = Request::get("/").body(Bytes::new()).unwrap();
    let begin = Instant::now();
    let error = service.call(request).await.unwrap_err();
    assert_eq!((error.attempts(), error.is_timeout()), (4, true));
    assert_eq!(begin.elapsed().as_secs(), 4);
}

#[tokio::test(start_paused = true)]
async fn x6_an_ambiguous_attempt_stays_on_record() {
    let ends = vec![
        broken(ErrorKind::Transport, true),
        broken(ErrorKind::Connect, false),
    ];
    let (result, _) = run(Method::PUT, policy().max_attempts(2), ends).await;
    let error = result.unwrap_err();
    assert!(error.may_have_landed() && error.is_connect());
    assert_eq!(error.attempts(), 2);
    let ends = vec![status(502), status(404)];
    let (result, _) = run(Method::DELETE, policy(), ends).await;
    assert!(result.unwrap().extensions().get::<Ambiguous>().is_some());
}

#[tokio::test(start_paused = true)]
async fn r20_retry_after_is_waited_for_unless_the_deadline_comes_first() {
    let busy = |seconds: u32| {
        let mut response = limited(429).unwrap();
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
        Ok(response)
    };
    let (result, took) = run(Method::POST, policy(), vec![busy(7), status(200)]).await;
    assert_eq!((attempts(&result), took.as_secs()), (2, 7));
    let (result, took) = run(Method::POST, policy(), vec![busy(20), status(200)]).await;
    assert_eq!((attempts(&result), took), (1, Duration::ZERO));
    assert_eq!(result.unwrap().status(), 429);
}

#[tokio::test(start_paused = true)]
async fn n91_the_last_answer_comes_back_when_the_attempts_are_spent() {
    let (result, took) = run(Method::GET, policy(), (0..4).map(|_| status(500)).collect()).await;
    assert_eq!(attempts(&result), 4);
    assert_eq!(result.unwrap().status(), 500);
    assert!(
        (700..710).contains(&took.as_millis()),
        "100 + 200 + 400 ms, got {took:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn n91_a_spent_budget_ends_the_repeats() {
    let policy = policy()
        .max_attempts(10)
        .budget(Arc::new(Budget::new(0, 2)));
    let (result, _) = run(Method::GET, policy, (0..3).map(|_| status(500)).collect()).await;
    assert_eq!(attempts(&result), 3);
}

/// X6: a transport that is not ours never says whether it has sent: then nothing is provably unsent.
#[tokio::test(start_paused = true)]
async fn x6_a_silent_foreign_transport_is_not_asked_twice_for_what_is_not_idempotent() {
    for (method, expected, landed) in [
        (Method::POST, 1, true),
        (Method::PUT, 4, true),
        (Method::GET, 4, false),
    ] {
        let mut service = ServiceBuilder::new()
            .layer(DeadlineLayer::new(Duration::from_secs(1_000)))
            .layer(RetryLayer::new(policy()))
            .layer(AttemptLayer::new().timeout(Duration::from_secs(5)))
            .service(service_fn(|_: Request<Bytes>| {
                std::future::pending::<Result<Response<Full<Bytes>>, Error>>()
            }));
        let request = Request::builder().method(method).uri("/");
        let request = request.body(Bytes::new()).unwrap();
        let error = service.call(request).await.unwrap_err();
        assert!(error.is_timeout(), "{error:?}");
        assert_eq!(
            (error.attempts(), error.may_have_landed()),
            (expected, landed)
        );
    }
}

/// Grants a permit after so many seconds.
#[derive(Debug)]
struct After(u64);

impl Limiter for After {
    fn acquire(&self, _: Key<'_>, _: Option<Instant>) -> Acquire {
        let wait = tokio::time::sleep(Duration::from_secs(self.0));
        Acquire::waiting(async {
            wait.await;
            Ok(Permit::unlimited())
        })
    }
}

/// X6: the same, where the deadline of the call cuts the attempt off; but what waits for a permit is not sent.
#[tokio::test(start_paused = true)]
async fn x6_a_call_cut_off_above_a_foreign_transport_may_have_landed() {
    for (granted_after, landed) in [(0, true), (4, true), (6, false)] {
        let mut service = ServiceBuilder::new()
            .layer(DeadlineLayer::new(Duration::from_secs(5)))
            .layer(RetryLayer::new(policy()))
            .layer(LimitLayer::new(After(granted_after)))
            .service(service_fn(|_: Request<Bytes>| {
                std::future::pending::<Outcome>()
            }));
        let request = Request::post("/").body(Bytes::new()).unwrap();
        let error = service.call(request).await.unwrap_err();
        assert!(error.is_timeout(), "{error:?}");
        assert_eq!(error.may_have_landed(), landed, "{granted_after} s");
    }
}

/// What happens outside of the retry comes after the effect.
#[tokio::test(start_paused = true)]
async fn n91_a_call_that_is_cut_off_after_its_answer_may_have_landed() {
    let told = Told::default();
    let mut service = ServiceBuilder::new()
        .layer(TraceLayer::new().observer(told.clone()))
        .layer(DeadlineLayer::new(Duration::from_secs(5)))
        .and_then(async |answer: Response<Bytes>| {
            tokio::time::sleep(Duration::from_secs(60)).await;
            Ok::<_, Error>(answer)
        })
        .layer(RetryLayer::new(RetryPolicy::new()))
        .service(service_fn(async |_: Request<Bytes>| status(200)));
    let request = Request::post("https://demo.example/").body(Bytes::new());
    let error = service
        .ready()
        .await
        .unwrap()
        .call(request.unwrap())
        .await
        .unwrap_err();
    assert!(error.is_timeout() && error.may_have_landed(), "{error:?}");
    assert_eq!(*told.0.lock().unwrap(), [true]);
}

/// What an observer hears of each call: whether it may have landed.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<bool>>>);

impl Observer for Told {
    fn call_ended(&self, call: &CallEnded) {
        self.0.lock().unwrap().push(call.may_have_landed);
    }
}

/// What an observer hears of each attempt: its number, and whether another one follows.
#[derive(Clone, Default)]
struct Followed(Arc<Mutex<Vec<(u32, bool)>>>);

impl Observer for Followed {
    fn attempt_ended(&self, attempt: &AttemptEnded) {
        let told = (attempt.number, attempt.repeats);
        self.0.lock().unwrap().push(told);
    }
}

/// Fails once, and is closed then.
#[derive(Clone, Default)]
struct Closing(Arc<Mutex<bool>>);

impl Service<Request<Bytes>> for Closing {
    type Response = Response<Bytes>;
    type Error = Error;
    type Future = std::future::Ready<Outcome>;

    fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Error>> {
        std::task::Poll::Ready(match *self.0.lock().unwrap() {
            true => Err(Error::from_foreign("closed")),
            false => Ok(()),
        })
    }

    fn call(&mut self, _: Request<Bytes>) -> Self::Future {
        *self.0.lock().unwrap() = true;
        std::future::ready(status(500))
    }
}

#[tokio::test(start_paused = true)]
async fn x7_an_attempt_that_was_announced_is_told_of() {
    let followed = Followed::default();
    let mut service = ServiceBuilder::new()
        .layer(TraceLayer::new().observer(followed.clone()))
        .layer(RetryLayer::new(RetryPolicy::new()))
        .service(Closing::default());
    let request = Request::get("https://demo.example/").body(Bytes::new());
    let ready = service.ready().await.unwrap();
    let error = ready.call(request.unwrap()).await.unwrap_err();
    assert_eq!(error.attempts(), 2);
    assert_eq!(*followed.0.lock().unwrap(), [(1, true), (2, false)]);
}

/// With two layers that could tell.
#[tokio::test(start_paused = true)]
async fn x7_a_call_is_told_once() {
    let told = Told::default();
    let mut service = ServiceBuilder::new()
        .layer(TraceLayer::new().observer(told.clone()))
        .layer(RetryLayer::new(RetryPolicy::new()))
        .layer(TraceLayer::new())
        .service(service_fn(async |_: Request<Bytes>| status(200)));
    let request = Request::get("https://demo.example/").body(Bytes::new());
    let ready = service.ready().await.unwrap();
    ready.call(request.unwrap()).await.unwrap();
    assert_eq!(*told.0.lock().unwrap(), [false]);
}

// F11, H6
#[tokio::test(start_paused = true)]
async fn f11_every_status_is_marked_for_a_write_and_for_no_read() {
    for code in 100..=999 {
        let ends = || vec![status(code)];
        let once = || policy().max_attempts(1);
        let marked = |result: Outcome| result.unwrap().extensions().get::<Ambiguous>().is_some();
        let (read, _) = run(Method::GET, once(), ends()).await;
        assert!(!marked(read), "GET {code}");
        let is_refused = (400..500).contains(&code) && ![408, 429, 444, 460, 499].contains(&code);
        let is_answer = (200..300).contains(&code);
        for method in [Method::POST, Method::PUT, Method::DELETE] {
            let (write, _) = run(method, once(), ends()).await;
            assert_eq!(marked(write), !is_refused && !is_answer, "{code}");
        }
    }
}

// F11
#[tokio::test(start_paused = true)]
async fn f11_a_read_never_says_that_it_may_have_landed() {
    static SEARCH: Metadata =
        Metadata::new("demo", "search", Method::POST, "/", Idempotency::Idempotent).reads();
    for with_metadata in [false, true] {
        for stalls in [false, true] {
            let told = Told::default();
            let mut service = ServiceBuilder::new()
                .layer(TraceLayer::new().observer(told.clone()))
                .layer(DeadlineLayer::new(Duration::from_secs(5)))
                .layer(RetryLayer::new(policy()))
                .service(service_fn(move |_: Request<Bytes>| async move {
                    if stalls {
                        return std::future::pending().await;
                    }
                    broken(ErrorKind::Transport, true)
                }));
            let request = match with_metadata {
                true => Request::post("/").extension(&SEARCH),
                false => Request::get("/"),
            };
            let request = request.body(Bytes::new()).unwrap();
            let ready = service.ready().await.unwrap();
            let error = ready.call(request).await.unwrap_err();
            assert!(!error.may_have_landed(), "{error}");
            assert!(!error.to_string().contains("landed"), "{error}");
            assert_eq!(*told.0.lock().unwrap(), [false]);
        }
    }
}
