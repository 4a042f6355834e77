//! The queue under paused time.

use std::{sync::Mutex, task::Poll};

use tokio::{
    task::JoinSet,
    time::{Duration, Instant, advance, timeout},
};

use super::*;
use crate::RateClass;

const KEY: Key<'static> = Key::new("demo.example", RateClass::DEFAULT);

fn limits(cap: u32) -> RateLimits {
    RateLimits::new().class(RateClass::DEFAULT, cap)
}

fn most_in_a_second(starts: &[Instant]) -> usize {
    (0..starts.len())
        .map(|first| {
            starts[first..]
                .iter()
                .take_while(|start| start.duration_since(starts[first]) < Duration::from_secs(1))
                .count()
        })
        .max()
        .unwrap_or(0)
}

#[tokio::test(start_paused = true)]
async fn r17_the_cap_holds_in_every_sliding_second_and_order_is_kept() {
    let limits = limits(10);
    let starts = std::sync::Arc::new(Mutex::new(Vec::new()));
    let mut calls = JoinSet::new();
    for index in 0..120 {
        let acquire = limits.acquire(KEY, None);
        let starts = starts.clone();
        calls.spawn(async move {
            let permit = acquire.await.unwrap();
            starts.lock().unwrap().push((index, Instant::now()));
            permit.end(Outcome::Answered);
        });
    }
    calls.join_all().await;
    let starts = starts.lock().unwrap();
    assert!(
        starts.iter().map(|(index, _)| *index).eq(0..120),
        "first come first served"
    );
    let times: Vec<_> = starts.iter().map(|(_, at)| *at).collect();
    assert_eq!(most_in_a_second(&times), 10);
    let took = times[119] - times[0];
    assert!(took < Duration::from_millis(12_050), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn r18_classes_and_hosts_have_queues_of_their_own_and_clones_share_them() {
    let limits = limits(1).class(RateClass("telephony"), 2);
    let clone = limits.clone();
    let now = Instant::now();
    let permit = |key| clone.acquire(key, Some(now));
    assert!(limits.acquire(KEY, Some(now)).await.is_ok());
    assert!(
        permit(KEY).await.unwrap_err().is_timeout(),
        "r19: the clone shares the cap"
    );
    assert!(
        permit(Key::new("Demo.Example:443", RateClass::DEFAULT))
            .await
            .is_err(),
        "r19: the same host"
    );
    assert!(
        permit(Key::new("demo.example", RateClass("telephony")))
            .await
            .is_ok()
    );
    assert!(
        permit(Key::new("other.example", RateClass::DEFAULT))
            .await
            .is_ok()
    );
    assert!(
        permit(Key::new("other.example", RateClass("unknown")))
            .await
            .is_err()
    );
    let unlimited = RateLimits::new();
    for _ in 0..100 {
        assert!(unlimited.acquire(KEY, Some(now)).await.is_ok());
    }
}

#[tokio::test(start_paused = true)]
async fn r17_a_dropped_waiter_takes_no_slot() {
    let limits = limits(10);
    let begin = Instant::now();
    limits
        .acquire(KEY, None)
        .await
        .unwrap()
        .end(Outcome::Answered);
    let mut second = Box::pin(limits.acquire(KEY, None));
    let mut third = Box::pin(limits.acquire(KEY, None));
    assert!(
        timeout(Duration::from_millis(10), &mut second)
            .await
            .is_err()
    );
    assert!(
        timeout(Duration::from_millis(10), &mut third)
            .await
            .is_err()
    );
    assert_eq!(limits.waiting("demo.example", RateClass::DEFAULT), 2);
    drop(second);
    third.await.unwrap().end(Outcome::Answered);
    assert_eq!(begin.elapsed().as_millis(), 100);
    assert_eq!(limits.waiting("demo.example", RateClass::DEFAULT), 0);
}

#[tokio::test(start_paused = true)]
async fn r17_a_wait_that_would_pass_the_deadline_fails_at_once() {
    let limits = limits(10);
    let begin = Instant::now();
    let waiters: Vec<_> = (0..30).map(|_| limits.acquire(KEY, None)).collect();
    let error = limits
        .acquire(KEY, Some(begin + Duration::from_secs(2)))
        .await
        .unwrap_err();
    assert!(error.is_timeout() && !error.may_have_landed(), "{error}");
    assert_eq!(begin.elapsed(), Duration::ZERO);
    assert!(error.to_string().contains("29 calls ahead"), "{error}");
    drop(waiters);
}

#[tokio::test(start_paused = true)]
async fn r20_a_refusal_makes_waiters_fail_whose_deadline_it_passes() {
    let limits = limits(10);
    let begin = Instant::now();
    let first = limits.acquire(KEY, None).await.unwrap();
    let deadline = Some(begin + Duration::from_secs(1));
    let mut patient = Box::pin(limits.acquire(KEY, None));
    let mut hurried = Box::pin(limits.acquire(KEY, deadline));
    assert!(futures_poll(&mut patient).await.is_pending());
    assert!(futures_poll(&mut hurried).await.is_pending());
    first.end(Outcome::Throttled {
        retry_after: Some(Duration::from_secs(5)),
    });
    assert!(hurried.await.unwrap_err().is_timeout());
    assert_eq!(begin.elapsed(), Duration::ZERO);
    drop(patient.await.unwrap());
    assert_eq!(begin.elapsed().as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn r17_an_idle_second_is_not_saved_up() {
    let limits = limits(10);
    let mut starts = Vec::new();
    advance(Duration::from_secs(60)).await;
    for _ in 0..25 {
        limits
            .acquire(KEY, None)
            .await
            .unwrap()
            .end(Outcome::Answered);
        starts.push(Instant::now());
    }
    assert_eq!(most_in_a_second(&starts), 10);
}

async fn futures_poll<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
    std::future::poll_fn(|cx| Poll::Ready(std::pin::Pin::new(&mut *future).poll(cx))).await
}

#[tokio::test(start_paused = true)]
async fn x6_what_is_refused_at_once_has_not_landed() {
    use crate::{Context, Error, deadline::DeadlineLayer};
    use http::{Request, Response};
    use tower::{Layer, ServiceExt, service_fn};

    let limit = LimitLayer::new(limits(1));
    let nothing = service_fn(async |_: Request<()>| Ok::<_, Error>(Response::new(())));
    let service = DeadlineLayer::new(Duration::from_millis(500)).layer(limit.layer(nothing));
    let request = || {
        let context = Context::new(None, Instant::now(), None);
        let mut request = Request::get("https://demo.example/").body(()).unwrap();
        request.extensions_mut().insert(context.clone());
        (context, request)
    };
    let (_, first) = request();
    service.clone().oneshot(first).await.unwrap();
    let (context, second) = request();
    let error = service.oneshot(second).await.unwrap_err();
    assert!(error.is_timeout() && !error.may_have_landed(), "{error:?}");
    assert!(
        !context.may_have_landed(),
        "who asks the context hears the same"
    );
}
