use std::{
    convert::Infallible,
    io,
    pin::pin,
    sync::Mutex,
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use futures_util::{FutureExt, StreamExt, stream};
use http::{Request, Response};
use http_body::Frame;
use http_body_util::{Full, StreamBody};
use tokio::sync::Semaphore;
use tower_service::Service;

use super::*;
use crate::receive::{Kept, MemoryStore, Rejected};

const SECRET: &str = "path-secret-1";

/// Takes any text.
#[derive(Debug, Default)]
struct Text;

impl Format for Text {
    type Event = String;

    fn read(&self, delivery: &Delivery) -> Result<String, BoxError> {
        Ok(std::str::from_utf8(&delivery.body)?.to_owned())
    }

    fn event_id(&self, event: &String) -> Option<String> {
        event.strip_prefix("id=").map(str::to_owned)
    }
}

type TextReceiver = Receiver<Storing<Text, MemoryStore<String>>>;

fn receiver() -> TextReceiver {
    Receiver::new(SECRET, MemoryStore::new())
}

fn post(body: &str) -> Request<Full<Bytes>> {
    let body = Full::from(body.to_owned());
    Request::post("/hooks/path-secret-1").body(body).unwrap()
}

fn stored(receiver: &TextReceiver) -> Vec<String> {
    let events = receiver.store().events().into_iter();
    events.map(|received| received.event).collect()
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap()
}

async fn status<H: Handler, B>(receiver: &Receiver<H>, request: Request<B>) -> u16
where
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<BoxError>,
{
    let response = receiver.clone().call(request).await.unwrap();
    response.status().as_u16()
}

/// Records of the observer: reason, number of bytes, first bytes.
type Told = Arc<Mutex<Vec<(Reason, u64, Vec<u8>)>>>;

fn observed<H>(receiver: Receiver<H>) -> (Receiver<H>, Told) {
    let told = Told::default();
    let keep = Arc::clone(&told);
    let receiver = receiver.on_reject(move |rejected: &Rejected<'_>| {
        let seen = (rejected.reason, rejected.bytes, rejected.head.to_vec());
        keep.lock().unwrap().push(seen);
    });
    (receiver, told)
}

// H3, F25, D3
#[tokio::test]
async fn h3_f25_equal_bodies_are_stored_and_known_ids_are_not() {
    let receiver = receiver();
    for body in ["1", "2", "1", "id=7", "id=7"] {
        assert_eq!(status(&receiver, post(body)).await, 200);
    }
    assert_eq!(stored(&receiver), ["1", "2", "1", "id=7"]);
    assert_eq!(receiver.counts().taken, 5);
    let again = receiver.receive(SECRET, Delivery::new("1")).await.unwrap();
    assert_eq!(again.receipt.kept, Kept::Now);
    assert!(again.receipt.repeat_of.is_some());
    let known = receiver.receive(SECRET, Delivery::new("id=7")).await;
    assert_eq!(known.unwrap().receipt.kept, Kept::Before);
}

// H3: a stranger learns nothing, and nothing that came to the wrong address vanishes either.
#[tokio::test]
async fn h3_only_the_secret_lets_in() {
    let (receiver, told) = observed(receiver());
    for path in [
        "/",
        "/hooks",
        "/hooks/path-secret-2",
        "/hooks/path-secret-11",
        "/path-secret-1/hooks",
        "/hooks/PATH-SECRET-1",
    ] {
        let request = Request::post(path).body(Full::<Bytes>::from("x")).unwrap();
        assert_eq!(status(&receiver, request).await, 404, "{path}");
    }
    for path in ["/hooks/path-secret-1/?x=1", "/path-secret-1"] {
        let request = Request::post(path).body(Full::<Bytes>::from("x")).unwrap();
        assert_eq!(status(&receiver, request).await, 200, "{path}");
    }
    let get = Request::get("/path-secret-1").body(Full::<Bytes>::default());
    assert_eq!(status(&receiver, get.unwrap()).await, 405);
    assert_eq!(receiver.counts().rejected_for(Reason::Path), 6);
    assert_eq!(receiver.counts().rejected_for(Reason::Method), 1);
    assert_eq!(told.lock().unwrap().len(), 7);

    let open: TextReceiver = Receiver::new("", MemoryStore::new());
    let rejection = open.receive("", Delivery::new("x")).await.unwrap_err();
    assert_eq!(rejection.reason(), Reason::Path);
    assert!(!format!("{receiver:?}").contains(SECRET));
}

/// A body whose frames come one at each poll, with a pause between them.
fn slow(
    frames: Vec<Result<&'static str, io::Error>>,
) -> impl Body<Data = Bytes, Error = io::Error> + Send {
    let frames = stream::iter(frames).then(|frame| async move {
        tokio::task::yield_now().await;
        frame.map(|text| Frame::data(Bytes::from_static(text.as_bytes())))
    });
    StreamBody::new(frames)
}

// H3
#[tokio::test]
async fn h3_a_response_future_dropped_at_any_poll_loses_nothing() {
    for polls in 0..12 {
        let receiver = receiver();
        let body = slow(vec![Ok("a"), Ok("b"), Ok("c")]);
        let request = Request::post("/path-secret-1")
            .body(Box::pin(body))
            .unwrap();
        let mut future = receiver.clone().call(request);
        for _ in 0..polls {
            let mut context = Context::from_waker(Waker::noop());
            if pin!(&mut future).poll(&mut context).is_ready() {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(future);
        receiver.drain().await;
        assert_eq!(stored(&receiver), ["abc"], "dropped after {polls} polls");
    }
}

// H3
#[tokio::test]
async fn h3_a_delivery_in_hand_is_stored_once_it_was_polled() {
    let receiver = receiver();
    assert!(
        receiver
            .receive(SECRET, Delivery::new("x"))
            .now_or_never()
            .is_none()
    );
    receiver.drain().await;
    assert_eq!(stored(&receiver), ["x"]);
}

// H3
#[tokio::test]
async fn h3_each_body_that_is_not_taken_leaves_its_trace() {
    let (receiver, told) = observed(receiver().max_body(4));
    let post = |frames| {
        let body = Box::pin(slow(frames));
        Request::post("/path-secret-1").body(body).unwrap()
    };
    let broken = |kind| Err(io::Error::new(kind, "x"));
    assert_eq!(
        status(&receiver, post(vec![Ok("ab"), Ok("cde")])).await,
        413
    );
    let gone = vec![Ok("ab"), broken(io::ErrorKind::UnexpectedEof)];
    assert_eq!(status(&receiver, post(gone)).await, 400);
    let chunks = vec![Ok("a"), broken(io::ErrorKind::InvalidInput)];
    assert_eq!(status(&receiver, post(chunks)).await, 400);
    let known = Request::post("/path-secret-1").body(Full::<Bytes>::from("12345"));
    assert_eq!(status(&receiver, known.unwrap()).await, 413);
    let noise = Request::post("/path-secret-1").body(Full::<Bytes>::from(&b"\xff\xfe"[..]));
    assert_eq!(status(&receiver, noise.unwrap()).await, 400);
    let told = told.lock().unwrap();
    let expected: [(Reason, u64, &[u8]); 5] = [
        (Reason::TooLarge, 5, b"abcde"),
        (Reason::BrokeOff, 2, b"ab"),
        (Reason::Encoding, 1, b"a"),
        (Reason::TooLarge, 5, b"12345"),
        (Reason::Unreadable, 2, b"\xff\xfe"),
    ];
    let expected = expected.map(|(reason, bytes, head)| (reason, bytes, head.to_vec()));
    assert_eq!(*told, expected);
    assert!(stored(&receiver).is_empty());
    let counts = receiver.counts();
    assert_eq!(
        (counts.taken, counts.rejected(), counts.in_flight),
        (0, 5, 0)
    );
}

// H3: a body that announces more than it brings.
#[tokio::test]
async fn h3_a_body_that_ends_before_its_announced_length_is_not_stored() {
    struct Short(Option<Bytes>);
    impl Body for Short {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: std::pin::Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            Poll::Ready(self.0.take().map(|bytes| Ok(Frame::data(bytes))))
        }

        fn size_hint(&self) -> http_body::SizeHint {
            http_body::SizeHint::with_exact(9)
        }
    }
    let (receiver, told) = observed(receiver());
    let body = Short(Some(Bytes::from_static(b"12345678")));
    let request = Request::post("/path-secret-1").body(body).unwrap();
    assert_eq!(status(&receiver, request).await, 400);
    assert_eq!(told.lock().unwrap()[0].0, Reason::BrokeOff);
}

// H3
#[tokio::test(start_paused = true)]
async fn h3_a_sender_that_stalls_is_given_up() {
    let (receiver, told) = observed(receiver().read_timeout(Duration::from_secs(5)));
    let frames = stream::iter([Ok::<_, Infallible>(Frame::data(Bytes::from_static(b"ab")))]);
    let body = StreamBody::new(frames.chain(stream::pending()));
    let request = Request::post("/path-secret-1").body(body).unwrap();
    assert_eq!(status(&receiver, request).await, 408);
    assert_eq!(
        *told.lock().unwrap(),
        [(Reason::TimedOut, 2, b"ab".to_vec())]
    );
    receiver.drain().await;
}

/// Waits for a permit before it goes on; `panic` is what it says.
struct Gated(Arc<Semaphore>);

impl Handler for Gated {
    type Output = ();

    async fn handle(&self, delivery: Delivery) -> Result<(), Rejection> {
        let _permit = self.0.acquire().await;
        assert_ne!(delivery.body, "panic", "as the test wants it");
        match delivery.body == "fail" {
            true => Err(Rejection::new(Reason::Store).with_source("disk full")),
            false => Ok(()),
        }
    }

    fn respond(&self, (): ()) -> Response<Bytes> {
        Response::new(Bytes::from_static(b"done"))
    }
}

// H3
#[tokio::test]
async fn h3_a_shutdown_waits_for_what_is_in_flight() {
    let gate = Arc::new(Semaphore::new(0));
    let receiver = Receiver::with_handler(SECRET, Gated(Arc::clone(&gate)));
    drop(receiver.clone().call(post("a")));
    drop(receiver.clone().call(post("b")));
    let mut drained = pin!(receiver.drain());
    for _ in 0..20 {
        assert!(drained.as_mut().now_or_never().is_none());
        tokio::task::yield_now().await;
    }
    assert_eq!(receiver.counts().in_flight, 2);
    gate.add_permits(1);
    drained.await;
    let counts = receiver.counts();
    assert_eq!((counts.taken, counts.in_flight), (2, 0));
}

// H3
#[tokio::test]
async fn h3_what_is_in_flight_is_bounded_and_the_rest_is_told_to_come_again() {
    let gate = Arc::new(Semaphore::new(0));
    let handler = Gated(Arc::clone(&gate));
    let (receiver, told) = observed(Receiver::with_handler(SECRET, handler).max_in_flight(2));
    for body in ["a", "b"] {
        drop(receiver.clone().call(post(body)));
    }
    assert_eq!(status(&receiver, post("c")).await, 503);
    assert_eq!(told.lock().unwrap()[0].0, Reason::Busy);
    gate.add_permits(1);
    receiver.drain().await;
    assert_eq!(status(&receiver, post("c")).await, 200);
}

// H3
#[tokio::test]
async fn h3_a_store_that_fails_or_panics_leaves_a_trace() {
    let gate = Arc::new(Semaphore::new(1));
    let (receiver, told) = observed(Receiver::with_handler(SECRET, Gated(gate)));
    assert_eq!(status(&receiver, post("fail")).await, 503);
    assert_eq!(status(&receiver, post("panic")).await, 500);
    let rejection = receiver.receive(SECRET, Delivery::new("fail")).await;
    let rejection = rejection.unwrap_err();
    let source = std::error::Error::source(&rejection).unwrap();
    assert_eq!(source.to_string(), "disk full");
    let rejection = receiver.receive(SECRET, Delivery::new("panic")).await;
    assert_eq!(rejection.unwrap_err().reason(), Reason::Abandoned);
    receiver.drain().await;
    let told: Vec<_> = told.lock().unwrap().iter().map(|told| told.0).collect();
    let expected = [
        Reason::Store,
        Reason::Abandoned,
        Reason::Store,
        Reason::Abandoned,
    ];
    assert_eq!(told, expected);
}

// H3: an observer that panics harms no other delivery.
#[tokio::test]
async fn h3_an_observer_may_panic() {
    let gate = Arc::new(Semaphore::new(1));
    let receiver = Receiver::with_handler(SECRET, Gated(gate))
        .on_reject(|_: &Rejected<'_>| panic!("as the test wants it"));
    assert_eq!(status(&receiver, post("panic")).await, 500);
    assert_eq!(status(&receiver, post("fail")).await, 503);
    assert_eq!(status(&receiver, post("a")).await, 200);
    receiver.drain().await;
    assert_eq!(receiver.counts().rejected(), 2);
}

// H3: a runtime that stops takes the task away, and the trace says so.
#[test]
fn h3_a_runtime_that_stops_leaves_a_trace() {
    let gate = Arc::new(Semaphore::new(0));
    let (receiver, told) = observed(Receiver::with_handler(SECRET, Gated(gate)));
    let runtime = runtime();
    runtime.block_on(async {
        drop(receiver.clone().call(post("a")));
        tokio::task::yield_now().await;
    });
    drop(runtime);
    assert_eq!(
        *told.lock().unwrap(),
        [(Reason::Abandoned, 1, b"a".to_vec())]
    );
}

// H3, X7
#[tokio::test]
async fn h3_x7_stored_headers_hold_no_credential() {
    let receiver = receiver();
    let mut request = post("x");
    for (name, value) in [
        ("authorization", "Bearer 1"),
        ("referer", "https://shop.example/hooks/path-secret-1"),
        ("content-type", "text/plain"),
    ] {
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    assert_eq!(status(&receiver, request).await, 200);
    let delivery = Delivery::new("y").with_header("cookie", "a=1");
    receiver.receive(SECRET, delivery).await.unwrap();
    let headers: Vec<_> = receiver
        .store()
        .events()
        .into_iter()
        .map(|received| received.delivery.headers)
        .collect();
    assert_eq!(headers[0].len(), 1);
    assert_eq!(headers[0]["content-type"], "text/plain");
    assert!(headers[1].is_empty());
}

// H3, X7: a server that rewrites addresses puts the path into the query.
#[tokio::test]
async fn h3_x7_stored_queries_do_not_hold_the_path_secret() {
    let receiver = receiver();
    for query in [
        "q=/hooks/path-secret-1&a=1",
        "q=%2Fhooks%2Fpath%2Dsecret%2D1&a=1",
    ] {
        let mut request = post("x");
        let uri = format!("/hooks/path-secret-1?{query}");
        *request.uri_mut() = uri.parse().unwrap();
        assert_eq!(status(&receiver, request).await, 200);
    }
    for received in receiver.store().events() {
        let query = received.delivery.query.unwrap();
        assert!(query.ends_with("[hidden]&a=1"), "{query}");
    }
}

// H3, X7: proxies and senders may write the address in another spelling.
#[tokio::test]
async fn h3_x7_the_path_secret_is_hidden_in_every_spelling() {
    let spelled = "/hooks/path%2Dsecret%2d1";
    let told = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&told);
    let receiver = receiver()
        .max_body(8)
        .on_reject(move |rejected: &Rejected<'_>| {
            keep.lock()
                .unwrap()
                .push((rejected.headers.clone(), rejected.head.to_vec()));
        });
    let bodies = [
        format!("callback=https://shop.example{spelled}&a=1"),
        format!("{}{spelled}", "x".repeat(500)),
        r#"{"url":"https:\/\/shop.example\/hooks\/path\u002dsecret-1"}"#.to_owned(),
    ];
    for body in &bodies {
        let mut request = post(body);
        let spelled = spelled.parse().unwrap();
        request.headers_mut().insert("x-original-uri", spelled);
        assert_eq!(status(&receiver, request).await, 413);
    }
    for (headers, head) in told.lock().unwrap().iter() {
        let head = String::from_utf8_lossy(head).to_lowercase();
        assert!(!headers.contains_key("x-original-uri"), "{headers:?}");
        assert!(
            !head.contains("path%2d") && !head.contains("path\\u"),
            "{head}"
        );
    }
    assert_eq!(told.lock().unwrap().len(), bodies.len());
}

// H3, X7
#[test]
fn h3_x7_the_log_holds_no_byte_of_the_body() {
    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);
    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let runtime = runtime();
    tracing::subscriber::with_default(subscriber, || {
        runtime.block_on(async {
            let receiver = receiver().max_body(4);
            // Letters that neither a time nor the id of a delivery has.
            assert_eq!(status(&receiver, post("Zylka Quor")).await, 413);
        });
    });
    let shown = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(
        shown.contains("WARN") && shown.contains("too large"),
        "{shown}"
    );
    let has_body = shown.contains("Zylka") || shown.contains("Quor");
    assert!(!has_body && !shown.contains(SECRET), "{shown}");
}
