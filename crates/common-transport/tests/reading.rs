//! Long answers are read beside the runtime: on another thread, no longer than to the end of the call.
#![cfg(feature = "client-core")]

use std::{
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, Sender, channel},
    },
    thread::{self, ThreadId},
    time::Duration,
};

use bytes::Bytes;
use common_transport::{
    Client, Decoder, Error, GivenUp, Idempotency, Metadata, Operation, RetryPolicy,
};
use http::{Method, Request, Response};
use tokio::time::{advance, timeout};
use tower::service_fn;

static ADD: Metadata = Metadata::new(
    "demo",
    "add",
    Method::POST,
    "/add",
    Idempotency::NonIdempotent,
);

const LONG: usize = 256 * 1024;

/// How long a test waits for what has to happen at once.
const PATIENCE: Duration = Duration::from_secs(20);

type Read = Arc<dyn Fn(&Response<Bytes>) + Send + Sync>;

/// Reads an answer by doing something with it, and gives the thread on which it was read.
struct Add(Read);

fn read(how: &Read, response: &Response<Bytes>) -> Result<ThreadId, Error> {
    how(response);
    Ok(thread::current().id())
}

impl Operation for Add {
    type Output = ThreadId;

    fn metadata(&self) -> &'static Metadata {
        &ADD
    }

    fn request(&self) -> Result<Request<Bytes>, Error> {
        Ok(Request::post("/add").body(Bytes::new()).expect("constants"))
    }

    fn decode(&self, response: Response<Bytes>) -> Result<ThreadId, Error> {
        read(&self.0, &response)
    }

    fn decoder(&self) -> Option<Decoder<ThreadId>> {
        let how = Arc::clone(&self.0);
        Some(Box::new(move |response| read(&how, &response)))
    }
}

/// A client whose service answers with so many bytes.
fn client(length: usize) -> Client {
    let answer = Bytes::from(vec![b' '; length]);
    Client::builder("https://demo.example".parse().unwrap())
        .total_timeout(Duration::from_secs(30))
        .retry(RetryPolicy::none())
        .service(service_fn(move |_: Request<Bytes>| {
            std::future::ready(Ok::<_, Error>(Response::new(answer.clone())))
        }))
        .build()
        .unwrap()
}

/// Reads until nobody waits any longer, and tells when it begins and when it has ended.
fn until_given_up() -> (Add, Receiver<&'static str>) {
    let (tell, told): (Sender<&'static str>, _) = channel();
    let tell = Mutex::new(tell);
    let add = Add(Arc::new(move |response| {
        let tell = tell.lock().unwrap();
        tell.send("begun").unwrap();
        let given_up = GivenUp::of(response).expect("another thread reads");
        while !given_up.is_given_up() {
            thread::yield_now();
        }
        tell.send("ended").unwrap();
    }));
    (add, told)
}

// H2
#[tokio::test]
async fn h2_a_long_answer_is_read_on_another_thread_while_the_only_thread_goes_on() {
    // The reading waits until another task of the only thread has run.
    let (ran, seen) = channel();
    let seen = Mutex::new(seen);
    let add = Add(Arc::new(move |_| {
        seen.lock()
            .unwrap()
            .recv_timeout(PATIENCE)
            .expect("the other task runs");
    }));
    let other = tokio::spawn(async move {
        // Behind the call, which has begun to read by then.
        tokio::task::yield_now().await;
        ran.send(()).unwrap();
    });
    let read_by = client(LONG).send(&add).await.unwrap();
    assert_ne!(read_by, thread::current().id());
    other.await.unwrap();
}

// H2
#[tokio::test]
async fn h2_a_short_answer_is_read_where_it_is_awaited() {
    let add = Add(Arc::new(|response| {
        assert!(GivenUp::of(response).is_none())
    }));
    let read_by = client(LONG - 1).send(&add).await.unwrap();
    assert_eq!(read_by, thread::current().id());
}

// H2
#[tokio::test(start_paused = true)]
async fn h2_a_call_ends_with_its_deadline_whatever_its_reading_does() {
    let (add, told) = until_given_up();
    let call = tokio::spawn(async move { client(LONG).send(&add).await });
    while told.try_recv().is_err() {
        tokio::task::yield_now().await;
    }
    // Not yet, and then at once.
    advance(Duration::from_millis(29_990)).await;
    tokio::task::yield_now().await;
    assert!(!call.is_finished());
    advance(Duration::from_millis(20)).await;
    let error = call.await.unwrap().unwrap_err();
    assert!(error.is_timeout() && error.may_have_landed(), "{error:?}");
    assert_eq!((error.attempts(), error.operation()), (1, Some("add")));
    // And nothing goes on behind it.
    assert_eq!(told.recv_timeout(PATIENCE), Ok("ended"));
}

// H2
#[tokio::test]
async fn h2_who_drops_a_call_ends_its_reading() {
    let (add, told) = until_given_up();
    let client = client(LONG);
    let call = client.send(&add);
    assert!(timeout(Duration::from_millis(1), call).await.is_err());
    assert_eq!(told.recv_timeout(PATIENCE), Ok("begun"));
    assert_eq!(told.recv_timeout(PATIENCE), Ok("ended"));
}

#[tokio::test]
#[should_panic(expected = "as if it was read here")]
async fn a_panic_of_the_reading_comes_out_of_the_call() {
    let add = Add(Arc::new(|_| panic!("as if it was read here")));
    let _ = client(LONG).send(&add).await;
}
