//! Layers of the user's own around each attempt, and ids of requests.
#![cfg(feature = "client")]

mod support;

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    task::{Context as Cx, Poll},
};

use bytes::Bytes;
use common_transport::{
    BoxError, CallOptions, Client, ClientBuilder, Error, Operation, RateClass, RateLimits,
    RetryPolicy,
    client::{ClientRequestId, RequestIds},
    retry::Budget,
};
use http::{HeaderValue, Request, Response};
use support::{Say, answer, listen, read_request, write};
use tokio::time::{Duration, Instant, sleep};
use tower::{Layer, Service, layer::layer_fn, service_fn, timeout::TimeoutLayer};

type Log = Arc<Mutex<Vec<String>>>;

/// Writes its name down for each attempt, and on which second it comes.
#[derive(Clone)]
struct Noted {
    name: &'static str,
    log: Log,
    began: Instant,
}

impl<S> Layer<S> for Noted {
    type Service = Note<S>;

    fn layer(&self, inner: S) -> Note<S> {
        Note {
            noted: self.clone(),
            inner,
        }
    }
}

#[derive(Clone)]
struct Note<S> {
    noted: Noted,
    inner: S,
}

impl<S: Service<Request<Bytes>>> Service<Request<Bytes>> for Note<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Cx<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Bytes>) -> S::Future {
        let signed = request.headers().contains_key("x-signed");
        let second = self.noted.began.elapsed().as_secs();
        let line = format!("{} {second} {signed}", self.noted.name);
        self.noted.log.lock().unwrap().push(line);
        self.inner.call(request)
    }
}

async fn serving(statuses: &'static [u16]) -> ClientBuilder {
    let base = listen(move |_, mut socket| async move {
        let mut statuses = statuses.iter();
        while read_request(&mut socket).await.is_some() {
            let status = statuses.next().copied().unwrap_or(200);
            write(&mut socket, &answer(status, "done")).await;
        }
    })
    .await;
    Client::builder(base).retry(RetryPolicy::new().randomness(|| 0))
}

// C6: inside retry and limit, after the credentials, the first one outermost.
#[tokio::test(start_paused = true)]
async fn c6_layers_stand_around_each_attempt_in_their_order() {
    let (log, began) = (Log::default(), Instant::now());
    let noted = |name| Noted {
        name,
        log: log.clone(),
        began,
    };
    let client = serving(&[500, 500])
        .await
        .limits(RateLimits::new().class(RateClass::DEFAULT, 1))
        .authorize(|request: &mut Request<Bytes>| {
            let value = HeaderValue::from_static("yes");
            request.headers_mut().insert("x-signed", value);
            Ok(())
        })
        .layer(noted("outer"))
        .layer(noted("inner"))
        .build()
        .unwrap();
    assert_eq!(client.send(&Say::get()).await.unwrap(), "done");
    let expected = [
        "outer 0 true",
        "inner 0 true",
        "outer 1 true",
        "inner 1 true",
        "outer 2 true",
        "inner 2 true",
    ];
    assert_eq!(*log.lock().unwrap(), expected);
}

/// A layer that fails the first attempts before it passes them on.
fn refusing(
    times: u32,
) -> impl Layer<common_transport::client::AttemptService, Service: Refuse> + Send + Sync {
    let left = Arc::new(AtomicU32::new(times));
    layer_fn(move |inner: common_transport::client::AttemptService| {
        let left = Arc::clone(&left);
        service_fn(move |request: Request<Bytes>| {
            let mut inner = inner.clone();
            let refuses = left
                .fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1))
                .is_ok();
            async move {
                if refuses {
                    return Err(BoxError::from("the gate is shut"));
                }
                Ok(inner.call(request).await?)
            }
        })
    })
}

/// What such a layer makes.
trait Refuse:
    Service<Request<Bytes>, Response = Response<Bytes>, Error = BoxError, Future: Send + 'static>
    + Clone
    + Send
    + 'static
{
}

impl<S> Refuse for S where
    S: Service<
            Request<Bytes>,
            Response = Response<Bytes>,
            Error = BoxError,
            Future: Send + 'static,
        > + Clone
        + Send
        + 'static
{
}

// C6, H6: what a layer does not pass on has not landed, and is repeated also where a repeat could double an effect.
#[tokio::test(start_paused = true)]
async fn c6_what_fails_in_a_layer_before_it_is_sent_has_not_landed() {
    let client = serving(&[]).await.layer(refusing(2)).build().unwrap();
    assert_eq!(client.send(&Say::post("x")).await.unwrap(), "done");
    let client = serving(&[]).await.layer(refusing(9)).build().unwrap();
    let error = client.send(&Say::post("x")).await.unwrap_err();
    assert!(!error.may_have_landed(), "{error:?}");
    assert_eq!(error.attempts(), 4);
    let source = std::error::Error::source(&error).unwrap();
    assert_eq!(source.to_string(), "the gate is shut");
}

// C6, H6: tower's own timeout around the attempt, while the server is silent and before a permit of the layer itself.
#[tokio::test(start_paused = true)]
async fn c6_what_a_layer_cuts_off_after_it_is_sent_may_have_landed() {
    let base = listen(|_, mut socket| async move {
        read_request(&mut socket).await;
        sleep(Duration::from_secs(1000)).await;
    })
    .await;
    let client = Client::builder(base)
        .layer(TimeoutLayer::new(Duration::from_secs(2)))
        .build()
        .unwrap();
    let began = Instant::now();
    let error = client.send(&Say::post("x")).await.unwrap_err();
    assert_eq!(began.elapsed().as_secs(), 2);
    assert!(error.may_have_landed(), "{error:?}");
    assert_eq!(error.attempts(), 1, "a post is not repeated");
}

/// A client whose server fails twice, and the ids that it was sent.
fn numbered(ids: Option<RequestIds>) -> (Client, Log) {
    let log = Log::default();
    let seen = log.clone();
    let service = service_fn(move |request: Request<Bytes>| {
        let id = request.headers().get("x-request-id");
        let id = id.map_or("none", |id| id.to_str().unwrap());
        let mut seen = seen.lock().unwrap();
        seen.push(id.to_owned());
        let status = if seen.len() % 3 == 0 { 200 } else { 500 };
        let answer = Response::builder().status(status).body(Bytes::from("done"));
        std::future::ready(answer)
    });
    let base = "https://demo.example".parse().unwrap();
    let mut builder = Client::builder(base).service(service).retry(
        RetryPolicy::new()
            .randomness(|| 0)
            .budget(Arc::new(Budget::new(1000, 1000))),
    );
    if let Some(ids) = ids {
        builder = builder.request_ids(ids);
    }
    (builder.build().unwrap(), log)
}

// C6: one id for all attempts of a call, another one for the next call.
#[tokio::test(start_paused = true)]
async fn c6_all_attempts_of_a_call_have_one_id() {
    let count = AtomicU32::new(0);
    let ids = RequestIds::from_fn(move || format!("job/{}", count.fetch_add(1, Relaxed)));
    let (client, log) = numbered(Some(ids));
    for _ in 0..2 {
        client.send(&Say::get()).await.unwrap();
    }
    let expected = ["job/0", "job/0", "job/0", "job/1", "job/1", "job/1"];
    assert_eq!(*log.lock().unwrap(), expected);

    let error = client.send(&Say::post("x")).await.unwrap_err();
    assert_eq!(error.client_request_id(), Some("job/2"));
    assert_eq!(error.request_id(), None, "the service named none");
}

#[tokio::test(start_paused = true)]
async fn c6_ids_are_random_off_by_default_and_can_be_given_by_a_call() {
    let (client, log) = numbered(None);
    client.send(&Say::get()).await.unwrap();
    assert_eq!(*log.lock().unwrap(), ["none"; 3]);

    let (client, log) = numbered(Some(RequestIds::new()));
    for _ in 0..50 {
        client.send(&Say::get()).await.unwrap();
    }
    let mut ids = log.lock().unwrap().clone();
    ids.dedup();
    assert_eq!(ids.len(), 50);
    let is_random = |id: &String| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    assert!(ids.iter().all(is_random), "{ids:?}");
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 50);

    for ids in [None, Some(RequestIds::new())] {
        let (client, log) = numbered(ids);
        let mut request = Say::get().request().unwrap();
        let options = CallOptions::new().header("X-Request-Id", "mine");
        options.attach(&mut request).unwrap();
        let response = client
            .execute(Say::get().metadata(), request)
            .await
            .unwrap();
        assert_eq!(*log.lock().unwrap(), ["mine"; 3]);
        assert_eq!(ClientRequestId::of(&response).unwrap().as_str(), "mine");
    }

    let (client, log) = numbered(Some(RequestIds::from_fn(|| "line\nbreak".into())));
    let error: Error = client.send(&Say::get()).await.unwrap_err();
    assert!(
        error.is_invalid_input() && log.lock().unwrap().is_empty(),
        "{error}"
    );
}
