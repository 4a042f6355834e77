//! Nothing doubled, nothing lost, nothing ambiguous unmarked: a hundred thousand calls against a server
//! whose every attempt may end in every way, before, during and after its commit.
#![cfg(feature = "client")]

mod support;

use std::sync::{
    Arc,
    atomic::{AtomicU32, AtomicU64, Ordering::Relaxed},
};

use bytes::Bytes;
use common_transport::{
    BoxError, Client, Error, ErrorKind, Idempotency, Metadata, RateClass, RateLimits, RetryPolicy,
    retry::Budget,
};
use http::{Method, Request, Response};
use support::{Random, Say};
use tokio::time::{Duration, sleep};
use tower::service_fn;

static PUT: Metadata = Metadata::new("demo", "set", Method::PUT, "/set", Idempotency::Idempotent);

/// How an attempt ends. What `commits` says is what the server really did.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Answered,
    NoConnection,
    BrokenBeforeSent,
    Reset { commits: bool },
    Truncated,
    Stalled { commits: bool },
    LimiterPage,
    TooMany,
    Unavailable { commits: bool },
    Failed { commits: bool },
    Rejected,
}

impl Fate {
    fn of(dice: u64) -> Self {
        let commits = dice & 1 == 1;
        match dice >> 8 & 15 {
            0 => Self::NoConnection,
            1 => Self::BrokenBeforeSent,
            2 | 3 => Self::Reset { commits },
            4 => Self::Truncated,
            5 => Self::Stalled { commits },
            6 => Self::LimiterPage,
            7 => Self::TooMany,
            8 => Self::Unavailable { commits },
            9 => Self::Failed { commits },
            10 => Self::Rejected,
            _ => Self::Answered,
        }
    }

    fn commits(self) -> bool {
        match self {
            Self::Answered | Self::Truncated => true,
            Self::Reset { commits }
            | Self::Stalled { commits }
            | Self::Unavailable { commits }
            | Self::Failed { commits } => commits,
            Self::NoConnection
            | Self::BrokenBeforeSent
            | Self::LimiterPage
            | Self::TooMany
            | Self::Rejected => false,
        }
    }

    async fn end(self) -> Result<Response<Bytes>, BoxError> {
        let error = |kind, landed| {
            Err(Error::new(kind, "simulated")
                .with_may_have_landed(landed)
                .into())
        };
        let status = |status, body: &'static str| {
            let body = Bytes::from_static(body.as_bytes());
            Ok(Response::builder().status(status).body(body)?)
        };
        match self {
            Self::Answered => status(200, "done"),
            Self::NoConnection => error(ErrorKind::Connect, false),
            Self::BrokenBeforeSent => error(ErrorKind::Transport, false),
            Self::Reset { .. } => Err("connection reset".into()),
            Self::Truncated => error(ErrorKind::Transport, true),
            Self::Stalled { .. } => {
                sleep(Duration::from_secs(10_000)).await;
                status(200, "too late")
            }
            Self::LimiterPage => status(503, "<h1>503 Service Temporarily Unavailable</h1>"),
            Self::TooMany => status(429, ""),
            Self::Unavailable { .. } => status(503, "down"),
            Self::Failed { .. } => status(500, "oops"),
            Self::Rejected => status(400, "no"),
        }
    }
}

#[derive(Default, Debug)]
struct Tally {
    calls: u32,
    attempts: u64,
    ambiguous: u32,
    sure: u32,
    done: u32,
}

async fn calls(seed: u64, count: u32, tally: &mut Tally) {
    let random = Arc::new(Random::new(seed));
    let commits = Arc::new(AtomicU32::new(0));
    let attempts = Arc::new(AtomicU64::new(0));
    let service = {
        let (random, commits, attempts) = (random.clone(), commits.clone(), attempts.clone());
        service_fn(move |_: Request<Bytes>| {
            let fate = Fate::of(random.next());
            commits.fetch_add(u32::from(fate.commits()), Relaxed);
            attempts.fetch_add(1, Relaxed);
            fate.end()
        })
    };
    let jitter = random.clone();
    let client = Client::builder("https://demo.example".parse().unwrap())
        .service(service)
        .limits(RateLimits::new().class(RateClass::DEFAULT, 1_000))
        .retry(
            RetryPolicy::new()
                .max_attempts(1 + (seed % 6) as u32)
                .budget(Arc::new(Budget::new(
                    20,
                    if seed.is_multiple_of(3) { 3 } else { 1_000 },
                )))
                .randomness(move || jitter.next()),
        )
        .total_timeout(Duration::from_secs(5 + seed % 100))
        .build()
        .unwrap();
    for _ in 0..count {
        commits.store(0, Relaxed);
        let operation = match random.next() & 3 {
            0 => Say::get(),
            1 => Say {
                metadata: &PUT,
                body: Bytes::new(),
            },
            _ => Say::post("x"),
        };
        let is_read = operation.metadata.is_read();
        let once = operation.metadata.idempotency == Idempotency::NonIdempotent;
        let result = client.send(&operation).await;
        let commits = commits.load(Relaxed);
        tally.calls += 1;
        assert!(!once || commits <= 1, "doubled: seed {seed}, {result:?}");
        match result {
            Ok(_) => {
                assert!(commits >= 1, "silently lost: seed {seed}");
                tally.done += 1;
            }
            Err(error) if error.may_have_landed() => {
                assert!(!is_read, "nothing of a read can land: {error:?}");
                tally.ambiguous += 1;
            }
            Err(_) if is_read => tally.sure += 1,
            Err(error) => {
                assert_eq!(commits, 0, "unmarked: seed {seed}, {error:?}");
                tally.sure += 1;
            }
        }
    }
    tally.attempts += attempts.load(Relaxed);
}

#[tokio::test(start_paused = true)]
async fn n91_a_hundred_thousand_calls_without_a_double_a_silent_loss_or_an_unmarked_doubt() {
    let mut tally = Tally::default();
    for seed in 0..500 {
        calls(seed, 200, &mut tally).await;
    }
    assert_eq!(tally.calls, 100_000);
    assert!(tally.attempts > 130_000, "{tally:?}");
    for count in [tally.done, tally.ambiguous, tally.sure] {
        assert!(count > 5_000, "every end is there: {tally:?}");
    }
}
