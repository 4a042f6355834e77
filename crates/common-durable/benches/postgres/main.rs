//! The PostgreSQL engine: events per sync, CPU an event, hot keys, claims in tens and one at a time, depth.
//!
//! Rates depend on the disk of the moment and include the server's work on the same machine. Ratios within one run are
//! what counts. It starts a private server, as the tests do.

#[allow(dead_code)]
#[path = "../../tests/postgres/binaries.rs"]
mod binaries;
#[allow(dead_code)]
#[path = "../../tests/postgres/server.rs"]
mod server;

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use common_durable::{
    Claim, Commit, Inbox, NewEvent, Store,
    postgres::{Postgres, tokio_postgres::Client},
};
use cpu_time::ProcessTime;

use server::Server;

const SOURCE: &str = "source:1";
const FOR: Duration = Duration::from_secs(3);

// A bench measures real time.
#[allow(clippy::disallowed_methods)]
fn now() -> Instant {
    Instant::now()
}

fn main() {
    let Some(server) = Server::start(&[]) else {
        return;
    };
    server::block_on(async {
        println!("appends: 600 B, own id; {FOR:?} each");
        println!("senders   keys  events/s  events/sync  CPU us/event here  append p50/p99 ms");
        for (senders, keys) in [
            (1, 1_000),
            (8, 1_000),
            (32, 1_000),
            (32, 1),
            (32, 1_000),
            (32, 1),
        ] {
            appends(&server, senders, keys).await;
        }
        println!("claims and finishes: workers  at a time  pending  keys  events/s  syncs/event");
        for (workers, at_most, pending, keys) in [
            (1, 1, 20_000, 20_000),
            (8, 1, 20_000, 20_000),
            (1, 10, 20_000, 20_000),
            (8, 10, 20_000, 20_000),
            (8, 10, 1_000, 1_000),
            (8, 10, 100_000, 100_000),
            (8, 1, 1_000, 10),
            (8, 1, 100_000, 10),
        ] {
            claims(&server, workers, at_most, pending, keys).await;
        }
    });
}

async fn open(server: &Server) -> (Arc<Postgres>, Client) {
    let database = server.database().await;
    let store = Postgres::open(server.options(&database).connections(16)).await;
    let client = server.connect(&database).await.expect("a connection");
    (Arc::new(store.expect("the store opens")), client)
}

/// Number of syncs of the log so far (PostgreSQL 14 and later).
async fn syncs(client: &Client) -> f64 {
    let row = client
        .query_one("select wal_sync from pg_stat_wal", &[])
        .await;
    row.map_or(f64::NAN, |row| row.get::<_, i64>(0) as f64)
}

fn event(key: u64, id: &str) -> NewEvent {
    NewEvent::new(SOURCE, vec![b'x'; 600])
        .key(format!("key {key}"))
        .event_id(id)
}

async fn appends(server: &Server, senders: u64, keys: u64) {
    let (store, client) = open(server).await;
    let times = Arc::new(Mutex::new(Vec::new()));
    let (before, cpu, start) = (syncs(&client).await, ProcessTime::now(), now());
    let mut tasks = tokio::task::JoinSet::new();
    for sender in 0..senders {
        let (inbox, times) = (
            Inbox::new(Arc::<Postgres>::clone(&store)),
            Arc::clone(&times),
        );
        tasks.spawn(async move {
            let mut random = fastrand::Rng::with_seed(sender);
            let mut own = Vec::new();
            for number in 0.. {
                if start.elapsed() > FOR {
                    break;
                }
                let event = event(random.u64(0..keys), &format!("{sender}/{number}"));
                let begun = now();
                inbox.append(event).await.expect("stored");
                own.push(begun.elapsed());
            }
            times.lock().expect("no panic").extend(own);
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.expect("a sender ends");
    }
    let (elapsed, cpu) = (start.elapsed(), cpu.elapsed());
    // Statistics come a second late.
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    let synced = syncs(&client).await - before;
    let mut times = std::mem::take(&mut *times.lock().expect("no panic"));
    times.sort_unstable();
    let millis = |part: usize| times[times.len() * part / 100].as_secs_f64() * 1_000.0;
    let events = times.len() as f64;
    println!(
        "{senders:7} {keys:6} {:9.0} {:12.1} {:18.0} {:9.2} / {:.2}",
        events / elapsed.as_secs_f64(),
        events / synced,
        cpu.as_secs_f64() * 1e6 / events,
        millis(50),
        millis(99),
    );
    store.close().await;
}

async fn claims(server: &Server, workers: u64, at_most: u32, pending: u64, keys: u64) {
    let (store, client) = open(server).await;
    for first in (0..pending).step_by(500) {
        let mut commit = Commit::new();
        for number in first..pending.min(first + 500) {
            commit = commit.append(event(number % keys, &number.to_string()));
        }
        store.commit(commit).await.expect("stored");
    }
    client.batch_execute("analyze").await.expect("statistics");
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    let (before, start) = (syncs(&client).await, now());
    let left = Arc::new(AtomicI64::new(pending as i64));
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..workers {
        let (store, left) = (Arc::clone(&store), Arc::clone(&left));
        tasks.spawn(async move {
            let inbox = Inbox::new(Arc::<Postgres>::clone(&store));
            while left.load(Relaxed) > 0 && start.elapsed() < FOR {
                let claim = Claim::events(SOURCE).at_most(at_most);
                let claimed = inbox.claim(claim).await.expect("a claim");
                if claimed.is_empty() {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                    continue;
                }
                left.fetch_sub(claimed.len() as i64, Relaxed);
                let finish = |commit: Commit, ticket| commit.finish(ticket);
                let tickets = claimed.into_iter().map(|delivery| delivery.ticket);
                let commit = tickets.fold(Commit::new(), finish);
                store.commit(commit).await.expect("finished");
            }
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.expect("a worker ends");
    }
    let elapsed = start.elapsed();
    let done = pending as i64 - left.load(Relaxed);
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    let synced = syncs(&client).await - before;
    println!(
        "{workers:29} {at_most:10} {pending:8} {keys:6} {:9.0} {:12.2}",
        done as f64 / elapsed.as_secs_f64(),
        synced / done as f64,
    );
    store.close().await;
}
