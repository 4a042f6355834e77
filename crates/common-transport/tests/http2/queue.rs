//! Requests that wait within a connection for their turn, and of which somebody has to say what became of them.

use std::{pin::pin, sync::Arc, time::Duration};

use bytes::Bytes;
use common_transport::{
    BaseUrl, Client, Error, Pool, RateClass, RateLimits, attempt::AttemptLayer, client::Proxy,
    deadline::DeadlineLayer,
};
use http::{Request, Response};
use tokio::{
    sync::{Mutex, Semaphore, mpsc},
    time::{Instant, sleep},
};
use tower::{Layer, Service};

use crate::{
    frames::*,
    support::Say,
    tls::{Ca, Socket, ca, config, leaf, listen, trusting},
};

const MAX_CONCURRENT_STREAMS_1: [u8; 6] = [0, 3, 0, 0, 0, 1];

/// A request that has arrived: when it did, and its body.
type Seen = (Instant, Vec<u8>);

/// Takes one stream at a time, tells of each request, and answers when it is let.
struct Server {
    base: BaseUrl,
    seen: mpsc::UnboundedReceiver<Seen>,
    answers: Arc<Semaphore>,
}

impl Server {
    async fn start(ca: &Ca) -> Self {
        let (tell, seen) = mpsc::unbounded_channel();
        let answers = Arc::new(Semaphore::new(0));
        let may_answer = Arc::clone(&answers);
        let mut config = config(leaf(ca, "127.0.0.1", 2100), None);
        config.alpn_protocols = vec![b"h2".to_vec()];
        let base = listen(config, move |socket| {
            serve(socket, tell.clone(), Arc::clone(&may_answer))
        });
        Self {
            base: base.await,
            seen,
            answers,
        }
    }
}

async fn serve(mut socket: Socket, tell: mpsc::UnboundedSender<Seen>, answers: Arc<Semaphore>) {
    greet(&mut socket, &MAX_CONCURRENT_STREAMS_1).await;
    let (mut reader, writer) = tokio::io::split(socket);
    let writer = Arc::new(Mutex::new(writer));
    let mut body = Vec::new();
    while let Some(frame) = read_frame(&mut reader).await {
        confirm(&mut *writer.lock().await, &frame).await;
        match frame.kind {
            HEADERS => body.clear(),
            DATA => body.extend(&frame.payload),
            _ => {}
        }
        if frame.ends_stream() {
            let _ = tell.send((Instant::now(), body.clone()));
            let (writer, answers) = (Arc::clone(&writer), Arc::clone(&answers));
            tokio::spawn(async move {
                answers.acquire().await.unwrap().forget();
                write_answer(&mut *writer.lock().await, frame.stream, "ok").await;
            });
        }
    }
}

/// Sends a third request, when one is under way and the next in the queue, through `layer`, which gives up
/// waiting; whether it was said that it may have landed, and whether it has.
async fn third<L>(layer: L) -> (bool, bool)
where
    L: Layer<Pool>,
    L::Service: Service<Request<Bytes>, Error = Error>,
    <L::Service as Service<Request<Bytes>>>::Future: Future<Output: GaveUp>,
{
    let ca = ca("one");
    let mut server = Server::start(&ca).await;
    let pool = Pool::builder().roots(trusting(&ca)).proxy(Proxy::none());
    let pool = pool.build();
    let client = Client::builder(server.base.clone()).pool(pool.clone());
    let client = client.build().unwrap();
    // The settings are known after one call.
    server.answers.add_permits(1);
    client.send(&Say::post("warm")).await.unwrap();
    for text in ["first", "second"] {
        let client = client.clone();
        tokio::spawn(async move { client.send(&Say::post(text)).await });
        settle().await;
    }
    let mut request = Request::post("/add").body(Bytes::from("third")).unwrap();
    server.base.apply(&mut request).unwrap();
    // It is not dropped before the end: what it has said is to be true whatever happens then.
    let mut call = pin!(layer.layer(pool).call(request));
    let said = call.as_mut().await.may_have_landed();
    server.answers.add_permits(10);
    settle().await;
    let mut landed = false;
    while let Ok((_, body)) = server.seen.try_recv() {
        landed |= body == b"third";
    }
    (said, landed)
}

/// Until nothing moves any more.
async fn settle() {
    sleep(Duration::from_millis(1)).await;
}

trait GaveUp {
    fn may_have_landed(self) -> bool;
}

impl<B> GaveUp for Result<Response<B>, Error> {
    fn may_have_landed(self) -> bool {
        let error = self.err().expect("nobody answers");
        assert!(error.is_timeout(), "{error:?}");
        error.may_have_landed()
    }
}

#[tokio::test(start_paused = true)]
async fn n91_what_is_said_not_to_have_landed_does_not_land_later() {
    let soon = Duration::from_secs(5);
    for (said, landed) in [
        third(DeadlineLayer::new(soon)).await,
        third(AttemptLayer::new().timeout(soon)).await,
    ] {
        assert!(
            said || !landed,
            "it was said not to have landed, and it did"
        );
    }
}

/// All streams are taken for a minute: those that wait for one keep their places, so that they do not arrive together
/// with others when it is free.
#[tokio::test(start_paused = true)]
async fn h5_a_request_that_waits_for_a_stream_keeps_its_place() {
    const CAP: usize = 3;
    let ca = ca("one");
    let mut server = Server::start(&ca).await;
    let pool = Pool::builder().roots(trusting(&ca)).proxy(Proxy::none());
    let limits = RateLimits::new().class(RateClass::DEFAULT, 3);
    let client = Client::builder(server.base.clone())
        .pool(pool.build())
        .limits(limits.clone())
        .response_timeout(Duration::from_secs(600))
        .attempt_timeout(Duration::from_secs(600))
        .total_timeout(Duration::from_secs(600));
    let client = client.build().unwrap();
    server.answers.add_permits(1);
    client.send(&Say::post("warm")).await.unwrap();
    for number in 0..20 {
        let client = client.clone();
        // With and without a body, which are written differently.
        let operation = if number % 2 == 0 {
            Say::get()
        } else {
            Say::post("text")
        };
        tokio::spawn(async move { client.send(&operation).await });
    }
    sleep(Duration::from_secs(60)).await;
    let host = server.base.authority().to_owned();
    // One is on its way for a minute, three wait for its stream.
    assert_eq!(limits.waiting(&host, RateClass::DEFAULT), 20 - 1 - CAP);
    server.answers.add_permits(100);
    sleep(Duration::from_secs(60)).await;
    let mut arrivals = Vec::new();
    while let Ok((arrival, _)) = server.seen.try_recv() {
        arrivals.push(arrival);
    }
    assert_eq!(arrivals.len(), 21);
    for window in arrivals.windows(CAP + 1) {
        let since = window[CAP] - window[0];
        assert!(since >= Duration::from_millis(995), "{since:?}");
    }
}
