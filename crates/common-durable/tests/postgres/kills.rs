//! Kills of the server and of connections, under senders and workers of two processes.

use std::{
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use common_durable::{
    Claim, Commit, Delivery, Inbox, NewEvent, Statement, Store,
    postgres::{Postgres, PostgresOptions},
};
use tokio::{task::JoinSet, time::sleep};

use crate::{
    oracle::{EFFECTS, Oracle, count},
    server::{self, Server},
};

const SOURCE: &str = "source:1";
const SENDERS: u64 = 6;
const LEASE: Duration = Duration::from_millis(1_500);

#[derive(Clone, Copy)]
struct Plan {
    workers: u64,
    server_kills: u64,
    cuts: u64,
    seed: u64,
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

fn seed() -> u64 {
    number("DURABLE_SEED", fastrand::u64(0..1_000_000))
}

/// `DURABLE_SERVER_KILLS` sets the number of kills: 3 unless set. `DURABLE_SEED` sets the seed.
#[test]
fn d10_d11_no_kill_of_the_server_loses_or_doubles() {
    let kills = number("DURABLE_SERVER_KILLS", 3);
    for (workers, server_kills) in [(2, kills / 2), (8, kills - kills / 2)] {
        // Its own server: the others would notice.
        if let Some(server) = Server::start(&[]) {
            let plan = Plan {
                workers,
                server_kills,
                cuts: 0,
                seed: seed(),
            };
            server::block_on(run(&server, plan));
        }
    }
}

/// Why the engine does not ask `pg_xact_status`: after a crash, another transaction gets the number of one that was never
/// committed.
#[test]
fn d11_a_crash_gives_numbers_of_transactions_again() {
    let Some(server) = Server::start(&[]) else {
        return;
    };
    server::block_on(async {
        let client = server.connect("postgres").await.expect("a connection");
        let number = "select pg_current_xact_id()::text::bigint";
        client.batch_execute("begin").await.expect("a transaction");
        let lost: i64 = client
            .query_one(number, &[])
            .await
            .expect("a number")
            .get(0);
        tokio::task::block_in_place(|| server.kill_and_restart());
        let client = server.connect("postgres").await.expect("a connection");
        while client
            .query_one(number, &[])
            .await
            .expect("a number")
            .get::<_, i64>(0)
            < lost
        {}
        let status = client
            .query_one("select pg_xact_status($1::bigint::text::xid8)", &[&lost])
            .await
            .expect("a status");
        assert_eq!(status.get::<_, &str>(0), "committed");
    });
}

/// `DURABLE_CUTS` sets the number of cuts: 30 unless set.
#[test]
fn d11_no_cut_of_connections_loses_or_doubles() {
    let Some(server) = server::shared() else {
        return;
    };
    let cuts = number("DURABLE_CUTS", 30);
    for workers in [2, 8] {
        let plan = Plan {
            workers,
            server_kills: 0,
            cuts: cuts / 2,
            seed: seed(),
        };
        server::block_on(run(server, plan));
    }
}

async fn run(server: &Server, plan: Plan) {
    println!("DURABLE_SEED={}: {} workers", plan.seed, plan.workers);
    let database = server.database().await;
    // Two processes: each has its own writer.
    let options = || server.options(&database).patience(Duration::from_secs(30));
    let stores = [open(options()).await, open(options()).await];
    let client = server.connect(&database).await.expect("a connection");
    client.batch_execute(EFFECTS).await.expect("a table");
    let oracle = Arc::new(Oracle::default());
    let mut senders = JoinSet::new();
    let mut workers = JoinSet::new();
    let store = |number: u64| Arc::new(stores[usize::from(number % 2 == 1)].clone());
    for number in 0..SENDERS {
        senders.spawn(send(store(number), Arc::clone(&oracle), number, plan));
    }
    for number in 0..plan.workers {
        workers.spawn(work(store(number), Arc::clone(&oracle), number, plan.seed));
    }
    disturb(server, &database, plan).await;
    oracle.is_over.store(true, Relaxed);
    while let Some(ended) = senders.join_next().await {
        ended.expect("a sender ends");
    }
    let client = server.connect(&database).await.expect("a connection");
    empty(&client).await;
    workers.shutdown().await;
    let verdict = oracle.judge(&client).await;
    let fates = stores
        .iter()
        .map(Postgres::fates)
        .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    println!(
        "{} workers, {} server kills, {} cuts: tried {}, {verdict:?}, refused by the fence {}, errors {}, \
         fate unknown {}, lost answers resolved as committed {} and rolled back {}",
        plan.workers,
        plan.server_kills,
        plan.cuts,
        oracle.tried.load(Relaxed),
        oracle.fenced.load(Relaxed),
        oracle.failed.load(Relaxed),
        oracle.unknown.load(Relaxed),
        fates.0,
        fates.1,
    );
    assert!(verdict.is_good(), "seed {}: {verdict:?}", plan.seed);
    assert!(verdict.acknowledged > 0 && verdict.effects > 0);
    let deadlocks = client
        .query_one(
            "select deadlocks from pg_stat_database where datname = current_database()",
            &[],
        )
        .await
        .expect("statistics");
    assert_eq!(
        deadlocks.get::<_, i64>(0),
        0,
        "two transactions waited for each other"
    );
}

async fn open(options: PostgresOptions) -> Postgres {
    Postgres::open(options).await.expect("the store opens")
}

/// Sends numbers of its keys, one after another, each until it is acknowledged.
async fn send(store: Arc<Postgres>, oracle: Arc<Oracle>, sender: u64, plan: Plan) {
    let seed = plan.seed;
    // The workers must keep up, or the run takes long to be worked off.
    let pace = 600 / plan.workers;
    let mut random = fastrand::Rng::with_seed(seed ^ (sender << 32));
    let inbox = Inbox::new(store);
    for number in 0.. {
        for key in 0..2 {
            let key = format!("key-{sender}-{key}");
            let mut event = NewEvent::new(SOURCE, format!("{key} {number}")).key(key.as_str());
            // Some sources have ids of their own, others do not.
            if sender.is_multiple_of(2) {
                event = event.event_id(format!("{key}/{number}"));
            }
            while let Err(error) = {
                count(&oracle.tried);
                inbox.append(event.clone()).await
            } {
                assert!(error.is_transient(), "{error}");
                count(match error.may_be_stored() {
                    true => &oracle.unknown,
                    false => &oracle.failed,
                });
                sleep(Duration::from_millis(random.u64(1..50))).await;
            }
            oracle.acknowledge(&key, number);
        }
        if oracle.is_over.load(Relaxed) {
            return;
        }
        sleep(Duration::from_millis(random.u64(1..pace))).await;
    }
}

/// Claims and finishes for ever. It forgets some deliveries and comes late to others.
async fn work(store: Arc<Postgres>, oracle: Arc<Oracle>, worker: u64, seed: u64) {
    let mut random = fastrand::Rng::with_seed(seed ^ (worker << 40));
    let inbox = Inbox::new(Arc::<Postgres>::clone(&store));
    loop {
        let claim = Claim::events(SOURCE)
            .at_most(5)
            .lease(LEASE)
            .most_claims(1_000);
        let claimed = match inbox.claim(claim).await {
            Ok(claimed) => claimed,
            Err(error) => {
                assert!(error.is_transient(), "{error}");
                count(&oracle.failed);
                Vec::new()
            }
        };
        if claimed.is_empty() {
            sleep(Duration::from_millis(random.u64(2..20))).await;
        }
        for delivery in claimed {
            match random.u32(0..200) {
                0..4 => continue,
                4..5 => sleep(LEASE + Duration::from_millis(200)).await,
                _ => {}
            }
            finish(&store, &oracle, delivery, worker.is_multiple_of(2)).await;
        }
    }
}

async fn finish(store: &Postgres, oracle: &Oracle, delivery: Delivery, with_effect: bool) {
    let event = delivery.event.id;
    let body = String::from_utf8(delivery.event.body.to_vec()).expect("a text");
    let (key, number) = body.split_once(' ').expect("a key and a number");
    let mut commit = Commit::new().finish(delivery.ticket);
    if with_effect {
        let number: i64 = number.parse().expect("a number");
        commit = commit.own(
            Statement::new(
                "",
                "insert into effects (event, key, number) values ($1, $2, $3)",
            )
            .arg(event.0)
            .arg(key)
            .arg(number)
            .rows(1),
        );
    }
    loop {
        match store.commit(commit.clone()).await {
            Ok(_) => return oracle.finish(event),
            Err(error) if error.is_lease_lost() => return count(&oracle.fenced),
            // It may be done: then the next worker does not get it, and a repeat would be refused by the fence.
            Err(error) if error.may_be_stored() => return count(&oracle.unknown),
            Err(error) => {
                assert!(error.is_transient(), "{error}");
                count(&oracle.failed);
                sleep(Duration::from_millis(20)).await;
            }
        }
    }
}

async fn disturb(server: &Server, database: &str, plan: Plan) {
    let mut random = fastrand::Rng::with_seed(plan.seed);
    for _ in 0..plan.server_kills {
        sleep(Duration::from_millis(random.u64(300..1_500))).await;
        // The kill and the restart block; senders and workers go on meanwhile.
        tokio::task::block_in_place(|| server.kill_and_restart());
    }
    for _ in 0..plan.cuts {
        sleep(Duration::from_millis(random.u64(20..120))).await;
        // About half of the connections.
        server
            .admin(&format!(
                "select pg_terminate_backend(pid) from pg_stat_activity
                 where datname = '{database}' and random() < 0.5"
            ))
            .await;
    }
}

/// Waits until all events are worked off. It panics if nothing is finished for ten leases.
async fn empty(client: &common_durable::postgres::tokio_postgres::Client) {
    let mut left = i64::MAX;
    let mut progress = tokio::time::Instant::now();
    loop {
        let row = client
            .query_one(
                "select count(*) filter (where e.state = 0),
                     (select string_agg(l::text, ' ') from durable_lane l where open > 0)
                 from durable_event e",
                &[],
            )
            .await
            .expect("a count");
        let now: i64 = row.get(0);
        if now == 0 {
            return;
        }
        if now < left {
            left = now;
            progress = tokio::time::Instant::now();
        }
        let lanes: Option<String> = row.get(1);
        assert!(
            progress.elapsed() < LEASE * 10,
            "{now} events are left: {lanes:?}"
        );
        sleep(Duration::from_millis(50)).await;
    }
}
