//! The SQLite engine: events per sync, CPU an event, times of appends to the store's own commits, claims at several
//! depths, appends beside finished events and beside a purge.
//!
//! Rates depend on the disk of the moment, so they are printed beside a probe of it. Ratios within one run are what
//! counts.

mod load;

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use common_durable::{
    Store, Token,
    conformance::Points,
    sqlite::{Sqlite, SqliteOptions},
};
use cpu_time::ProcessTime;

use load::{SOURCE, beside_finished, beside_purge, depths, fill, now, quantiles, send, work};

/// Number of finished events in a full store.
const FINISHED: u64 = 1_000_000;

/// Ends all events at once, as claims and finishes would.
const FINISH_ALL: &str = "begin;
    update durable_event set state = 1, ended_at = received_at where state = 0;
    update durable_lane set next_at = null, open = 0,
        passed = (select max(id) from durable_event where lane = durable_lane.id);
    commit";

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime starts");
    // Cargo adds `--bench`. Names choose parts: `cargo bench -p common-durable --bench sqlite -- appends`.
    let chosen: Vec<String> = std::env::args()
        .skip(1)
        .filter(|name| !name.starts_with('-'))
        .collect();
    let is_chosen = |name: &str| chosen.is_empty() || chosen.iter().any(|other| other == name);
    if is_chosen("appends") {
        runtime.block_on(all_appends());
    }
    if is_chosen("claims") {
        runtime.block_on(claims());
        runtime.block_on(deep(None, "own keys"));
        runtime.block_on(deep(Some(10), "10 keys"));
    }
    if is_chosen("purge") {
        runtime.block_on(purge());
    }
    if is_chosen("full") {
        runtime.block_on(full());
    }
    if is_chosen("memory") {
        runtime.block_on(memory());
    }
}

async fn all_appends() {
    println!("appends: 600 B, own id, 1,000 keys");
    println!(
        "senders  events/s  events/sync  CPU us/event  commit p50/p99 ms  append p50/p99 ms  p99 ratio  probe syncs/s"
    );
    for senders in [1, 8, 32] {
        appends(senders, 1_000).await;
    }
    println!("32 senders on one key:");
    appends(32, 1).await;
}

struct Place {
    folder: PathBuf,
    commits: Arc<Mutex<Vec<Duration>>>,
    store: Sqlite,
}

impl Place {
    async fn new() -> Self {
        let name = Token::random()
            .as_bytes()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>();
        let folder = std::env::temp_dir().join(format!("common-durable-bench-{name}"));
        fs::create_dir(&folder).expect("a folder");
        let points = Points::default();
        let begun = Arc::new(Mutex::new(now()));
        let commits = Arc::new(Mutex::new(Vec::new()));
        let start = Arc::clone(&begun);
        points.at("sqlite.steps_done", move || {
            *start.lock().expect("no panic") = now()
        });
        let ends = Arc::clone(&commits);
        points.at("sqlite.committed", move || {
            let took = begun.lock().expect("no panic").elapsed();
            ends.lock().expect("no panic").push(took);
        });
        let options = SqliteOptions::file(folder.join("store.db")).points(points);
        let store = Sqlite::open(options).await.expect("it opens");
        Self {
            folder,
            commits,
            store,
        }
    }

    fn shared(&self) -> Arc<dyn Store> {
        Arc::new(self.store.clone())
    }

    async fn remove(self) {
        self.store.close().await;
        fs::remove_dir_all(&self.folder).expect("it can be removed");
    }
}

async fn appends(senders: u64, keys: u64) {
    const TIME: Duration = Duration::from_secs(4);
    let place = Place::new().await;
    let probed = probe(&place.folder);
    let cpu = ProcessTime::now();
    let mut times = send(&place.shared(), senders, keys, TIME).await;
    let cpu = cpu.elapsed();
    let mut commits = std::mem::take(&mut *place.commits.lock().expect("no panic"));
    let events = times.len() as f64;
    let per_sync = events / commits.len() as f64;
    let (commit, append) = (quantiles(&mut commits), quantiles(&mut times));
    println!(
        "{senders:>7}  {:>8.0}  {per_sync:>11.1}  {:>12.0}  {:>8.2} / {:<6.2}  {:>8.2} / {:<6.2}  {:>9.2}  {probed:>8.0}",
        events / TIME.as_secs_f64(),
        cpu.as_secs_f64() * 1e6 / events,
        commit.0,
        commit.1,
        append.0,
        append.1,
        append.1 / commit.1,
    );
    place.remove().await;
}

/// Syncs of 4 KiB a second, in a quarter of a second.
fn probe(folder: &Path) -> f64 {
    let mut file = File::create(folder.join("probe")).expect("a file");
    let start = now();
    let mut syncs = 0;
    while start.elapsed() < Duration::from_millis(250) {
        file.write_all(&[0; 4_096])
            .and_then(|()| file.sync_data())
            .expect("it syncs");
        syncs += 1;
    }
    f64::from(syncs) / start.elapsed().as_secs_f64()
}

async fn claims() {
    println!("claim and finish of {SOURCE}: workers, at a time: events/s, CPU us/event");
    for (workers, at_most) in [(1, 1), (8, 1), (8, 10)] {
        let place = Place::new().await;
        fill(&place.shared(), 30_000, 30_000).await;
        let cpu = ProcessTime::now();
        let time = Duration::from_secs(2);
        let (events, time) = work(&place.shared(), workers, at_most, 30_000, time).await;
        println!(
            "{workers:>2} {at_most:>3}: {:>7.0} {:>4.0}",
            events as f64 / time.as_secs_f64(),
            cpu.elapsed().as_secs_f64() * 1e6 / events as f64,
        );
        place.remove().await;
    }
}

async fn deep(keys: Option<u64>, what: &str) {
    let mut places = Vec::new();
    for depth in [1_000, 20_000, 100_000] {
        places.push((depth, Place::new().await));
    }
    let stores: Vec<_> = places
        .iter()
        .map(|(depth, place)| (*depth, place.shared()))
        .collect();
    depths(&format!("claims in tens, {what}"), &stores, keys).await;
    drop(stores);
    for (_, place) in places {
        place.remove().await;
    }
}

async fn purge() {
    let place = Place::new().await;
    fill(&place.shared(), 60_000, 1_000).await;
    place.store.tamper(FINISH_ALL).await.expect("finished");
    beside_purge(&place.shared()).await;
    place.remove().await;
}

async fn full() {
    const KEYS: u64 = 200_000;
    let (empty, full) = (Place::new().await, Place::new().await);
    fill(&full.shared(), FINISHED, KEYS).await;
    full.store.tamper(FINISH_ALL).await.expect("finished");
    beside_finished(&empty.shared(), &full.shared(), KEYS).await;
    empty.remove().await;
    full.remove().await;
}

/// The memory of the process while the store grows and is worked off.
async fn memory() {
    println!("memory of the process: events in the store, KiB");
    let place = Place::new().await;
    println!("{:>8} {:>8}", 0, resident());
    let mut there = 0;
    for depth in [10_000, 100_000, 300_000] {
        fill(&place.shared(), depth - there, 50_000).await;
        there = depth;
        let claimed = Duration::from_secs(600);
        println!("{depth:>8} {:>8}", resident());
        let (events, _) = work(&place.shared(), 8, 10, depth / 10, claimed).await;
        there -= events;
        println!("{there:>8} {:>8}", resident());
    }
    place.remove().await;
}

/// KiB of the process in memory.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("a process has a status");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let text = line.and_then(|line| line.split_whitespace().next());
    text.and_then(|text| text.parse().ok()).expect("a number")
}
