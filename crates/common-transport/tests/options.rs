//! Options of one call, through the client over real sockets and through bare layers.
//!
//! Time is paused: it jumps whenever nobody has anything to do.
#![cfg(feature = "client")]

mod support;

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU32, Ordering::Relaxed},
};

use bytes::Bytes;
use common_transport::{
    Attempts, CallOptions, Client, Error, Idempotency, Limiter, Metadata, Operation, Priority,
    RateClass, RateLimits, RetryPolicy,
    auth::AuthorizeLayer,
    deadline::DeadlineLayer,
    limit::{Acquire, Key, LimitLayer, Permit},
    retry::{Budget, RetryLayer},
    trace::TraceLayer,
};
use http::{HeaderValue, Request, Response};
use support::{GET, POST, Say, answer, listen, read_request, write};
use tokio::time::{Duration, Instant, sleep};
use tower::{Service, ServiceBuilder, ServiceExt, service_fn};

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

async fn send(
    client: &Client,
    operation: &Say,
    options: CallOptions,
) -> Result<Response<Bytes>, Error> {
    let mut request = operation.request()?;
    options.attach(&mut request)?;
    client.execute(operation.metadata(), request).await
}

// C2: a server that reads the request and says nothing.
#[tokio::test(start_paused = true)]
async fn c2_a_timeout_of_one_call_says_what_may_have_landed() {
    let base = listen(|_, mut socket| async move {
        read_request(&mut socket).await;
        sleep(seconds(1000)).await;
    })
    .await;
    let limits = RateLimits::new().class(RateClass::DEFAULT, 1);
    let client = Client::builder(base).limits(limits).build().unwrap();
    let short = CallOptions::new().timeout(Duration::from_millis(300));
    let post = Say::post("x");

    let began = Instant::now();
    let error = send(&client, &post, short.clone()).await.unwrap_err();
    assert!(
        error.is_timeout() && error.may_have_landed(),
        "sent: {error:?}"
    );
    assert_eq!(error.attempts(), 1);
    assert_eq!(began.elapsed().as_millis(), 300);

    // The second call of this second gets no permit before its time is over.
    let error = send(&client, &post, short).await.unwrap_err();
    assert!(
        error.is_timeout() && !error.may_have_landed(),
        "not sent: {error:?}"
    );

    // The same of a connection that does not come about.
    let nowhere = "http://[::1]:1".parse().unwrap();
    let client = Client::builder(nowhere).build().unwrap();
    let options = CallOptions::new()
        .timeout(Duration::from_millis(50))
        .retry(RetryPolicy::none());
    let error = send(&client, &post, options).await.unwrap_err();
    assert!(!error.may_have_landed(), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn c2_a_timeout_of_one_call_may_be_longer_than_the_clients() {
    let base = listen(|_, mut socket| async move {
        while read_request(&mut socket).await.is_some() {
            sleep(seconds(3)).await;
            write(&mut socket, &answer(200, "late")).await;
        }
    })
    .await;
    let builder = Client::builder(base).total_timeout(seconds(1));
    let client = builder.build().unwrap();
    let long = CallOptions::new().timeout(seconds(5));
    let response = send(&client, &Say::get(), long).await.unwrap();
    assert_eq!(response.body(), "late");
    let error = client.send(&Say::get()).await.unwrap_err();
    assert!(
        error.is_timeout(),
        "the next call has the client's: {error}"
    );
}

/// A service that always fails with 500, the layers over it, and how often it was asked.
fn failing() -> (
    impl Service<Request<Bytes>, Response = Response<Bytes>, Error = Error, Future: Send> + Clone,
    Arc<AtomicU32>,
) {
    let asked = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&asked);
    let service = service_fn(move |_: Request<Bytes>| {
        counted.fetch_add(1, Relaxed);
        let answer = Response::builder().status(500).body(Bytes::new());
        std::future::ready(Ok::<_, Error>(answer.unwrap()))
    });
    (service, asked)
}

fn request(metadata: &'static Metadata, options: CallOptions) -> Request<Bytes> {
    let mut request = Request::builder()
        .method(&metadata.method)
        .uri("https://demo.example/a")
        .extension(metadata)
        .body(Bytes::new())
        .unwrap();
    options.attach(&mut request).unwrap();
    request
}

// C2: what each combination of operation, word of the caller and policy makes of a 500. With and without the layers
// that make a context.
#[tokio::test(start_paused = true)]
async fn c2_bare_layers_repeat_as_the_call_asks() {
    use Idempotency::{Idempotent, NonIdempotent};
    let options = CallOptions::new;
    let three = || RetryPolicy::new().max_attempts(3);
    let rows = [
        (&GET, options(), 4),
        (&GET, options().retry(RetryPolicy::none()), 1),
        (&GET, options().retry(three()), 3),
        (&GET, options().idempotency(NonIdempotent), 1),
        (&GET, options().idempotency(NonIdempotent).retry(three()), 1),
        (&POST, options(), 1),
        (&POST, options().retry(three()), 1),
        (&POST, options().idempotency(Idempotent), 4),
        (&POST, options().idempotency(Idempotent).retry(three()), 3),
    ];
    for (metadata, options, expected) in rows {
        let (service, asked) = failing();
        let retry = RetryLayer::new(RetryPolicy::new());
        let alone = ServiceBuilder::new()
            .layer(retry.clone())
            .service(service.clone());
        let under_deadline = ServiceBuilder::new()
            .layer(DeadlineLayer::new(seconds(100)))
            .layer(retry.clone())
            .service(service.clone());
        let under_trace = ServiceBuilder::new()
            .layer(TraceLayer::new())
            .layer(DeadlineLayer::new(seconds(100)))
            .layer(retry)
            .service(service);
        let call = || request(metadata, options.clone());
        for response in [
            alone.oneshot(call()).await.unwrap(),
            under_deadline.oneshot(call()).await.unwrap(),
            under_trace.oneshot(call()).await.unwrap(),
        ] {
            let context = format!("{} {options:?}", metadata.name);
            assert_eq!(Attempts::of(&response).0, expected, "{context}");
        }
        assert_eq!(asked.load(Relaxed), 3 * expected);
    }
}

// C2: the deadline of the call in bare layers, longer and shorter, sent and not sent.
#[tokio::test(start_paused = true)]
async fn c2_bare_layers_end_when_the_call_asks() {
    let silent = service_fn(async |_: Request<Bytes>| {
        std::future::pending::<Result<Response<Bytes>, Error>>().await
    });
    let limits = RateLimits::new().class(RateClass::DEFAULT, 1);
    let stack = ServiceBuilder::new()
        .layer(DeadlineLayer::new(seconds(10)))
        .layer(LimitLayer::new(limits))
        .service(silent);
    for (after, landed) in [(20, true), (1, true)] {
        let began = Instant::now();
        let options = CallOptions::new().timeout(seconds(after));
        let call = stack.clone().oneshot(request(&POST, options));
        let error = call.await.unwrap_err();
        assert_eq!(began.elapsed().as_secs(), after);
        assert_eq!(error.may_have_landed(), landed);
    }
    // The permit of this second is gone with a first call.
    let first = tokio::spawn(stack.clone().oneshot(request(&POST, CallOptions::new())));
    tokio::task::yield_now().await;
    let options = CallOptions::new().timeout(Duration::from_millis(200));
    let error = stack
        .clone()
        .oneshot(request(&POST, options))
        .await
        .unwrap_err();
    assert!(error.is_timeout() && !error.may_have_landed(), "{error:?}");
    first.abort();
}

// C2: one call's policy does not come with a budget of its own, unless it was given one.
#[tokio::test(start_paused = true)]
async fn c2_repeats_of_one_call_are_paid_from_the_clients_budget() {
    let (service, _) = failing();
    let nothing = RetryPolicy::new().budget(Arc::new(Budget::new(0, 0)));
    let stack = ServiceBuilder::new()
        .layer(RetryLayer::new(nothing))
        .service(service);
    for (policy, attempts) in [
        (RetryPolicy::new(), 1),
        (RetryPolicy::new().budget(Arc::new(Budget::new(0, 2))), 3),
    ] {
        let options = CallOptions::new().retry(policy);
        let response = stack.clone().oneshot(request(&GET, options)).await.unwrap();
        assert_eq!(Attempts::of(&response).0, attempts);
    }
}

/// Gives the headers back that it was asked with.
fn echo() -> impl Service<Request<Bytes>, Response = Response<Bytes>, Error = Error> + Clone {
    service_fn(async |request: Request<Bytes>| {
        let mut response = Response::new(Bytes::new());
        *response.headers_mut() = request.headers().clone();
        Ok(response)
    })
}

fn sign(request: &mut Request<Bytes>) -> Result<(), Error> {
    let key = HeaderValue::from_static("k-1");
    let headers = request.headers_mut();
    headers.insert("x-api-key", key.clone());
    // Credentials that keep what is there would let a caller choose them.
    headers.entry("x-signature").or_insert(key);
    Ok(())
}

#[tokio::test]
async fn c2_headers_of_credentials_cannot_be_set_by_a_call() {
    let bare = ServiceBuilder::new()
        .layer(AuthorizeLayer::new(sign))
        .service(echo());
    let whole = ServiceBuilder::new()
        .layer(TraceLayer::new())
        .layer(DeadlineLayer::new(seconds(1)))
        .layer(RetryLayer::new(RetryPolicy::new()))
        .layer(AuthorizeLayer::new(sign))
        .service(echo());
    for (name, passes) in [
        ("x-api-key", false),
        ("X-Signature", false),
        ("x-shop", true),
    ] {
        let options = CallOptions::new().header(name, "mine");
        for result in [
            bare.clone().oneshot(request(&GET, options.clone())).await,
            whole.clone().oneshot(request(&GET, options.clone())).await,
        ] {
            match result {
                Ok(response) => {
                    assert!(passes, "{name}");
                    assert_eq!(response.headers()[name], "mine");
                    assert_eq!(response.headers()["x-api-key"], "k-1");
                }
                Err(error) => {
                    assert!(!passes && error.is_invalid_input(), "{name}: {error}");
                    assert_eq!(error.field(), Some(name.to_lowercase().as_str()));
                    assert!(!error.may_have_landed());
                }
            }
        }
    }
}

/// Lets everything through, and remembers the priority of each attempt.
#[derive(Debug, Default, Clone)]
struct Asked(Arc<Mutex<Vec<Priority>>>);

impl Asked {
    fn take(&self) -> Vec<Priority> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl Limiter for Asked {
    fn acquire(&self, key: Key<'_>, _: Option<Instant>) -> Acquire {
        self.0.lock().unwrap().push(key.priority);
        Acquire::ready(Ok(Permit::unlimited()))
    }
}

// C2, C8: each attempt asks the limiter with the priority of the call, or else with that of the layer.
#[tokio::test(start_paused = true)]
async fn c2_each_attempt_of_a_call_has_its_priority() {
    use Priority::{High, Low};
    let call = |priority: Option<Priority>| {
        let options = CallOptions::new().retry(RetryPolicy::new().max_attempts(3));
        match priority {
            Some(priority) => options.priority(priority),
            None => options,
        }
    };
    let rows = [
        (None, None, High),
        (None, Some(Low), Low),
        (Some(Low), None, Low),
        (Some(Low), Some(High), High),
        (Some(High), Some(Low), Low),
    ];
    for (default, own, expected) in rows {
        let asked = Asked::default();
        let mut limit = LimitLayer::new(asked.clone());
        let mut client =
            Client::builder("https://demo.example".parse().unwrap()).limits(asked.clone());
        if let Some(default) = default {
            limit = limit.priority(default);
            client = client.priority(default);
        }
        let (service, _) = failing();
        let retry = RetryLayer::new(RetryPolicy::new());
        let bare = ServiceBuilder::new()
            .layer(retry.clone())
            .layer(limit.clone())
            .service(service.clone());
        let whole = ServiceBuilder::new()
            .layer(TraceLayer::new())
            .layer(DeadlineLayer::new(seconds(100)))
            .layer(retry)
            .layer(limit)
            .service(service.clone());
        let client = client.service(service).build().unwrap();
        bare.oneshot(request(&GET, call(own))).await.unwrap();
        assert_eq!(asked.take(), [expected; 3], "bare: {default:?} {own:?}");
        whole.oneshot(request(&GET, call(own))).await.unwrap();
        assert_eq!(asked.take(), [expected; 3], "whole: {default:?} {own:?}");
        send(&client, &Say::get(), call(own)).await.unwrap();
        assert_eq!(asked.take(), [expected; 3], "client: {default:?} {own:?}");
    }
}

// C2, C8: over sockets. Ten calls of an export wait; one of high priority is sent next, and again next when it is retried.
#[tokio::test(start_paused = true)]
async fn c8_a_call_and_its_retry_pass_an_export() {
    let log = Arc::new(Mutex::new(Vec::new()));
    let requests = Arc::clone(&log);
    let base = listen(move |_, mut socket| {
        let requests = Arc::clone(&requests);
        async move {
            while let Some(request) = read_request(&mut socket).await {
                let is_export = request.contains("x-export");
                requests.lock().unwrap().push(is_export);
                let status = if is_export { 200 } else { 500 };
                write(&mut socket, &answer(status, "")).await;
            }
        }
    })
    .await;
    let limits = RateLimits::new().class(RateClass::DEFAULT, 1);
    let client = Client::builder(base).limits(limits).build().unwrap();
    let export = CallOptions::new()
        .priority(Priority::Low)
        .header("x-export", "1")
        .timeout(seconds(100));
    let exports: Vec<_> = (0..10)
        .map(|_| {
            let (client, export) = (client.clone(), export.clone());
            tokio::spawn(async move { send(&client, &Say::get(), export).await.unwrap() })
        })
        .collect();
    sleep(Duration::from_millis(10)).await;
    // The second attempt waits for its backoff, so it joins the queue again, before the next start.
    let twice = RetryPolicy::new().max_attempts(2).randomness(|| 0);
    let urgent = CallOptions::new().retry(twice);
    let response = send(&client, &Say::get(), urgent).await.unwrap();
    assert_eq!(Attempts::of(&response).0, 2);
    assert_eq!(
        *log.lock().unwrap(),
        [true, false, false],
        "whether each is of the export"
    );
    for export in exports {
        export.await.unwrap();
    }
    assert_eq!(log.lock().unwrap().len(), 12);
}
