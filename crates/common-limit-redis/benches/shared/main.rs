//! Limiters in one program that share a cap on a Redis of their own: the pace, the asks a start, and Redis' time for each.
//!
//! `cargo xtask bench shared`; `SHARED_SECONDS` sets the length of each run (default 20).

#[allow(dead_code, reason = "the tests need more of it")]
#[path = "../../tests/support/redis.rs"]
mod redis_server;

use std::{env, time::Duration};

use common_limit_redis::{RedisLimits, RedisLimitsOptions};
use common_transport::{
    Limiter as _, RateClass,
    limit::{Key, PermitOutcome},
};
use redis_server::Redis;
use tokio::{task::JoinSet, time::Instant};

fn main() {
    let seconds = if env::args().any(|argument| argument == "--bench") {
        20
    } else {
        2
    };
    let seconds = env::var("SHARED_SECONDS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(seconds);
    for cap in [10, 40] {
        for processes in [1, 2, 4, 8] {
            let Some(redis) = Redis::start() else {
                return;
            };
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.expect("a runtime").block_on(run(
                &redis,
                cap,
                processes,
                Duration::from_secs(seconds),
            ));
        }
    }
}

async fn run(redis: &Redis, cap: u32, processes: usize, length: Duration) {
    let options = RedisLimitsOptions::new(&redis.address()).expect("an address");
    let options = options.class(RateClass::DEFAULT, cap);
    let all: Vec<_> = (0..processes)
        .map(|_| RedisLimits::new(options.clone()))
        .collect();
    // The first start of all waits until Redis knows everybody.
    start(&all[0]).await;
    let before = statistics(redis);
    let begin = Instant::now();
    let mut tasks = JoinSet::new();
    for limits in all.iter().flat_map(|limits| [limits, limits, limits]) {
        let limits = limits.clone();
        tasks.spawn(async move {
            let mut last = begin;
            let mut starts = 0_u32;
            while begin.elapsed() < length {
                start(&limits).await;
                (starts, last) = (starts + 1, Instant::now());
            }
            (starts, last)
        });
    }
    let ended = tasks.join_all().await;
    let starts: u32 = ended.iter().map(|(starts, _)| starts).sum();
    let last = ended.iter().map(|(_, last)| *last).max().unwrap_or(begin);
    let after = statistics(redis);
    let (asks, micros) = (after.0 - before.0, after.1 - before.1);
    let pace = f64::from(starts) / (last - begin).as_secs_f64() / f64::from(cap);
    println!(
        "cap {cap:>2}, {processes} processes: pace {pace:.3} of the cap, {:.3} of the bound; {:.2} asks a start; {:.0} µs of Redis an ask",
        pace * 1.03,
        asks / f64::from(starts),
        micros / asks,
    );
    for limits in all {
        limits.close().await;
    }
}

async fn start(limits: &RedisLimits) {
    let key = Key::new("demo.example", RateClass::DEFAULT);
    let permit = limits.acquire(key, None).await.expect("a permit");
    permit.end(PermitOutcome::Answered);
}

/// The number of asks that Redis has executed, and the microseconds they took.
fn statistics(redis: &Redis) -> (f64, f64) {
    let client = redis::Client::open(redis.address()).expect("an address");
    let mut connection = client.get_connection().expect("it runs");
    let text: String = redis::cmd("INFO")
        .arg("commandstats")
        .query(&mut connection)
        .expect("it runs");
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("cmdstat_evalsha:"));
    let value = |name: &str| {
        let fields = line.unwrap_or_default().split(',');
        let value = fields
            .into_iter()
            .find_map(|field| field.strip_prefix(name)?.strip_prefix('='));
        value.and_then(|value| value.parse().ok()).unwrap_or(0.0)
    };
    (value("calls"), value("usec"))
}
