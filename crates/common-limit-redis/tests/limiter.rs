//! The limiter on a real Redis, as a program uses it.

#[allow(dead_code, reason = "other tests need more of it")]
#[path = "support/redis.rs"]
mod redis;

use std::{num::NonZeroU32, time::Duration};

use common_limit_redis::{Away, RedisLimits, RedisLimitsOptions};
use common_transport::{
    Error, ErrorKind, Limiter, Priority, RateClass,
    limit::{Acquire, Key, Permit, PermitOutcome},
};
use redis::Redis;
use tokio::time::{Instant, timeout};

const SECOND: Duration = Duration::from_secs(1);

fn options(address: &str, cap: u32) -> RedisLimitsOptions {
    let options = RedisLimitsOptions::new(address).expect("an address");
    options.class(RateClass::DEFAULT, cap)
}

fn key() -> Key<'static> {
    Key::new("demo.example", RateClass::DEFAULT)
}

fn ask(limits: &RedisLimits, priority: Priority) -> Acquire {
    limits.acquire(key().with_priority(priority), None)
}

async fn start(limits: &RedisLimits) -> Result<Permit, Error> {
    limits.acquire(key(), None).await
}

// D17
#[tokio::test]
async fn d17_two_limiters_share_a_cap() {
    let Some(redis) = Redis::start() else {
        return;
    };
    let both = [1, 2].map(|_| RedisLimits::new(options(&redis.address(), 20)));
    let mut starts = Vec::new();
    for _ in 0..15 {
        for limits in &both {
            start(limits)
                .await
                .expect("a permit")
                .end(PermitOutcome::Answered);
            starts.push(Instant::now());
        }
    }
    for (first, next) in starts.iter().zip(starts.iter().skip(20)) {
        assert!(*next - *first >= SECOND, "{:?}", *next - *first);
    }
    for limits in &both {
        limits.close().await;
    }
}

// D17: a process that has said goodbye is not missed.
#[tokio::test]
async fn d17_after_a_goodbye_nothing_is_kept_back() {
    let Some(redis) = Redis::start() else {
        return;
    };
    let gone = RedisLimits::new(options(&redis.address(), 2));
    let stays = RedisLimits::new(options(&redis.address(), 2));
    start(&gone)
        .await
        .expect("a permit")
        .end(PermitOutcome::Answered);
    start(&stays)
        .await
        .expect("a permit")
        .end(PermitOutcome::Answered);
    gone.close().await;
    let error = start(&gone).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
    // The whole cap belongs to the other one: half of it would take four seconds.
    let begin = Instant::now();
    for _ in 0..5 {
        start(&stays)
            .await
            .expect("a permit")
            .end(PermitOutcome::Answered);
    }
    assert!(begin.elapsed() < SECOND * 4, "{:?}", begin.elapsed());
}

// C8
#[tokio::test]
async fn c8_a_call_of_high_priority_passes_an_export_of_another_process() {
    let Some(redis) = Redis::start() else {
        return;
    };
    let export = RedisLimits::new(options(&redis.address(), 5));
    let shop = RedisLimits::new(options(&redis.address(), 5));
    let exporting = tokio::spawn(async move {
        let mut waiting = Vec::new();
        for _ in 0..40 {
            let export = export.clone();
            waiting.push(tokio::spawn(
                async move { ask(&export, Priority::Low).await },
            ));
        }
        for permit in waiting {
            permit
                .await
                .expect("no panic")
                .expect("a permit")
                .end(PermitOutcome::Answered);
        }
    });
    ask(&shop, Priority::High)
        .await
        .expect("a permit")
        .end(PermitOutcome::Answered);
    for _ in 0..3 {
        let begin = Instant::now();
        ask(&shop, Priority::High)
            .await
            .expect("a permit")
            .end(PermitOutcome::Answered);
        assert!(begin.elapsed() < SECOND, "{:?}", begin.elapsed());
    }
    exporting.abort();
}

// D17
#[tokio::test]
async fn d17_a_deadline_ends_the_wait() {
    let Some(redis) = Redis::start() else {
        return;
    };
    let limits = RedisLimits::new(options(&redis.address(), 2));
    let begin = Instant::now();
    let deadline = Some(begin + Duration::from_millis(300));
    let error = limits.acquire(key(), deadline).await.unwrap_err();
    assert!(error.is_timeout() && !error.is_retryable(), "{error}");
    let waited = begin.elapsed();
    assert!(
        waited >= Duration::from_millis(300) && waited < SECOND,
        "{waited:?}"
    );
    assert_eq!(limits.waiting("demo.example", RateClass::DEFAULT), 0);
    // With three calls ahead the wait is longer than the deadline: it is refused at once.
    let ahead = [1, 2, 3].map(|_| ask(&limits, Priority::High));
    let begin = Instant::now();
    let error = limits
        .acquire(key(), Some(begin + SECOND))
        .await
        .unwrap_err();
    assert!(
        error.is_timeout() && begin.elapsed() < Duration::from_millis(200),
        "{error}"
    );
    assert!(error.message().contains("3 calls"), "{error}");
    assert_eq!(limits.waiting("DEMO.example:443", RateClass::DEFAULT), 3);
    drop(ahead);
    assert_eq!(limits.waiting("demo.example", RateClass::DEFAULT), 0);
}

// D17: whoever was never told how many there are starts nothing without Redis, and says so.
#[tokio::test]
async fn d17_without_redis_a_call_fails_and_says_why() {
    let address = "redis://:S3CRET@127.0.0.1:1";
    for away in [Away::Share, Away::Refuse] {
        let limits = RedisLimits::new(options(address, 10).away(away));
        let error = timeout(SECOND * 10, start(&limits))
            .await
            .expect("in time")
            .unwrap_err();
        assert!(
            error.is_connect() && error.is_retryable() && !error.may_have_landed(),
            "{error:?}"
        );
        assert!(error.message().contains("127.0.0.1:1"), "{error}");
        assert!(
            !format!("{error} {error:?} {limits:?}").contains("S3CRET"),
            "{error:?}"
        );
    }
}

// D17: told how many there are at most, it goes on with its share.
#[tokio::test]
async fn d17_without_redis_the_number_of_processes_gives_a_share() {
    let four = NonZeroU32::new(4).expect("not 0");
    let limits = RedisLimits::new(options("redis://127.0.0.1:1", 10).at_most(four));
    let mut starts = Vec::new();
    for _ in 0..4 {
        start(&limits)
            .await
            .expect("a permit")
            .end(PermitOutcome::Answered);
        starts.push(Instant::now());
    }
    // Two places of ten.
    for (first, next) in starts.iter().zip(starts.iter().skip(2)) {
        assert!(*next - *first >= SECOND, "{:?}", *next - *first);
    }
}

// D17
#[tokio::test]
async fn d17_other_settings_under_the_same_key_are_refused() {
    let Some(redis) = Redis::start() else {
        return;
    };
    let ten = RedisLimits::new(options(&redis.address(), 10));
    start(&ten)
        .await
        .expect("a permit")
        .end(PermitOutcome::Answered);
    let twenty = RedisLimits::new(options(&redis.address(), 20));
    let error = timeout(SECOND * 5, start(&twenty))
        .await
        .expect("in time")
        .unwrap_err();
    assert_eq!(error.field(), Some("limits"), "{error}");
    // Under another prefix they do not meet. When the first one has gone, its settings go too.
    let apart = RedisLimits::new(options(&redis.address(), 20).prefix("apart"));
    start(&apart)
        .await
        .expect("a permit")
        .end(PermitOutcome::Answered);
    ten.close().await;
    let later = RedisLimits::new(options(&redis.address(), 20));
    let permit = timeout(SECOND * 5, start(&later)).await.expect("in time");
    permit.expect("a permit").end(PermitOutcome::Answered);
}

// D17, H5: a request that waits for its connection counts from the moment at which it leaves.
#[tokio::test]
async fn h5_a_held_request_counts_when_it_leaves() {
    let Some(redis) = Redis::start() else {
        return;
    };
    let limits = RedisLimits::new(options(&redis.address(), 2));
    let held = start(&limits).await.expect("a permit").hold();
    tokio::time::sleep(SECOND + SECOND / 2).await;
    let begin = Instant::now();
    held.sent().end(PermitOutcome::Answered);
    // One place is left beside it, and none for another second.
    start(&limits)
        .await
        .expect("a permit")
        .end(PermitOutcome::Answered);
    start(&limits)
        .await
        .expect("a permit")
        .end(PermitOutcome::Answered);
    assert!(begin.elapsed() >= SECOND, "{:?}", begin.elapsed());
    // One that never leaves takes no place.
    let begin = Instant::now();
    drop(start(&limits).await.expect("a permit").hold());
    start(&limits)
        .await
        .expect("a permit")
        .end(PermitOutcome::Answered);
    assert!(begin.elapsed() < SECOND * 2, "{:?}", begin.elapsed());
}

// D17
#[tokio::test]
async fn d17_a_refusal_by_the_service_holds_the_other_process() {
    let Some(redis) = Redis::start() else {
        return;
    };
    let both = [1, 2].map(|_| RedisLimits::new(options(&redis.address(), 10)));
    let permit = start(&both[0]).await.expect("a permit");
    start(&both[1])
        .await
        .expect("a permit")
        .end(PermitOutcome::Answered);
    let begin = Instant::now();
    permit.end(PermitOutcome::Throttled {
        retry_after: Some(SECOND * 2),
    });
    tokio::time::sleep(Duration::from_millis(200)).await;
    start(&both[1])
        .await
        .expect("a permit")
        .end(PermitOutcome::Answered);
    assert!(begin.elapsed() >= SECOND * 2, "{:?}", begin.elapsed());
}

// D17
#[tokio::test]
async fn d17_hosts_and_classes_count_as_in_one_process() {
    let Some(redis) = Redis::start() else {
        return;
    };
    let limits = RedisLimits::new(
        RedisLimitsOptions::new(&redis.address())
            .expect("an address")
            .class(RateClass("telephony"), 1)
            .alias("two.example", "one.example"),
    );
    // Without a cap of its own, and without a default one, a class is not limited.
    for _ in 0..1_000 {
        start(&limits)
            .await
            .expect("a permit")
            .end(PermitOutcome::Answered);
    }
    let one = Key::new("one.example", RateClass("telephony"));
    let two = Key::new("Two.Example:443", RateClass("telephony"));
    limits
        .acquire(one, None)
        .await
        .expect("a permit")
        .end(PermitOutcome::Answered);
    let begin = Instant::now();
    limits
        .acquire(two, None)
        .await
        .expect("a permit")
        .end(PermitOutcome::Answered);
    assert!(begin.elapsed() >= SECOND, "{:?}", begin.elapsed());
}

// D17, X7
#[tokio::test]
async fn d17_a_password_is_used_and_a_wrong_one_is_named() {
    let Some(redis) = Redis::with(&["--requirepass", "S3CRET"]) else {
        return;
    };
    let right = format!("redis://:S3CRET@127.0.0.1:{}", redis.port());
    let limits = RedisLimits::new(options(&right, 10));
    start(&limits)
        .await
        .expect("a permit")
        .end(PermitOutcome::Answered);
    let wrong = format!("redis://:WR0NG@127.0.0.1:{}", redis.port());
    let limits = RedisLimits::new(options(&wrong, 10));
    let error = start(&limits).await.unwrap_err();
    assert!(error.is_connect(), "{error}");
    assert!(
        error.message().to_lowercase().contains("password"),
        "{error}"
    );
    assert!(!format!("{error:?}").contains("WR0NG"), "{error:?}");
}

// D17: the permissions that the documentation names.
#[tokio::test]
async fn d17_a_user_needs_few_permissions_and_a_missing_one_is_named() {
    let rights = "on >p@ss/S3CRET ~shopwire:limit:* +evalsha +script|load +get +set +time";
    let user = |name: &str, more: &str| {
        let user = format!("--user {name} {rights} {more}");
        user.split(' ').map(str::to_owned).collect::<Vec<_>>()
    };
    let arguments = [
        user("enough", "+info +select"),
        user("elsewhere", "+info +select resetkeys ~other:*"),
        user("first", "+info"),
        user("less", "+info +select -evalsha"),
    ];
    let arguments: Vec<_> = arguments.iter().flatten().map(String::as_str).collect();
    let Some(redis) = Redis::with(&arguments) else {
        return;
    };
    let limits = |user: &str| {
        let port = redis.port();
        let address = format!("redis://{user}:p%40ss%2FS3CRET@127.0.0.1:{port}/2");
        RedisLimits::new(options(&address, 10))
    };
    let permit = start(&limits("enough")).await.expect("a permit");
    permit.end(PermitOutcome::Answered);
    for (user, named) in [
        ("elsewhere", "keys"),
        ("first", "select"),
        ("less", "evalsha"),
    ] {
        let error = start(&limits(user)).await.unwrap_err();
        assert!(error.is_connect(), "{error}");
        assert!(error.message().contains(named), "{error}");
        assert!(!format!("{error:?}").contains("S3CRET"), "{error:?}");
    }
}

// D17: a thousand waiters are one process with two tickets, and each gives up or starts.
#[tokio::test]
async fn d17_a_thousand_waiters_start_in_their_order() {
    let Some(redis) = Redis::start() else {
        return;
    };
    let limits = RedisLimits::new(options(&redis.address(), 50));
    let mut waiting: Vec<_> = (0..1_000)
        .map(|_| Box::pin(ask(&limits, Priority::High)))
        .collect();
    for number in 0..50 {
        waiting[0]
            .as_mut()
            .await
            .expect("a permit")
            .end(PermitOutcome::Answered);
        drop(waiting.remove(0));
        assert_eq!(
            limits.waiting("demo.example", RateClass::DEFAULT),
            999 - number
        );
    }
    drop(waiting);
    assert_eq!(limits.waiting("demo.example", RateClass::DEFAULT), 0);
    start(&limits)
        .await
        .expect("a permit")
        .end(PermitOutcome::Answered);
}

// D17: without a goodbye, as after a kill.
#[test]
fn d17_a_process_that_refuses_and_is_killed_leaves_nothing_behind() {
    let Some(redis) = Redis::start() else {
        return;
    };
    let options = options(&redis.address(), 10).away(Away::Refuse);
    for _ in 0..2 {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let limits = RedisLimits::new(options.clone());
        runtime.block_on(async {
            let begin = Instant::now();
            for _ in 0..10 {
                let permit = timeout(SECOND * 5, start(&limits)).await;
                permit
                    .expect("in time")
                    .expect("a permit")
                    .end(PermitOutcome::Answered);
            }
            assert!(begin.elapsed() < SECOND * 5, "{:?}", begin.elapsed());
        });
        // Its task ends with it.
        drop(runtime);
    }
}
