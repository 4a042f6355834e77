//! The clocks under paused time, against bodies that come when the test says.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Request, Response};
use http_body::{Body, Frame};
use tokio::time::{Duration, Instant, Sleep, sleep};
use tower::{Service, ServiceExt, service_fn};

use super::*;
use crate::{Error, ErrorKind};

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A body whose pieces come each after a pause.
struct Slow {
    pauses: Vec<Duration>,
    next: Option<Pin<Box<Sleep>>>,
}

impl Slow {
    fn new(mut pauses: Vec<Duration>) -> Self {
        pauses.reverse();
        Self { pauses, next: None }
    }
}

impl Body for Slow {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.next.is_none() {
            let Some(pause) = self.pauses.pop() else {
                return Poll::Ready(None);
            };
            self.next = Some(Box::pin(sleep(pause)));
        }
        let next = self.next.as_mut().unwrap();
        std::task::ready!(next.as_mut().poll(cx));
        self.next = None;
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"abc")))))
    }
}

async fn call(
    layer: AttemptLayer,
    head_after: Duration,
    pauses: Vec<Duration>,
) -> (Duration, Result<Response<Bytes>, Error>) {
    let mut pauses = Some(pauses);
    let service = service_fn(move |_: Request<()>| {
        let pauses = pauses.take().unwrap();
        async move {
            sleep(head_after).await;
            Ok::<_, Error>(Response::new(Slow::new(pauses)))
        }
    });
    let begin = Instant::now();
    let mut service = tower_layer::Layer::layer(&layer, service);
    let result = service.ready().await.unwrap().call(Request::new(())).await;
    (begin.elapsed(), result)
}

#[tokio::test(start_paused = true)]
async fn x2_a_slow_and_living_body_is_left_alone() {
    let layer = AttemptLayer::new()
        .timeout(seconds(300))
        .idle_timeout(seconds(15));
    let (took, result) = call(layer, seconds(29), vec![seconds(14); 10]).await;
    assert_eq!(result.unwrap().body().len(), 30);
    assert_eq!(took, seconds(29 + 140));
}

#[tokio::test(start_paused = true)]
async fn x2_each_clock_ends_the_attempt_and_says_which() {
    let layer = AttemptLayer::new();
    for (head_after, pauses, ends_at, says) in [
        (seconds(31), vec![], 30, "no answer began"),
        (seconds(1), vec![seconds(1), seconds(16)], 17, "fell silent"),
        (seconds(20), vec![seconds(10); 9], 60, "took too long"),
    ] {
        let (took, result) = call(layer, head_after, pauses).await;
        let error = result.unwrap_err();
        assert!(
            error.is_timeout() && error.to_string().contains(says),
            "{error}"
        );
        assert!(
            error.may_have_landed(),
            "nothing is known of the transport below"
        );
        assert_eq!(took, seconds(ends_at), "{says}");
    }
}

#[tokio::test(start_paused = true)]
async fn x2_the_body_limit_counts_all_pieces() {
    let layer = AttemptLayer::new().max_body(8);
    let (_, result) = call(layer, seconds(0), vec![seconds(0); 3]).await;
    let error = result.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BodyLimit);
    assert!(error.may_have_landed() && !error.is_retryable());
    let (_, result) = call(layer.max_body(9), seconds(0), vec![seconds(0); 3]).await;
    assert_eq!(result.unwrap().body(), "abcabcabc");
}

/// Always has another piece, which takes it a millisecond.
struct Lively;

impl Body for Lively {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let passing = std::pin::pin!(tokio::time::advance(Duration::from_millis(1)));
        let _ = passing.poll(cx);
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"abc")))))
    }
}

#[tokio::test(start_paused = true)]
async fn n91_a_body_that_never_pauses_ends_in_time() {
    let layer = AttemptLayer::new().timeout(seconds(1));
    let mut service = tower_layer::Layer::layer(
        &layer,
        service_fn(async |_: Request<()>| Ok::<_, Error>(Response::new(Lively))),
    );
    let begin = Instant::now();
    let result = service.ready().await.unwrap().call(Request::new(())).await;
    assert!(result.unwrap_err().is_timeout());
    let late = begin.elapsed() - seconds(1);
    assert!(late <= Duration::from_millis(50), "{late:?}");
}
