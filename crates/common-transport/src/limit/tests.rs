//! The queue under paused time.

use std::{sync::Mutex, task::Poll};

use http::{Request, Response};
use tokio::{
    task::JoinSet,
    time::{Duration, Instant, advance, timeout},
};
use tower::{Layer, ServiceExt, service_fn};

use super::*;
use crate::{Context, Error, RateClass, RateLimits, deadline::DeadlineLayer};

mod held;
mod priority;

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
            permit.end(PermitOutcome::Answered);
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

/// Names of one account, each as it may be written.
const NAMES: [&str; 5] = [
    "account.nice.chat",
    "accounts.nice.chat",
    "Accounts.Nice.Chat.:443",
    "old.nice.chat",
    "ACCOUNT.nice.chat:80",
];

// H5
#[tokio::test(start_paused = true)]
async fn h5_the_names_of_one_host_share_its_caps() {
    let orders: [fn(RateLimits) -> RateLimits; 4] = [
        |limits| {
            let limits = limits.alias("accounts.nice.chat", "account.nice.chat");
            limits.alias("old.nice.chat", "account.nice.chat")
        },
        // For an alias, set before or after it; a name may be set again.
        |limits| {
            let limits = limits.alias("old.nice.chat", "accounts.nice.chat");
            limits.alias("ACCOUNTS.nice.chat:443", "account.nice.chat.")
        },
        |limits| {
            let limits = limits.alias("accounts.nice.chat", "account.nice.chat");
            limits.alias("old.nice.chat", "accounts.nice.chat")
        },
        |limits| {
            let limits = limits.alias("accounts.nice.chat", "else.nice.chat");
            let limits = limits.alias("accounts.nice.chat", "account.nice.chat");
            limits.alias("account.nice.chat", "old.nice.chat")
        },
    ];
    for (order, declare) in orders.into_iter().enumerate() {
        for first in 0..NAMES.len() {
            let limits = declare(limits(10));
            let mut starts = Vec::new();
            for call in 0..40 {
                let key = Key::new(NAMES[(first + call) % NAMES.len()], RateClass::DEFAULT);
                let permit = limits.acquire(key, None).await.unwrap();
                starts.push(Instant::now());
                permit.end(PermitOutcome::Answered);
            }
            assert_eq!(most_in_a_second(&starts), 10, "order {order}");
            // They wait in one queue, and share refusals.
            let key = |name| Key::new(name, RateClass::DEFAULT);
            let waits = NAMES.map(|name| limits.acquire(key(name), None));
            for name in NAMES {
                assert_eq!(limits.waiting(name, RateClass::DEFAULT), NAMES.len());
            }
            drop(waits);
            let permit = limits.acquire(key(NAMES[first]), None).await.unwrap();
            let retry_after = Some(Duration::from_secs(30));
            permit.end(PermitOutcome::Throttled { retry_after });
            let soon = Some(Instant::now() + Duration::from_secs(29));
            for name in NAMES {
                let refused = limits.acquire(key(name), soon).await.unwrap_err();
                assert!(refused.is_timeout(), "order {order}, {name}");
            }
        }
    }
}

// H5
#[tokio::test(start_paused = true)]
async fn h5_a_name_that_is_no_alias_counts_for_itself() {
    let limits = limits(1).alias("accounts.nice.chat", "account.nice.chat");
    let now = Some(Instant::now());
    for free in [
        "account.nice.chat",
        "accounts.nice.chat:8080",
        "account.nice.chat:8080",
        "nice.chat",
    ] {
        let permit = limits.acquire(Key::new(free, RateClass::DEFAULT), now);
        assert!(permit.await.is_ok(), "{free}");
    }
    let alias = Key::new("accounts.nice.chat", RateClass::DEFAULT);
    assert!(limits.acquire(alias, now).await.is_err());
    // Later settings apply to the new limiter only, which has no starts.
    let more = limits.clone().alias("nice.chat", "account.nice.chat");
    assert!(more.acquire(alias, now).await.is_ok());
    assert!(limits.acquire(alias, now).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn r17_a_dropped_waiter_takes_no_slot() {
    let limits = limits(10);
    let begin = Instant::now();
    limits
        .acquire(KEY, None)
        .await
        .unwrap()
        .end(PermitOutcome::Answered);
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
    third.await.unwrap().end(PermitOutcome::Answered);
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
    assert!(poll_once(&mut patient).await.is_pending());
    assert!(poll_once(&mut hurried).await.is_pending());
    first.end(PermitOutcome::Throttled {
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
            .end(PermitOutcome::Answered);
        starts.push(Instant::now());
    }
    assert_eq!(most_in_a_second(&starts), 10);
}

/// Polls a future once.
async fn poll_once<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
    std::future::poll_fn(|cx| Poll::Ready(std::pin::Pin::new(&mut *future).poll(cx))).await
}

#[tokio::test(start_paused = true)]
async fn x6_what_is_refused_at_once_has_not_landed() {
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

#[tokio::test(start_paused = true)]
async fn r17_no_permit_is_given_after_the_deadline() {
    let limits = limits(1);
    let deadline = Some(Instant::now() + Duration::from_secs(2));
    let _first = limits.acquire(KEY, None).await.unwrap();
    let mut late = Box::pin(limits.acquire(KEY, deadline));
    assert!(poll_once(&mut late).await.is_pending());
    advance(Duration::from_secs(10)).await;
    assert!(
        late.await.unwrap_err().is_timeout(),
        "it was not looked at in time"
    );
    advance(Duration::from_secs(10)).await;
    let free = limits.acquire(KEY, deadline).await;
    assert!(free.unwrap_err().is_timeout(), "nobody is before it");
}

#[tokio::test(start_paused = true)]
async fn r17_a_call_that_its_deadline_has_ended_keeps_no_place() {
    let limits = limits(1);
    let first = limits.acquire(KEY, None).await.unwrap();
    let limited = LimitLayer::new(limits.clone()).layer(service_fn(async |_: Request<()>| {
        Ok::<_, Error>(Response::new(()))
    }));
    let service = DeadlineLayer::new(Duration::from_secs(2)).layer(limited);
    let request = Request::get("https://demo.example/").body(()).unwrap();
    let mut call = Box::pin(service.oneshot(request));
    assert!(poll_once(&mut call).await.is_pending());
    // The wait becomes longer than expected, and then the call is not polled.
    let busy = PermitOutcome::Throttled {
        retry_after: Some(Duration::from_secs(60)),
    };
    first.end(busy);
    assert!(call.as_mut().await.unwrap_err().is_timeout());
    assert_eq!(limits.waiting("demo.example", RateClass::DEFAULT), 0);
}

/// Permits for some at once; the others wait for ever.
#[derive(Debug)]
struct First(Mutex<u32>);

impl Limiter for First {
    fn acquire(&self, _: Key<'_>, _: Option<Instant>) -> Acquire {
        let mut left = self.0.lock().unwrap();
        let Some(fewer) = left.checked_sub(1) else {
            return Acquire::waiting(std::future::pending());
        };
        *left = fewer;
        Acquire::ready(Ok(Permit::unlimited()))
    }
}

/// Tower's retry over our limiter: the second attempt, which waits, does not take back the first.
#[tokio::test(start_paused = true)]
async fn n91_a_wait_says_nothing_of_what_was_let_pass_before() {
    #[derive(Clone)]
    struct Twice;

    impl<T, E> tower::retry::Policy<Request<()>, T, E> for Twice {
        type Future = std::future::Ready<()>;

        fn retry(&mut self, _: &mut Request<()>, _: &mut Result<T, E>) -> Option<Self::Future> {
            Some(std::future::ready(()))
        }

        fn clone_request(&mut self, request: &Request<()>) -> Option<Request<()>> {
            Some(request.clone())
        }
    }

    for (let_pass, landed) in [(0, false), (1, true)] {
        let service = tower::ServiceBuilder::new()
            .layer(DeadlineLayer::new(Duration::from_secs(5)))
            .retry(Twice)
            .layer(LimitLayer::new(First(Mutex::new(let_pass))))
            .service(service_fn(async |_: Request<()>| {
                Err::<Response<()>, _>(Error::from_foreign("broke off after it was sent"))
            }));
        let request = Request::post("https://demo.example/").body(()).unwrap();
        let error = service.oneshot(request).await.unwrap_err();
        assert!(error.is_timeout());
        assert_eq!(error.may_have_landed(), landed);
    }
}
