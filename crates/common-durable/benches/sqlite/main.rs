//! The SQLite engine: events per sync, CPU an event, times of appends to the store's own commits, claims, purge.
//!
//! Rates depend on the disk of the moment, so they are printed beside a probe of it. Ratios within one run are what
//! counts.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use common_durable::{
    Claim, Clock, Commit, Inbox, NewEvent, Store, Timestamp, Token,
    conformance::Points,
    sqlite::{Sqlite, SqliteOptions},
};
use cpu_time::ProcessTime;

const SOURCE: &str = "source:1";

// A bench measures real time.
#[allow(clippy::disallowed_methods)]
fn now() -> Instant {
    Instant::now()
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime starts");
    println!("appends: 600 B, own id, 1,000 keys");
    println!(
        "senders  events/s  events/sync  CPU us/event  commit p50/p99 ms  append p50/p99 ms  p99 ratio  probe syncs/s"
    );
    for senders in [1, 8, 32] {
        runtime.block_on(appends(senders, 1_000));
    }
    println!("32 senders on one key:");
    runtime.block_on(appends(32, 1));
    runtime.block_on(claims());
    runtime.block_on(purge());
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

    async fn remove(self) {
        self.store.close().await;
        fs::remove_dir_all(&self.folder).expect("it can be removed");
    }
}

fn event(number: u64, keys: u64) -> NewEvent {
    NewEvent::new(SOURCE, vec![b'x'; 600])
        .event_id(format!("event-{number}"))
        .key(format!("key {}", number.wrapping_mul(7_919) % keys))
        .header("content-type", "application/json")
}

async fn send(store: &Sqlite, senders: u64, keys: u64, time: Duration) -> Vec<Duration> {
    let inbox = Inbox::new(Arc::new(store.clone()));
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let end = now() + time;
    let tasks: Vec<_> = (0..senders)
        .map(|_| {
            let inbox = inbox.clone();
            tokio::spawn(async move {
                let mut times = Vec::new();
                while now() < end {
                    let start = now();
                    let event = event(NUMBER.fetch_add(1, Relaxed), keys);
                    inbox.append(event).await.expect("stored");
                    times.push(start.elapsed());
                }
                times
            })
        })
        .collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.expect("it sends"));
    }
    times
}

async fn appends(senders: u64, keys: u64) {
    const TIME: Duration = Duration::from_secs(4);
    let place = Place::new().await;
    let probed = probe(&place.folder);
    let cpu = ProcessTime::now();
    let mut times = send(&place.store, senders, keys, TIME).await;
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

/// Milliseconds of the half and of 99 of 100.
fn quantiles(times: &mut [Duration]) -> (f64, f64) {
    times.sort_unstable();
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize].as_secs_f64() * 1e3;
    (at(0.5), at(0.99))
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

async fn fill(store: &Sqlite, events: u64, keys: u64) {
    for start in (0..events).step_by(500) {
        let commit = (start..(start + 500).min(events)).fold(Commit::new(), |commit, number| {
            commit.append(event(1_000_000_000 + number, keys))
        });
        store.commit(commit).await.expect("stored");
    }
}

async fn claims() {
    println!("claim and finish: pending, keys, workers, at a time: events/s");
    for (pending, keys, workers, at_most) in [
        (20_000, 20_000, 1, 1),
        (20_000, 20_000, 8, 1),
        (20_000, 20_000, 8, 10),
        (100_000, 100_000, 8, 10),
        (20_000, 10, 8, 10),
    ] {
        let place = Place::new().await;
        fill(&place.store, pending, keys).await;
        let inbox = Inbox::new(Arc::new(place.store.clone()));
        let end = now() + Duration::from_secs(2);
        let tasks: Vec<_> = (0..workers)
            .map(|_| {
                let inbox = inbox.clone();
                tokio::spawn(async move {
                    let mut number = 0_u32;
                    while now() < end {
                        let claimed = inbox
                            .claim(Claim::events(SOURCE).at_most(at_most))
                            .await
                            .expect("a claim");
                        let commit = claimed.into_iter().fold(Commit::new(), |commit, one| {
                            number += 1;
                            commit.finish(one.ticket)
                        });
                        if commit.steps().is_empty() {
                            tokio::task::yield_now().await;
                        } else {
                            inbox.store().commit(commit).await.expect("finished");
                        }
                    }
                    number
                })
            })
            .collect();
        let mut sum = 0;
        for task in tasks {
            sum += task.await.expect("it works");
        }
        println!(
            "{pending:>7} {keys:>7} {workers:>2} {at_most:>3}: {:>7.0}",
            f64::from(sum) / 2.0
        );
        place.remove().await;
    }
}

/// Appends alone and beside a purge of 20 rows every 10 ms.
async fn purge() {
    let place = Place::new().await;
    let inbox = Inbox::new(Arc::new(place.store.clone()));
    fill(&place.store, 60_000, 1_000).await;
    loop {
        let claimed = inbox
            .claim(Claim::events(SOURCE).at_most(1_000))
            .await
            .expect("a claim");
        if claimed.is_empty() {
            break;
        }
        let commit = claimed
            .into_iter()
            .fold(Commit::new(), |commit, one| commit.finish(one.ticket));
        place.store.commit(commit).await.expect("finished");
    }
    let later = Clock::system().wall().after(Duration::from_secs(1));
    let never = Timestamp::from_millis(0);
    for _ in 0..2 {
        let mut alone = send(&place.store, 8, 1_000, Duration::from_secs(3)).await;
        let purging = inbox.clone();
        let purger = tokio::spawn(async move {
            let mut rows = 0;
            loop {
                match purging.purge(later, never, 20).await {
                    Ok(purged) => rows += purged.bodies,
                    Err(_) => return rows,
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
                if rows >= 3_000 {
                    return rows;
                }
            }
        });
        let start = now();
        let mut beside = send(&place.store, 8, 1_000, Duration::from_secs(3)).await;
        let rows = purger.await.expect("it purges");
        let (a, b) = (alone.len() as f64 / 3.0, beside.len() as f64 / 3.0);
        println!(
            "purge: appends alone {a:.0}/s, beside {b:.0}/s ({:.2}), p99 {:.2} and {:.2} ms, {:.0} rows/s purged",
            b / a,
            quantiles(&mut alone).1,
            quantiles(&mut beside).1,
            f64::from(rows) / start.elapsed().as_secs_f64(),
        );
    }
    place.remove().await;
}
