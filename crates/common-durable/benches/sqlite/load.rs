//! The load that the benches of both engines put on a store.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use common_durable::{Claim, Clock, Commit, Inbox, NewEvent, Store, Timestamp};

pub(crate) const SOURCE: &str = "source:1";

/// Numbers of events, of which no two are equal in a run.
static NUMBER: AtomicU64 = AtomicU64::new(0);

// A bench measures real time.
#[allow(clippy::disallowed_methods)]
pub(crate) fn now() -> Instant {
    Instant::now()
}

fn event(keys: u64) -> NewEvent {
    let number = NUMBER.fetch_add(1, Relaxed);
    NewEvent::new(SOURCE, vec![b'x'; 600])
        .event_id(format!("event-{number}"))
        .key(format!("key {}", number.wrapping_mul(7_919) % keys))
        .header("content-type", "application/json")
}

/// Senders that send one event after another. Returns the time of each append.
pub(crate) async fn send(
    store: &Arc<dyn Store>,
    senders: u64,
    keys: u64,
    time: Duration,
) -> Vec<Duration> {
    let end = now() + time;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..senders {
        let inbox = Inbox::new(Arc::clone(store));
        tasks.spawn(async move {
            let mut times = Vec::new();
            while now() < end {
                let start = now();
                inbox.append(event(keys)).await.expect("stored");
                times.push(start.elapsed());
            }
            times
        });
    }
    tasks.join_all().await.into_iter().flatten().collect()
}

/// Stores events in commits of 500.
pub(crate) async fn fill(store: &Arc<dyn Store>, events: u64, keys: u64) {
    for start in (0..events).step_by(500) {
        let commit = (start..(start + 500).min(events))
            .fold(Commit::new(), |commit, _| commit.append(event(keys)));
        store.commit(commit).await.expect("stored");
    }
}

/// Workers claim and finish so many events, or as many as they can in a time. Returns how many, and the time.
pub(crate) async fn work(
    store: &Arc<dyn Store>,
    workers: u64,
    at_most: u32,
    events: u64,
    time: Duration,
) -> (u64, Duration) {
    let start = now();
    let left = Arc::new(AtomicI64::new(events as i64));
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..workers {
        let (store, left) = (Arc::clone(store), Arc::clone(&left));
        tasks.spawn(async move {
            let inbox = Inbox::new(Arc::clone(&store));
            while left.load(Relaxed) > 0 && start.elapsed() < time {
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
    tasks.join_all().await;
    let done = events as i64 - left.load(Relaxed);
    (done.unsigned_abs(), start.elapsed())
}

/// Milliseconds of the half and of 99 of 100.
pub(crate) fn quantiles(times: &mut [Duration]) -> (f64, f64) {
    times.sort_unstable();
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize].as_secs_f64() * 1e3;
    (at(0.5), at(0.99))
}

/// Claims and finishes at several depths, a thousand events each in turn. A depth is made up again after each turn.
pub(crate) async fn depths(what: &str, stores: &[(u64, Arc<dyn Store>)], keys: Option<u64>) {
    for (depth, store) in stores {
        fill(store, *depth, keys.unwrap_or(*depth)).await;
    }
    let mut times = vec![(0, Duration::ZERO); stores.len()];
    let mut cpu = vec![Duration::ZERO; stores.len()];
    for _ in 0..6 {
        for (place, (depth, store)) in stores.iter().enumerate() {
            let before = cpu_time::ProcessTime::now();
            let (events, time) = work(store, 8, 10, 1_000, Duration::from_secs(20)).await;
            cpu[place] += before.elapsed();
            times[place].0 += events;
            times[place].1 += time;
            fill(store, events, keys.unwrap_or(*depth)).await;
        }
    }
    let rate = |(events, time): (u64, Duration)| events as f64 / time.as_secs_f64();
    for (place, (depth, _)) in stores.iter().enumerate() {
        println!(
            "{what}: {depth:>7} pending: {:>7.0}/s, {:.2} of the first; CPU here {:.0} us an event",
            rate(times[place]),
            rate(times[place]) / rate(times[0]),
            cpu[place].as_secs_f64() * 1e6 / times[place].0 as f64,
        );
    }
}

/// Appends of 8 senders to an empty store and to one that is full of finished events, in turn.
pub(crate) async fn beside_finished(empty: &Arc<dyn Store>, full: &Arc<dyn Store>, keys: u64) {
    const TURN: Duration = Duration::from_secs(2);
    let mut number = [0, 0];
    for _ in 0..4 {
        number[0] += send(empty, 8, keys, TURN).await.len();
        number[1] += send(full, 8, keys, TURN).await.len();
    }
    println!(
        "appends, 8 senders: {:.0}/s on the empty store, {:.0}/s on the full one ({:.2})",
        number[0] as f64 / 8.0,
        number[1] as f64 / 8.0,
        number[1] as f64 / number[0] as f64,
    );
}

/// Appends of 8 senders alone and beside a purge of 20 rows every 10 ms, in turn. The store has finished events.
pub(crate) async fn beside_purge(store: &Arc<dyn Store>) {
    const TURN: Duration = Duration::from_secs(3);
    let later = Clock::system().wall().after(Duration::from_secs(1));
    let never = Timestamp::from_millis(0);
    for _ in 0..3 {
        let mut alone = send(store, 8, 1_000, TURN).await;
        let inbox = Inbox::new(Arc::clone(store));
        let purger = tokio::spawn(async move {
            let mut rows = 0;
            let start = now();
            while start.elapsed() < TURN {
                rows += inbox.purge(later, never, 20).await.expect("purged").bodies;
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            f64::from(rows) / start.elapsed().as_secs_f64()
        });
        let mut beside = send(store, 8, 1_000, TURN).await;
        let purged = purger.await.expect("it purges");
        let rate = |times: &[Duration]| times.len() as f64 / TURN.as_secs_f64();
        println!(
            "purge: {purged:.0} rows/s; appends alone {:.0}/s, beside {:.0}/s ({:.2}); p99 {:.2} and {:.2} ms",
            rate(&alone),
            rate(&beside),
            rate(&beside) / rate(&alone),
            quantiles(&mut alone).1,
            quantiles(&mut beside).1,
        );
    }
}
