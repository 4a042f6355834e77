//! The limiter among runtimes that end, servers that are slow, and calls after its end.

#[allow(dead_code, reason = "other tests need more of it")]
#[path = "support/redis.rs"]
mod redis;

use std::{
    future::{Future, poll_fn},
    io,
    num::NonZeroU32,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    task::Poll,
    thread::{self, JoinHandle},
    time::Duration,
};

use common_limit_redis::{RedisLimits, RedisLimitsOptions};
use common_transport::{
    Error, ErrorKind, Limiter, RateClass,
    limit::{Acquire, Key, PermitOutcome},
};
use redis::Redis;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, copy_bidirectional},
    net::{TcpListener, TcpStream},
    runtime::{Builder, Runtime},
    sync::{broadcast, oneshot},
    time::{Instant, sleep, timeout},
};

const SECOND: Duration = Duration::from_secs(1);

fn limits(address: &str, cap: u32) -> RedisLimits {
    let options = RedisLimitsOptions::new(address).expect("an address");
    RedisLimits::new(options.class(RateClass::DEFAULT, cap))
}

fn key() -> Key<'static> {
    Key::new("demo.example", RateClass::DEFAULT)
}

/// Starts one request; it has ten seconds.
async fn start(limits: &RedisLimits) -> Result<(), Error> {
    let permit = timeout(SECOND * 10, limits.acquire(key(), None)).await;
    permit
        .expect("in time")
        .map(|permit| permit.end(PermitOutcome::Answered))
}

fn runtime() -> Runtime {
    let mut builder = Builder::new_current_thread();
    builder.enable_all().build().expect("a runtime")
}

/// Makes the first call on a runtime of its own, which ends when it is told to.
fn first_call_elsewhere(
    limits: &RedisLimits,
    started: oneshot::Sender<()>,
    end: oneshot::Receiver<()>,
) -> JoinHandle<()> {
    let limits = limits.clone();
    thread::spawn(move || {
        runtime().block_on(async {
            start(&limits).await.expect("a permit");
            started.send(()).expect("somebody waits");
            end.await.expect("somebody ends it");
        })
    })
}

// D17: the task of a key lives on the runtime of the first call. When that ends, the calls on others go on.
#[tokio::test]
async fn d17_calls_go_on_when_the_runtime_of_the_first_call_ends() {
    let Some(redis) = Redis::start() else {
        return;
    };
    let limits = limits(&redis.address(), 2);
    let ((started, has_started), (end, ends)) = (oneshot::channel(), oneshot::channel());
    let elsewhere = first_call_elsewhere(&limits, started, ends);
    has_started.await.expect("it starts");
    let waiting: Vec<_> = (0..4)
        .map(|_| {
            let limits = limits.clone();
            tokio::spawn(async move { start(&limits).await })
        })
        .collect();
    end.send(()).expect("it waits");
    for waiting in waiting {
        waiting.await.expect("no panic").expect("a permit");
    }
    elsewhere.join().expect("no panic");
    // The process is the same member as before: its share is not kept back from itself.
    let begin = Instant::now();
    start(&limits).await.expect("a permit");
    assert!(begin.elapsed() < SECOND * 3, "{:?}", begin.elapsed());
}

// D17
#[tokio::test]
async fn d17_a_request_that_was_held_when_the_runtime_ended_still_counts() {
    let Some(redis) = Redis::start() else {
        return;
    };
    let limits = limits(&redis.address(), 1);
    let ((started, has_started), (end, ends)) = (oneshot::channel(), oneshot::channel());
    let elsewhere = first_call_elsewhere(&limits, started, ends);
    has_started.await.expect("it starts");
    let held = limits.acquire(key(), None).await.expect("a permit").hold();
    end.send(()).expect("it waits");
    elsewhere.join().expect("no panic");
    // The only place is taken until it leaves.
    let next = limits.acquire(key(), None);
    tokio::pin!(next);
    assert!(timeout(SECOND * 4, &mut next).await.is_err(), "it starts");
    let sent = Instant::now();
    held.sent().end(PermitOutcome::Answered);
    let permit = timeout(SECOND * 10, next).await.expect("in time");
    permit.expect("a permit").end(PermitOutcome::Answered);
    assert!(sent.elapsed() >= SECOND, "{:?}", sent.elapsed());
}

// D17
#[tokio::test]
async fn d17_close_ends_although_the_runtime_of_the_task_stands_still() {
    let Some(redis) = Redis::start() else {
        return;
    };
    let limits = limits(&redis.address(), 10);
    let clone = limits.clone();
    let still = thread::spawn(move || {
        let runtime = runtime();
        runtime.block_on(start(&clone)).expect("a permit");
        runtime
    });
    let runtime = still.join().expect("no panic");
    timeout(SECOND * 5, limits.close()).await.expect("in time");
    runtime.shutdown_background();
}

// D17
#[tokio::test]
async fn d17_a_closed_limiter_begins_nothing() {
    let Some(redis) = Redis::start() else {
        return;
    };
    let limits = limits(&redis.address(), 10);
    limits.close().await;
    let error = start(&limits).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
    assert!(
        !error.is_retryable() && error.message().contains("closed"),
        "{error}"
    );
}

// D17: the last clone says goodbye, wherever it is dropped.
#[tokio::test]
async fn d17_after_the_last_clone_nothing_is_kept_back() {
    let Some(redis) = Redis::start() else {
        return;
    };
    let stays = limits(&redis.address(), 2);
    start(&stays).await.expect("a permit");
    for is_outside in [false, true] {
        let gone = limits(&redis.address(), 2);
        start(&gone).await.expect("a permit");
        if is_outside {
            let outside = thread::spawn(move || drop(gone));
            outside.join().expect("no panic");
        } else {
            drop(gone);
        }
        let begin = Instant::now();
        // Half of the cap would take four seconds.
        for _ in 0..5 {
            start(&stays).await.expect("a permit");
        }
        assert!(begin.elapsed() < SECOND * 4, "{:?}", begin.elapsed());
    }
}

// D17: a task that has ended with its runtime is followed by one that says goodbye.
#[tokio::test]
async fn d17_a_goodbye_is_said_after_the_end_of_the_runtime() {
    let Some(redis) = Redis::start() else {
        return;
    };
    let stays = limits(&redis.address(), 2);
    start(&stays).await.expect("a permit");
    let gone = limits(&redis.address(), 2);
    let clone = gone.clone();
    let elsewhere = thread::spawn(move || runtime().block_on(start(&clone)));
    elsewhere.join().expect("no panic").expect("a permit");
    gone.close().await;
    let begin = Instant::now();
    for _ in 0..5 {
        start(&stays).await.expect("a permit");
    }
    assert!(begin.elapsed() < SECOND * 4, "{:?}", begin.elapsed());
}

// D17
#[test]
fn d17_a_call_with_a_deadline_can_be_made_outside_of_its_runtime() {
    let limits = limits("redis://127.0.0.1:1", 10);
    let runtime = runtime();
    let first = {
        let _inside = runtime.enter();
        limits.acquire(key(), None)
    };
    let deadline = Instant::now() + SECOND / 10;
    let second = limits.acquire(key(), Some(deadline));
    let error = runtime.block_on(second).unwrap_err();
    assert!(error.is_timeout(), "{error}");
    drop(first);
}

// D17: a call that is polled late has no permit either.
#[tokio::test(start_paused = true)]
async fn d17_no_permit_is_given_after_the_deadline() {
    let options = RedisLimitsOptions::new("redis://127.0.0.1:1").expect("an address");
    let options = options
        .class(RateClass::DEFAULT, 10)
        .at_most(NonZeroU32::MIN);
    let limits = RedisLimits::new(options);
    start(&limits).await.expect("a permit of its own share");
    let deadline = Instant::now() + SECOND / 20;
    let mut waiting = limits.acquire(key(), Some(deadline));
    assert!(poll_once(&mut waiting).await.is_pending());
    sleep(SECOND).await;
    let error = waiting.await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    // Nothing was taken.
    start(&limits).await.expect("a permit of its own share");
}

async fn poll_once(waiting: &mut Acquire) -> Poll<()> {
    poll_fn(|cx| Poll::Ready(Pin::new(&mut *waiting).poll(cx).map(|_| ()))).await
}

/// Serves each connection by a task.
async fn server<F>(serve: impl Fn(TcpStream) -> F + Send + 'static) -> u16
where
    F: Future<Output = io::Result<()>> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
    let port = listener.local_addr().expect("bound").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    port
}

// D17: a connection that the server has closed is no ask without an answer.
#[tokio::test]
async fn d17_a_closed_connection_costs_no_time() {
    let Some(redis) = Redis::start() else {
        return;
    };
    let (close, _) = broadcast::channel(1);
    let (behind, closes) = (redis.port(), close.clone());
    let port = server(move |mut stream| {
        let mut closes = closes.subscribe();
        async move {
            let mut redis = TcpStream::connect(("127.0.0.1", behind)).await?;
            tokio::select! {
                _ = copy_bidirectional(&mut stream, &mut redis) => {}
                _ = closes.recv() => {}
            }
            Ok(())
        }
    });
    let limits = limits(&format!("redis://127.0.0.1:{}", port.await), 10);
    start(&limits).await.expect("a permit");
    // Its next ask is not yet due.
    sleep(SECOND / 20).await;
    close.send(()).expect("a connection");
    sleep(SECOND / 20).await;
    let begin = Instant::now();
    for _ in 0..3 {
        start(&limits).await.expect("a permit");
    }
    assert!(begin.elapsed() < SECOND * 3 / 4, "{:?}", begin.elapsed());
}

// D17: name servers, TLS and logins may take longer than an ask.
#[tokio::test]
async fn d17_a_connection_may_take_longer_than_an_ask() {
    let Some(redis) = Redis::start() else {
        return;
    };
    let behind = redis.port();
    let port = server(move |mut stream| async move {
        sleep(SECOND).await;
        let mut redis = TcpStream::connect(("127.0.0.1", behind)).await?;
        copy_bidirectional(&mut stream, &mut redis).await?;
        Ok(())
    });
    let limits = limits(&format!("redis://127.0.0.1:{}", port.await), 10);
    start(&limits).await.expect("a permit");
}

// D17: a failed attempt stands for all keys.
#[tokio::test]
async fn d17_many_keys_connect_together() {
    let attempts = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&attempts);
    let port = server(move |_| {
        counted.fetch_add(1, Relaxed);
        std::future::ready(Ok(()))
    });
    let limits = limits(&format!("redis://127.0.0.1:{}", port.await), 10);
    let calls: Vec<_> = (0..50)
        .map(|number| {
            let host = format!("{number}.example");
            limits.acquire(Key::new(&host, RateClass::DEFAULT), None)
        })
        .collect();
    for call in calls {
        assert!(call.await.unwrap_err().is_connect());
    }
    // Each key asks some 25 times until it gives up.
    let attempts = attempts.load(Relaxed);
    assert!((2..200).contains(&attempts), "{attempts} attempts");
}

// D17
#[tokio::test]
async fn d17_a_server_that_never_answers_is_named() {
    let port = server(|stream| async move {
        stream.readable().await?;
        std::future::pending().await
    });
    let port = port.await;
    let limits = limits(&format!("redis://127.0.0.1:{port}"), 10);
    let error = start(&limits).await.unwrap_err();
    let message = error.message();
    assert!(
        message.contains(&port.to_string()) && message.contains("no answer"),
        "{error}"
    );
}

/// Hands on what comes, each piece after `delay`.
async fn hand_on(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    delay: Duration,
) {
    let mut piece = [0; 4_096];
    while let Ok(length @ 1..) = from.read(&mut piece).await {
        sleep(delay).await;
        if to.write_all(&piece[..length]).await.is_err() {
            return;
        }
    }
}

// D17
#[tokio::test]
async fn d17_a_redis_too_far_away_for_the_age_of_a_permit_is_named() {
    let Some(redis) = Redis::start() else {
        return;
    };
    let behind = redis.port();
    let port = server(move |stream| async move {
        let redis = TcpStream::connect(("127.0.0.1", behind)).await?;
        let ((from, to), (back, forth)) = (stream.into_split(), redis.into_split());
        let delay = Duration::from_millis(20);
        tokio::join!(hand_on(from, forth, delay), hand_on(back, to, delay));
        Ok(())
    });
    let limits = limits(&format!("redis://127.0.0.1:{}", port.await), 10);
    let deadline = Instant::now() + SECOND * 4;
    let error = limits.acquire(key(), Some(deadline)).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert!(error.message().contains("permit_age"), "{error}");
}
