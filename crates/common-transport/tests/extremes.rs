//! No setting is too small or too large: what cannot be counted is as good as never, and nothing panics or wraps.
//!
//! Tests are built with overflow checks. A panic in a task of the pool's own is heard by a hook.
#![cfg(feature = "client")]

mod support;

use std::{
    panic,
    sync::{
        Arc, Once,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use bytes::Bytes;
use common_transport::{
    Client, ClientBuilder, Limiter, Pool, RateClass, RateLimits, RetryPolicy,
    attempt::AttemptLayer,
    body::Bounded,
    deadline::DeadlineLayer,
    limit::{Key, PermitOutcome},
    retry::Budget,
};
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use support::{Say, answer, listen, read_request, write};
use tokio::time::{Duration, Instant, sleep, timeout};
use tower::{BoxError, Layer, ServiceExt, service_fn};

const DURATIONS: [Duration; 7] = [
    Duration::ZERO,
    Duration::from_nanos(1),
    Duration::from_secs(1),
    Duration::from_nanos(u64::MAX),
    Duration::from_millis(u64::MAX),
    Duration::from_secs(u64::MAX),
    Duration::MAX,
];
const COUNTS: [u32; 4] = [0, 1, 3, u32::MAX];
const SIZES: [usize; 4] = [0, 1, 1 << 20, usize::MAX];
const RETRY_AFTER: [&str; 7] = [
    "0",
    "1",
    "18446744073709551615",
    "99999999999999999999999",
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "Thu, 01 Jan 1970 00:00:00 GMT",
];

/// Longer than a wait that anything here asks for in earnest.
const PATIENCE: Duration = Duration::from_secs(10 * 24 * 3600);

static PANICS: AtomicUsize = AtomicUsize::new(0);

/// Panics that were heard so far, of whatever task.
fn panics() -> usize {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let print = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            PANICS.fetch_add(1, Relaxed);
            print(info);
        }));
    });
    PANICS.load(Relaxed)
}

/// Over a fake that refuses first, then takes a second for its answer.
fn over_a_fake(
    configure: impl FnOnce(ClientBuilder) -> ClientBuilder,
    retry_after: &str,
) -> Client {
    let calls = Arc::new(AtomicUsize::new(0));
    let retry_after = retry_after.to_owned();
    let service = service_fn(move |_: Request<Bytes>| {
        let is_first = calls.fetch_add(1, Relaxed) == 0;
        let retry_after = retry_after.clone();
        async move {
            if is_first {
                let refused = Response::builder()
                    .status(503)
                    .header("retry-after", retry_after);
                return Ok::<_, BoxError>(refused.body(Bytes::new())?);
            }
            sleep(Duration::from_secs(1)).await;
            Ok(Response::new(Bytes::from_static(b"ok")))
        }
    });
    let builder = Client::builder("https://demo.example".parse().unwrap())
        .limits(RateLimits::new().class(RateClass::DEFAULT, 10));
    configure(builder.service(service)).build().unwrap()
}

/// Two calls; what becomes of them is their business.
async fn try_out(client: Client) {
    for operation in [Say::get(), Say::post("text")] {
        let _ = timeout(PATIENCE, client.send(&operation)).await;
    }
}

type Set = fn(ClientBuilder, Duration) -> ClientBuilder;

#[tokio::test(start_paused = true)]
async fn h14_no_time_of_a_client_is_too_short_or_too_long() {
    let settings: [Set; 6] = [
        |builder, time| builder.total_timeout(time),
        |builder, time| builder.attempt_timeout(time),
        |builder, time| builder.response_timeout(time),
        |builder, time| builder.idle_timeout(time),
        |builder, time| builder.retry(RetryPolicy::new().waits(time, Duration::MAX)),
        |builder, time| builder.retry(RetryPolicy::new().waits(Duration::MAX, time)),
    ];
    let before = panics();
    for time in DURATIONS {
        for set in settings {
            try_out(over_a_fake(|builder| set(builder, time), "0")).await;
            // Beside a deadline that is no deadline.
            let endless = |builder: ClientBuilder| set(builder.total_timeout(Duration::MAX), time);
            try_out(over_a_fake(endless, "1")).await;
        }
        let all = |builder| {
            settings
                .iter()
                .fold(builder, |builder, set| set(builder, time))
        };
        try_out(over_a_fake(all, "0")).await;
    }
    assert_eq!(panics(), before);
}

#[tokio::test(start_paused = true)]
async fn h14_no_count_of_repeats_and_no_wait_is_too_small_or_too_large() {
    let before = panics();
    for attempts in COUNTS {
        for random in [0, 1, u64::MAX] {
            for (percent, reserve) in COUNTS.iter().flat_map(|a| COUNTS.map(|b| (*a, b))) {
                let budget = Arc::new(Budget::new(percent, reserve));
                let policy = RetryPolicy::new()
                    .max_attempts(attempts)
                    .randomness(move || random)
                    .budget(budget);
                try_out(over_a_fake(|builder| builder.retry(policy), "0")).await;
            }
        }
    }
    for text in RETRY_AFTER {
        for deadline in DURATIONS {
            try_out(over_a_fake(|builder| builder.total_timeout(deadline), text)).await;
        }
    }
    assert_eq!(panics(), before);
}

#[tokio::test(start_paused = true)]
async fn h14_no_cap_pause_or_deadline_of_a_limiter_is_too_small_or_too_large() {
    let before = panics();
    let key = Key::new("demo.example", RateClass::DEFAULT);
    for cap in [1, 2, 1_000_000_007, u32::MAX] {
        for pause in DURATIONS {
            let limits = RateLimits::new().class(RateClass::DEFAULT, cap);
            let begin = Instant::now();
            let permit = limits.acquire(key, None).await.unwrap();
            permit.end(PermitOutcome::Throttled {
                retry_after: Some(pause),
            });
            for deadline in DURATIONS {
                let deadline = begin.checked_add(deadline);
                let _ = timeout(PATIENCE, limits.acquire(key, deadline)).await;
            }
            // Two that wait for one that is held, and for the pause.
            if let Ok(Ok(permit)) = timeout(PATIENCE, limits.acquire(key, None)).await {
                let held = permit.hold();
                let _ = timeout(PATIENCE, limits.acquire(key, None)).await;
                held.sent().end(PermitOutcome::Answered);
                let _ = timeout(PATIENCE, limits.acquire(key, None)).await;
            }
        }
    }
    assert_eq!(panics(), before);
}

#[tokio::test(start_paused = true)]
async fn h14_no_bound_of_a_body_is_too_small_or_too_large() {
    let before = panics();
    for bytes in SIZES {
        let client = over_a_fake(|builder| builder.max_body(bytes), "0");
        let text = client.send(&Say::get()).await;
        assert_eq!(text.is_ok(), bytes >= 2, "{bytes}");
        for time in DURATIONS {
            let body = Bounded::new(Full::<Bytes>::from("text"))
                .max(bytes as u64)
                .idle_timeout(time)
                .deadline(Instant::now() + Duration::from_secs(1));
            assert_eq!(body.collect().await.is_ok(), bytes >= 4, "{bytes} {time:?}");
            let layer = AttemptLayer::new().max_body(bytes).timeout(time);
            let answers = service_fn(async |_: Request<()>| {
                Ok::<_, BoxError>(Response::new(Full::<Bytes>::from("text")))
            });
            let read = layer.layer(answers).oneshot(Request::new(())).await;
            assert_eq!(read.is_ok(), bytes >= 4, "{bytes} {time:?}");
        }
    }
    for time in DURATIONS {
        let never = service_fn(async |_: Request<()>| {
            sleep(PATIENCE).await;
            Ok::<_, common_transport::Error>(())
        });
        let ended = DeadlineLayer::new(time)
            .layer(never)
            .oneshot(Request::new(()));
        assert_eq!(ended.await.is_ok(), time > PATIENCE, "{time:?}");
    }
    assert_eq!(panics(), before);
}

#[tokio::test(start_paused = true)]
async fn h14_no_time_of_a_pool_is_too_short_or_too_long() {
    let before = panics();
    for time in DURATIONS {
        for is_connecting in [true, false] {
            let base = listen(|_, mut socket| async move {
                while read_request(&mut socket).await.is_some() {
                    write(&mut socket, &answer(200, "ok")).await;
                }
            });
            let pool = match is_connecting {
                true => Pool::builder().connect_timeout(time),
                false => Pool::builder().keep_alive(time),
            };
            let client = Client::builder(base.await).pool(pool.build());
            try_out(client.build().unwrap()).await;
            // Connections are looked after meanwhile.
            sleep(Duration::from_secs(60)).await;
        }
    }
    assert_eq!(panics(), before);
}
