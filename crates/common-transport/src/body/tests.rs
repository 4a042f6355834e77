//! Bodies apart from any connection, under paused time.

use std::{
    collections::VecDeque,
    error::Error as _,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body::{Body as HttpBody, Frame};
use http_body_util::{BodyExt, Empty, Full};
use tokio::time::{Duration, Instant, Sleep, sleep};
use tower::{Service, ServiceBuilder, ServiceExt, service_fn};

use super::*;
use crate::{
    Body, BoxError, Error, ErrorKind, RetryPolicy,
    attempt::AttemptLayer,
    deadline::DeadlineLayer,
    retry::{Attempts, RetryLayer},
};

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Pieces of three bytes that come each after a pause of so many seconds; then a failure, or the end.
struct Slow {
    pauses: VecDeque<u64>,
    next: Option<Pin<Box<Sleep>>>,
    failure: Option<&'static str>,
}

fn slow(pauses: &[u64]) -> Slow {
    Slow {
        pauses: pauses.iter().copied().collect(),
        next: None,
        failure: None,
    }
}

impl HttpBody for Slow {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if self.next.is_none() {
            let Some(pause) = self.pauses.pop_front() else {
                return Poll::Ready(self.failure.take().map(|failure| Err(failure.into())));
            };
            self.next = Some(Box::pin(sleep(seconds(pause))));
        }
        std::task::ready!(self.next.as_mut().unwrap().as_mut().poll(cx));
        self.next = None;
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"abc")))))
    }
}

fn text(text: &'static str) -> Full<Bytes> {
    Full::from(text)
}

async fn read(body: &Body) -> Result<Bytes, BodyFailure> {
    Ok(body.open().collect().await?.to_bytes())
}

#[tokio::test]
async fn x2_a_restartable_body_gives_the_same_again_and_a_one_shot_does_not() {
    for body in [
        Body::from(b"abc".to_vec()),
        Body::restartable(|| text("abc")),
    ] {
        assert_eq!(read(&body).await.unwrap(), "abc");
        assert_eq!(read(&body.clone()).await.unwrap(), "abc");
        assert!(body.can_be_sent());
    }
    let once = Body::once(text("abc"));
    drop(once.open());
    assert!(once.can_be_sent(), "nothing was taken");
    assert_eq!(read(&once).await.unwrap(), "abc");
    assert!(!once.can_be_sent());
    let error = read(&once.clone()).await.unwrap_err();
    assert!(error.to_string().contains("sent before"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn x2_a_body_that_is_not_as_long_as_was_said_fails() {
    for (length, says) in [(2, "longer"), (4, "shorter")] {
        let body = Body::restartable(|| slow(&[0])).with_length(length);
        assert_eq!(body.open().size_hint().exact(), Some(length));
        let error = read(&body).await.unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
    }
    // Longer by whole pieces, which come late: what has arrived by then must not look whole.
    let body = Body::restartable(|| slow(&[0, 9, 9])).with_length(6);
    let mut outgoing = body.open();
    let first = outgoing.frame().await.unwrap().unwrap();
    assert_eq!(first.into_data().unwrap(), "abc");
    let error = outgoing.frame().await.unwrap().unwrap_err();
    assert!(error.to_string().contains("longer"), "{error}");
    let body = Body::once(slow(&[0, 0])).with_length(6);
    assert_eq!(read(&body).await.unwrap(), "abcabc");
    assert_eq!(Body::once(text("abc")).length(), Some(3));
    assert_eq!(Body::once(slow(&[])).open().size_hint().exact(), None);
    let bytes = Body::from(Bytes::from("abc")).with_length(9);
    assert_eq!(bytes.length(), Some(3), "bytes know better");
    assert_eq!(read(&Body::once(Empty::<Bytes>::new())).await.unwrap(), "");
}

/// Two calls wait for the first piece of one stream; the one that asked last gives up, or takes it.
#[tokio::test(start_paused = true)]
async fn x2_who_waits_for_a_shared_stream_is_woken() {
    let body = Body::once(slow(&[9]));
    let (first, second) = (body.clone(), body.clone());
    let first = tokio::spawn(async move { read(&first).await });
    let second = async move {
        tokio::task::yield_now().await;
        tokio::time::timeout(seconds(1), read(&second)).await
    };
    assert!(second.await.is_err(), "it has given up");
    assert_eq!(first.await.unwrap().unwrap(), "abc");

    let body = Body::once(slow(&[9]));
    let begin = Instant::now();
    let (first, second) = tokio::join!(read(&body), read(&body));
    assert_eq!(begin.elapsed(), seconds(9));
    assert!(
        first.is_ok() != second.is_ok(),
        "one has it, and the other hears so"
    );
}

#[tokio::test]
async fn x2_what_fails_in_a_stream_is_kept_as_the_cause() {
    let mut stream = slow(&[0]);
    stream.failure = Some("the disk is gone");
    let error = read(&Body::once(stream)).await.unwrap_err();
    assert_eq!(error.source().unwrap().to_string(), "the disk is gone");
}

/// The retry layer over a server that reads `taken` pieces and fails: the attempts, and what each has read.
async fn attempts(body: Body, taken: usize) -> (u32, Vec<usize>) {
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let service = {
        let seen = Arc::clone(&seen);
        service_fn(move |request: Request<Bytes>| {
            let seen = Arc::clone(&seen);
            async move {
                let mut stream = Outgoing::of(&request).expect("attached");
                let mut read = 0;
                while read < taken && stream.frame().await.is_some() {
                    read += 1;
                }
                seen.lock().unwrap().push(read);
                let busy = Response::builder().status(StatusCode::BAD_GATEWAY);
                Ok::<_, Error>(busy.body(Bytes::new()).unwrap())
            }
        })
    };
    let mut service = ServiceBuilder::new()
        .layer(RetryLayer::new(RetryPolicy::new().max_attempts(3)))
        .service(service);
    let request = Body::attach(Request::put("/").body(body).unwrap());
    let response = service.ready().await.unwrap().call(request).await.unwrap();
    let seen = seen.lock().unwrap().clone();
    (Attempts::of(&response).0, seen)
}

#[tokio::test(start_paused = true)]
async fn n91_only_what_can_be_sent_again_is_repeated() {
    let restartable = || Body::restartable(|| slow(&[0, 0, 0]));
    assert_eq!(attempts(restartable(), 2).await, (3, vec![2, 2, 2]));
    let once = || Body::once(slow(&[0, 0, 0]));
    assert_eq!(attempts(once(), 1).await, (1, vec![1]));
    assert_eq!(attempts(once(), 0).await, (3, vec![0, 0, 0]));
}

/// An attempt whose server reads all of a body and answers after `head_after`.
async fn upload(
    layer: AttemptLayer,
    pauses: &[u64],
    head_after: u64,
) -> (u64, Result<Response<Bytes>, Error>) {
    let service = service_fn(move |request: Request<Bytes>| async move {
        let stream = Outgoing::of(&request).expect("attached");
        // As a connection does: apart from who waits for the answer.
        let reading = tokio::spawn(stream.collect());
        let read = reading.await.unwrap().expect("it has no end of its own");
        sleep(seconds(head_after)).await;
        Ok::<_, Error>(Response::new(Full::new(read.to_bytes())))
    });
    let mut service = ServiceBuilder::new().layer(layer).service(service);
    let request = Body::attach(Request::new(Body::once(slow(pauses))));
    let begin = Instant::now();
    let result = service.ready().await.unwrap().call(request).await;
    (begin.elapsed().as_secs(), result)
}

#[tokio::test(start_paused = true)]
async fn n91_a_slow_and_living_upload_is_left_alone() {
    let layer = AttemptLayer::new().timeout(seconds(1_000));
    let (took, result) = upload(layer, &[14; 10], 29).await;
    assert_eq!(result.unwrap().body().len(), 30);
    assert_eq!(took, 10 * 14 + 29);
}

#[tokio::test(start_paused = true)]
async fn n91_each_clock_ends_an_upload_and_says_which() {
    let layer = AttemptLayer::new();
    let short_head = layer.response_timeout(seconds(5));
    for (layer, pauses, head_after, ends_at, says) in [
        (layer, &[1, 16][..], 0, 16, "got stuck"),
        (layer, &[1, 1], 31, 32, "no answer began"),
        (short_head, &[1, 1], 31, 7, "no answer began"),
        (layer, &[14; 10], 0, 60, "took too long"),
        (layer, &[31], 0, 30, "no answer began"),
    ] {
        let (took, result) = upload(layer, pauses, head_after).await;
        let error = result.unwrap_err();
        assert!(error.is_timeout() && error.may_have_landed(), "{error:?}");
        assert!(error.to_string().contains(says), "{error}");
        assert_eq!(took, ends_at, "{says}");
    }
}

#[tokio::test(start_paused = true)]
async fn n91_an_outdated_body_ends() {
    let ended = Arc::new(AtomicU32::new(0));
    let service = {
        let ended = Arc::clone(&ended);
        service_fn(move |request: Request<Bytes>| {
            let stream = Outgoing::of(&request).expect("attached");
            let ended = Arc::clone(&ended);
            tokio::spawn(async move {
                let error = stream.collect().await.unwrap_err();
                assert!(error.to_string().contains("over"), "{error}");
                ended.fetch_add(1, Relaxed);
            });
            std::future::ready(Err::<Response<Bytes>, _>(Error::new(
                ErrorKind::Connect,
                "refused",
            )))
        })
    };
    let retry = RetryPolicy::new().max_attempts(3).randomness(|| 0);
    let mut service = ServiceBuilder::new()
        .layer(DeadlineLayer::new(seconds(100)))
        .layer(RetryLayer::new(retry))
        .service(service);
    let body = Body::restartable(|| slow(&[1_000]));
    let request = Body::attach(Request::new(body));
    let error = service.ready().await.unwrap().call(request).await;
    assert_eq!(error.unwrap_err().attempts(), 3);
    tokio::task::yield_now().await;
    assert_eq!(ended.load(Relaxed), 2, "all but the last attempt's");
}

/// Reads a bounded body, with a pause before each piece.
async fn drain(mut body: Pin<Box<Bounded<Slow>>>, pause: u64) -> (u64, Result<u64, Error>) {
    let begin = Instant::now();
    loop {
        sleep(seconds(pause)).await;
        let piece = body.frame().await;
        let took = begin.elapsed().as_secs();
        match piece {
            Some(Ok(_)) => {}
            Some(Err(error)) => {
                assert!(body.frame().await.is_none(), "nothing follows an error");
                return (took, Err(error));
            }
            None => return (took, Ok(body.read())),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn n91_a_bounded_body_ends_by_each_of_its_bounds() {
    for (pauses, end_after, max, pause, ends_at, kind) in [
        (&[1, 16][..], 1_000, 9, 0, 16, ErrorKind::Timeout),
        (&[10, 10], 12, 9, 0, 12, ErrorKind::Timeout),
        (&[0; 100], 12, 900, 1, 12, ErrorKind::Timeout),
        (&[1, 1, 1], 1_000, 8, 0, 3, ErrorKind::BodyLimit),
    ] {
        let body = Bounded::new(slow(pauses))
            .idle_timeout(seconds(15))
            .deadline(Instant::now() + seconds(end_after))
            .max(max);
        let (took, result) = drain(Box::pin(body), pause).await;
        let error = result.unwrap_err();
        assert_eq!((error.kind(), took), (kind, ends_at), "{error}");
        assert!(error.may_have_landed());
    }
    let known = Bounded::new(text("abcd")).max(3);
    let error = known.collect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BodyLimit);
}

#[tokio::test(start_paused = true)]
async fn n91_a_reader_that_takes_its_time_raises_no_alarm() {
    let body = Bounded::new(slow(&[14; 5]))
        .idle_timeout(seconds(15))
        .max(15);
    let (_, result) = drain(Box::pin(body), 100).await;
    assert_eq!(result.unwrap(), 15);
}

/// Somebody else's repeat: copies of a request share its stream.
#[tokio::test]
async fn n91_the_rest_of_a_stream_is_never_sent_as_a_whole() {
    let request = Body::attach(Request::new(Body::once(slow(&[0, 0, 0]))));
    let copy = request.clone();
    let mut first = Outgoing::of(&request).unwrap();
    first.frame().await.unwrap().unwrap();
    drop(first);
    let second = Outgoing::of(&copy).unwrap().collect().await;
    let error = second.map(|whole| whole.to_bytes()).unwrap_err();
    assert!(error.to_string().contains("sent before"), "{error}");
}

/// The head of the answer comes at once, its body when the whole request is there.
#[tokio::test(start_paused = true)]
async fn n91_an_upload_that_goes_on_under_its_answer_is_left_alone() {
    let layer = AttemptLayer::new().idle_timeout(seconds(15));
    let service = service_fn(async |request: Request<Bytes>| {
        let upload = Outgoing::of(&request).expect("attached");
        let (send, whole) = tokio::sync::oneshot::channel();
        tokio::spawn(async move { send.send(upload.collect().await.unwrap().to_bytes()) });
        let whole = async move { Ok::<_, BoxError>(Frame::data(whole.await?)) };
        let answer = http_body_util::StreamBody::new(futures_util::stream::once(whole));
        Ok::<_, Error>(Response::new(BodyExt::boxed_unsync(answer)))
    });
    let upload = Body::restartable(|| slow(&[10, 10, 10, 10]));
    let request = Body::attach(Request::post("/").body(upload).unwrap());
    let mut service = ServiceBuilder::new().layer(layer).service(service);
    let answer = service.ready().await.unwrap().call(request).await.unwrap();
    assert_eq!(answer.body(), "abcabcabcabc");
}
