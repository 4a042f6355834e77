//! The PostgreSQL engine: events per sync, CPU an event, hot keys, claims at several depths, appends beside finished
//! events and beside a purge.
//!
//! Rates depend on the disk of the moment and include the server's work on the same machine. Ratios within one run are
//! what counts. It starts a private server, as the tests do.

#[allow(dead_code)]
#[path = "../../tests/postgres/binaries.rs"]
mod binaries;
#[path = "../sqlite/load.rs"]
mod load;
#[allow(dead_code)]
#[path = "../../tests/postgres/server.rs"]
mod server;

use std::{sync::Arc, time::Duration};

use common_durable::{
    Inbox, NewEvent, Store,
    postgres::{Postgres, tokio_postgres::Client},
};
use cpu_time::ProcessTime;

use load::{SOURCE, beside_finished, beside_purge, depths, fill, now, quantiles, send, work};
use server::Server;

const FOR: Duration = Duration::from_secs(3);

/// Number of finished events in a full store.
const FINISHED: u64 = 1_000_000;

/// Ends all events at once, as claims and finishes would.
const FINISH_ALL: &str = "
    update durable_event set state = 1, ended_at = received_at where state = 0;
    update durable_lane l set next_at = null, open = 0, passed = e.last
        from (select lane, max(id) as last from durable_event group by lane) e where e.lane = l.id";

fn main() {
    let Some(server) = Server::start(&["max_wal_size = 2GB"]) else {
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
        println!("claims and finishes of {SOURCE}: workers  at a time  events/s  syncs/event");
        for (workers, at_most) in [(1, 1), (8, 1), (1, 10), (8, 10)] {
            claims(&server, workers, at_most).await;
        }
        deep(&server, None, "own keys").await;
        deep(&server, Some(10), "10 keys").await;
        purge(&server).await;
        full(&server).await;
    });
}

struct Place {
    store: Arc<dyn Store>,
    engine: Postgres,
    operator: Client,
}

impl Place {
    async fn new(server: &Server) -> Self {
        let database = server.database().await;
        let engine = Postgres::open(server.options(&database).connections(16)).await;
        let engine = engine.expect("the store opens");
        let operator = server.connect(&database).await.expect("a connection");
        Self {
            store: Arc::new(engine.clone()),
            engine,
            operator,
        }
    }

    async fn operate(&self, sql: &str) {
        self.operator.batch_execute(sql).await.expect(sql);
    }

    /// Number of syncs of the log so far (PostgreSQL 14 and later).
    ///
    /// A connection tells its statistics with the first commit that comes a second after the last time, so there is
    /// one more append.
    async fn syncs(&self) -> f64 {
        tokio::time::sleep(Duration::from_millis(1_200)).await;
        let inbox = Inbox::new(Arc::clone(&self.store));
        inbox
            .append(NewEvent::new("syncs", "one more"))
            .await
            .expect("stored");
        tokio::time::sleep(Duration::from_millis(100)).await;
        let row = self
            .operator
            .query_one("select wal_sync from pg_stat_wal", &[])
            .await;
        row.map_or(f64::NAN, |row| row.get::<_, i64>(0) as f64)
    }
}

async fn appends(server: &Server, senders: u64, keys: u64) {
    let place = Place::new(server).await;
    let (before, cpu, start) = (place.syncs().await, ProcessTime::now(), now());
    let mut times = send(&place.store, senders, keys, FOR).await;
    let (elapsed, cpu) = (start.elapsed(), cpu.elapsed());
    // One sync is that of the append after them.
    let synced = place.syncs().await - before - 1.0;
    let events = times.len() as f64;
    let append = quantiles(&mut times);
    println!(
        "{senders:7} {keys:6} {:9.0} {:12.2} {:18.0} {:9.2} / {:.2}",
        events / elapsed.as_secs_f64(),
        events / synced,
        cpu.as_secs_f64() * 1e6 / events,
        append.0,
        append.1,
    );
    place.engine.close().await;
}

async fn claims(server: &Server, workers: u64, at_most: u32) {
    const PENDING: u64 = 20_000;
    let place = Place::new(server).await;
    fill(&place.store, PENDING, PENDING).await;
    place.operate("analyze").await;
    let before = place.syncs().await;
    let (events, time) = work(&place.store, workers, at_most, PENDING, FOR).await;
    let synced = place.syncs().await - before - 1.0;
    println!(
        "{workers:7} {at_most:10} {:9.0} {:12.2}",
        events as f64 / time.as_secs_f64(),
        synced / events as f64,
    );
    place.engine.close().await;
}

async fn deep(server: &Server, keys: Option<u64>, what: &str) {
    let mut places = Vec::new();
    for depth in [1_000, 20_000, 100_000] {
        places.push((depth, Place::new(server).await));
    }
    let stores: Vec<_> = places
        .iter()
        .map(|(depth, place)| (*depth, Arc::clone(&place.store)))
        .collect();
    depths(&format!("claims in tens, {what}"), &stores, keys).await;
    for (_, place) in places {
        place.engine.close().await;
    }
}

async fn purge(server: &Server) {
    let place = Place::new(server).await;
    fill(&place.store, 60_000, 1_000).await;
    place.operate(FINISH_ALL).await;
    place.operate("vacuum analyze").await;
    beside_purge(&place.store).await;
    place.engine.close().await;
}

async fn full(server: &Server) {
    const KEYS: u64 = 200_000;
    let (empty, full) = (Place::new(server).await, Place::new(server).await);
    fill(&full.store, FINISHED, KEYS).await;
    full.operate(FINISH_ALL).await;
    full.operate("vacuum analyze").await;
    beside_finished(&empty.store, &full.store, KEYS).await;
    empty.engine.close().await;
    full.engine.close().await;
}
