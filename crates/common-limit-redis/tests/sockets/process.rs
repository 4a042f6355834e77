//! One process: the test program once more.

use std::{
    env,
    io::Write as _,
    process::{Child, Command, Stdio},
    time::Duration,
};

use common_limit_redis::{RedisLimits, RedisLimitsOptions};
use common_transport::{
    Limiter as _, RateClass,
    limit::{Key, PermitOutcome},
};
use fastrand::Rng;
use rustix::time::{ClockId, clock_gettime};
use tokio::io::{AsyncBufReadExt as _, BufReader};

/// Calls of a process that wait at the same time.
const CALLS: usize = 3;

/// Longest additional time on the way to the service; the limiter allows for 30 ms.
const SPREAD: u64 = 15_000;

/// Starts a process, which says goodbye when its input ends.
pub(crate) fn start(address: &str, cap: u32) -> Child {
    let program = env::current_exe().expect("a path");
    let mut command = Command::new(program);
    command
        .args([
            "--exact",
            "process::process",
            "--ignored",
            "--nocapture",
            "--quiet",
        ])
        .env("LIMIT_ADDRESS", address)
        .env("LIMIT_CAP", cap.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command.spawn().expect("it starts")
}

/// Reads a line of a process: the time of an arrival in microseconds.
pub(crate) fn arrival(line: &str) -> Option<i64> {
    line.strip_prefix("arrival ")?.parse().ok()
}

#[test]
#[ignore = "a process of the other tests"]
fn process() {
    let Ok(address) = env::var("LIMIT_ADDRESS") else {
        return;
    };
    let cap = env::var("LIMIT_CAP")
        .expect("it is set")
        .parse()
        .expect("a number");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(run(&address, cap));
}

async fn run(address: &str, cap: u32) {
    let options = RedisLimitsOptions::new(address).expect("an address");
    let options = options
        .class(RateClass::DEFAULT, cap)
        .spread(Duration::from_millis(30));
    let limits = RedisLimits::new(options);
    for _ in 0..CALLS {
        let limits = limits.clone();
        tokio::spawn(async move {
            loop {
                call(&limits).await;
            }
        });
    }
    let input = tokio::io::stdin();
    let mut lines = BufReader::new(input).lines();
    while let Ok(Some(_)) = lines.next_line().await {}
    limits.close().await;
}

async fn call(limits: &RedisLimits) {
    let key = Key::new("demo.example", RateClass::DEFAULT);
    match limits.acquire(key, None).await {
        Ok(permit) => {
            let now = clock_gettime(ClockId::Monotonic);
            let now = now.tv_sec * 1_000_000 + now.tv_nsec / 1_000;
            let way = Rng::new().u64(0..=SPREAD).cast_signed();
            let _ = writeln!(std::io::stdout(), "arrival {}", now + way);
            permit.end(PermitOutcome::Answered);
        }
        Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
    }
}
