//! Whether memory stays flat: a million calls through the client over an in-process service, and a hundred
//! thousand over loopback, 32 at a time. It fails when the live heap of the client's thread grows. That is looked
//! at when the connections have been idle for so long that the pool has closed them: how many there are depends
//! on who comes first, the next call or the connection of the last one.
//!
//! `cargo bench -p common-transport --bench memory`, which takes two minutes: the limiter sets the pace.

#[path = "../call/orders.rs"]
mod orders;
#[path = "../call/server.rs"]
mod server;

use std::time::Duration;

use bytes::Bytes;
use common_transport::{Client, ClientBuilder, Error, Pool, RateClass, RateLimits};
use http::{Request, Response};
use orders::Orders;
use server::Server;
use tokio::{
    runtime::{Builder, Runtime},
    task::JoinSet,
};
use tower::service_fn;

/// Calls at once.
const CALLERS: u64 = 32;

/// Starts in a second: not the most that the machine can do, but enough to be over soon.
const CAP: u32 = 10_000;

/// How long the pool keeps a connection.
const KEEP_ALIVE: Duration = Duration::from_millis(300);

/// What the heap may differ by from its size at 10 %: less than a thirtieth of a byte per call.
const SLACK: i64 = 3 * 1024;

fn main() {
    println!("live heap in bytes, beyond what the first call of each caller left");
    println!("{:<28}{:>12}{:>12}{:>12}", "calls", "10 %", "50 %", "100 %");
    let nothing = service_fn(async |_: Request<Bytes>| Ok::<_, Error>(Response::new(Bytes::new())));
    let in_process = builder("https://demo.example").service(nothing);
    line("1,000,000 in the process", in_process, 1_000_000, 0);
    let server = Server::start();
    let on_loopback = builder(&format!("http://{}", server.address));
    line("100,000 over loopback", on_loopback, 100_000, 4096);
}

/// With a limiter that has as many starts to remember as it ever will before the first tenth is over.
fn builder(base: &str) -> ClientBuilder {
    Client::builder(base.parse().expect("a URL"))
        .pool(Pool::builder().keep_alive(KEEP_ALIVE).build())
        .limits(RateLimits::new().class(RateClass::DEFAULT, CAP))
}

fn line(name: &str, builder: ClientBuilder, calls: u64, length: usize) {
    let runtime = runtime();
    let client = {
        let _context = runtime.enter();
        builder.build().expect("a valid configuration")
    };
    let grown = |calls: u64| {
        let section = || runtime.block_on(run(&client, calls, length));
        allocation_counter::measure(section).bytes_current
    };
    grown(CALLERS);
    let tenth = grown(calls / 10);
    let half = tenth + grown(calls * 4 / 10);
    let all = half + grown(calls / 2);
    println!("{name:<28}{tenth:>12}{half:>12}{all:>12}");
    for live in [half, all] {
        assert!(
            (live - tenth).abs() <= SLACK,
            "{name}: the heap has changed"
        );
    }
}

async fn run(client: &Client, calls: u64, length: usize) {
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        let client = client.clone();
        callers.spawn(async move {
            for _ in 0..calls / CALLERS {
                let answer = client.send(&Orders { page: 1 }).await;
                assert_eq!(answer.expect("nothing fails"), length);
            }
        });
    }
    while let Some(ended) = callers.join_next().await {
        ended.expect("no caller panics");
    }
    tokio::time::sleep(KEEP_ALIVE * 4).await;
}

fn runtime() -> Runtime {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}
