//! The limiter's promises: over a million starts, against the servers of the bench, with cold connections, and with
//! checkouts beside an export.
//!
//! `cargo test --release -p common-transport --test limiter` does the whole million.
#![cfg(feature = "layers")]

#[path = "../benches/limiter/checkout.rs"]
mod checkout;
#[path = "../benches/limiter/cold.rs"]
mod cold;
#[expect(dead_code, reason = "the bench has more contestants")]
#[path = "../benches/limiter/limiters.rs"]
mod limiters;
#[path = "../benches/limiter/servers.rs"]
mod servers;
#[expect(dead_code, reason = "the bench measures more")]
#[path = "../benches/limiter/world.rs"]
mod world;

use std::{
    cell::RefCell,
    collections::{BTreeSet, VecDeque},
    rc::Rc,
};

use checkout::{Checkouts, Shop};
use cold::{ColdWorld, Connections, Told};
use common_transport::{
    Limiter, Priority, RateClass, RateLimits,
    limit::{Key, Permit, PermitOutcome},
};
use limiters::Contestant;
use servers::{KINDS, Kind, Server};
use tokio::{
    task::{JoinSet, LocalSet},
    time::{Duration, Instant, sleep, timeout},
};
use world::{Figures, Line, World};

/// Checks each start and each departure as it happens.
struct Watch {
    cap: usize,
    /// The last departures.
    last: VecDeque<Instant>,
    /// Those who wait with high and with low priority.
    high: BTreeSet<u64>,
    low: BTreeSet<u64>,
    /// Starts of high priority while others waited with low priority, since the last start of low priority.
    passed: u32,
    starts: u64,
}

impl Watch {
    fn class(&mut self, priority: Priority) -> &mut BTreeSet<u64> {
        match priority {
            Priority::Low => &mut self.low,
            _ => &mut self.high,
        }
    }

    /// A permit is asked for.
    fn wait(&mut self, priority: Priority, asked: u64) {
        self.class(priority).insert(asked);
    }

    fn give_up(&mut self, priority: Priority, asked: u64) {
        self.class(priority).remove(&asked);
    }

    /// A permit is given.
    fn start(&mut self, priority: Priority, asked: u64) {
        let first = self.class(priority).pop_first();
        assert_eq!(first, Some(asked), "the order of its class");
        if priority == Priority::Low {
            let is_due = self.high.is_empty() || self.passed == 3;
            assert!(is_due, "{asked} passed {:?}", self.high);
            self.passed = 0;
        } else if !self.low.is_empty() {
            self.passed += 1;
            assert!(self.passed <= 3, "every fourth start is of low priority");
        }
        self.starts += 1;
    }

    /// A request leaves.
    fn depart(&mut self) {
        let now = Instant::now();
        if self.last.len() == self.cap {
            let first = self.last.pop_front().unwrap();
            let since = now - first;
            assert!(
                since >= Duration::from_secs(1),
                "more than {} departures in {since:?}",
                self.cap
            );
        }
        self.last.push_back(now);
    }
}

/// SplitMix64.
fn random(state: &RefCell<u64>) -> u64 {
    let mut state = state.borrow_mut();
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Callers of both priorities that come, wait, give up, connect slowly or in vain, are answered late or refused at random.
async fn storm(cap: u32, callers: usize, calls: usize, seed: u64) -> u64 {
    let limits = RateLimits::new().class(RateClass::DEFAULT, cap);
    let watch = Rc::new(RefCell::new(Watch {
        cap: cap as usize,
        last: VecDeque::new(),
        high: BTreeSet::new(),
        low: BTreeSet::new(),
        passed: 0,
        starts: 0,
    }));
    let asked = Rc::new(RefCell::new(0));
    let seed = Rc::new(RefCell::new(seed));
    let mut tasks = JoinSet::new();
    for _ in 0..callers {
        let (limits, watch, asked, seed) =
            (limits.clone(), watch.clone(), asked.clone(), seed.clone());
        tasks.spawn_local(async move {
            for _ in 0..calls {
                let dice = random(&seed);
                let number = {
                    let mut asked = asked.borrow_mut();
                    *asked += 1;
                    *asked
                };
                let priority = match dice >> 4 & 3 {
                    0 => Priority::High,
                    _ => Priority::Low,
                };
                let key = Key::new("demo.example", RateClass::DEFAULT).with_priority(priority);
                watch.borrow_mut().wait(priority, number);
                let acquire = limits.acquire(key, None);
                let patience = if dice.is_multiple_of(16) {
                    dice >> 8 & 255
                } else {
                    1 << 40
                };
                let Ok(permit) = timeout(Duration::from_millis(patience), acquire).await else {
                    watch.borrow_mut().give_up(priority, number);
                    continue;
                };
                let permit = permit.unwrap();
                watch.borrow_mut().start(priority, number);
                let Some(permit) = depart(permit, random(&seed)).await else {
                    continue;
                };
                watch.borrow_mut().depart();
                sleep(Duration::from_millis(dice >> 16 & 127)).await;
                match dice >> 32 & 1023 {
                    0 => permit.end(PermitOutcome::Throttled { retry_after: None }),
                    1..=50 => drop(permit),
                    _ => permit.end(PermitOutcome::Answered),
                }
                if dice >> 44 & 255 == 0 {
                    sleep(Duration::from_millis(dice >> 52)).await;
                }
            }
        });
    }
    while let Some(result) = tasks.join_next().await {
        result.unwrap();
    }
    watch.borrow().starts
}

/// Half of the requests leave at once, and nobody tells; the others are held for a time, and one in eight of them
/// never leaves.
async fn depart(permit: Permit, dice: u64) -> Option<Permit> {
    if dice & 1 == 0 {
        return Some(permit);
    }
    let held = permit.hold();
    let longest = if dice >> 1 & 7 == 0 { 1_200 } else { 3 };
    let wait = (dice >> 8) % longest;
    if wait > 0 {
        sleep(Duration::from_millis(wait)).await;
    }
    (dice >> 4 & 7 != 0).then(|| held.sent())
}

fn storms(cases: &[(u32, usize, usize, u64)]) -> u64 {
    let run = |&(cap, callers, calls, seed): &(u32, usize, usize, u64)| {
        world::runtime().block_on(LocalSet::new().run_until(storm(cap, callers, calls, seed)))
    };
    cases.iter().map(run).sum()
}

/// A build without optimisation does a tenth of it.
const CALLS: usize = if cfg!(debug_assertions) { 1 } else { 10 };

// R17, H5, C8
#[test]
fn r17_no_second_holds_more_than_the_cap_and_nobody_overtakes() {
    let starts = storms(&[
        (10, 8, 600 * CALLS, 1),
        (10, 100, 50 * CALLS, 2),
        (40, 16, 600 * CALLS, 3),
        (1_000, 300, 200 * CALLS, 4),
        (5_000, 1_000, 30 * CALLS, 5),
    ]);
    assert!(starts >= CALLS as u64 * 100_000, "{starts}");
}

fn mean(kind: Kind, jitter: f64, callers: usize) -> Figures {
    let seeds = 10;
    let mut sum = Figures::default();
    for seed in 0..seeds {
        let world = World {
            cap: 10,
            callers,
            line: Line::new("20 ms", 20.0, jitter),
            server: Server::new(kind, 10, seed),
            seed,
        };
        sum.add(&world.run(Contestant::Ours));
    }
    sum.admitted_per_second /= seeds as f64;
    sum.refused_first /= seeds as f64;
    sum.refused_later /= seeds as f64;
    sum
}

#[test]
fn r17_without_jitter_every_server_admits_all_of_exactly_the_cap() {
    for kind in KINDS {
        for callers in [1, 8] {
            let figures = mean(kind, 0.0, callers);
            assert_eq!(figures.admitted_per_second, 10.0, "{}", kind.name());
            assert_eq!(
                figures.refused_first + figures.refused_later,
                0.0,
                "{}",
                kind.name()
            );
        }
    }
}

#[test]
fn r20_with_jitter_the_pace_is_near_the_cap_and_refusals_are_rare() {
    for kind in KINDS {
        for callers in [1, 8] {
            let figures = mean(kind, 5.0, callers);
            let (least, most, later) = match kind {
                Kind::GcraStrict => (8.3, 8.0, 1.0),
                _ => (9.7, 1.0, 1.0),
            };
            let name = kind.name();
            assert!(
                figures.admitted_per_second >= least,
                "{name}: {}",
                figures.admitted_per_second
            );
            assert!(
                figures.refused_first <= most,
                "{name}: {}",
                figures.refused_first
            );
            assert!(
                figures.refused_later <= later,
                "{name}: {}",
                figures.refused_later
            );
            assert!(
                figures.most_in_a_second <= 10 && figures.overtaken == 0,
                "{name}"
            );
        }
    }
}

/// So many arrivals over the cap, the most in a second, and the pace.
fn cold(connections: Connections, line: Line, told: Told) -> (usize, usize, f64) {
    let seeds = 4;
    let mut sum = cold::Seen::default();
    for seed in 0..seeds {
        let world = ColdWorld {
            cap: 10,
            line,
            connections,
            told,
            seed,
        };
        sum.add(&world.run());
    }
    (sum.over, sum.most_in_a_second, sum.pace / seeds as f64)
}

#[test]
fn h5_cold_connections_bring_no_more_arrivals_than_the_cap() {
    for connections in cold::ALL {
        let (over, most, pace) = cold(connections, Line::new("20 ms", 20.0, 0.0), Told::Yes);
        let name = connections.name;
        assert_eq!((over, most), (0, 10), "{name}");
        assert!(pace > 0.5, "{name}: {pace}");
    }
    let line = Line::new("20 ms", 20.0, 0.0);
    let (_, _, pace) = cold(cold::EVERY_FIFTH, line, Told::Yes);
    assert!(pace >= 0.83, "{pace}");
}

/// The simulation shows what it is to show: so it was when permits counted from when they were given.
#[test]
fn h5_without_being_told_of_departures_cold_connections_arrive_together() {
    let line = Line::new("20 ms", 20.0, 0.0);
    let (over, most, _) = cold(cold::COLD_START, line, Told::No);
    assert!(over > 10 && most > 15, "{over} over, {most}");
}

#[test]
fn h5_with_jitter_cold_connections_are_as_good_as_warm_ones() {
    let line = Line::new("20 ms, 5 ms jitter", 20.0, 5.0);
    let (over, most, pace) = cold(cold::EVERY_FIFTH, line, Told::Yes);
    assert!(over <= 10 && most <= 11, "{over} over, {most}");
    assert!(pace >= 0.8, "{pace}");
}

/// Ten minutes at 10 a second, on a line of 20 ms without jitter: a start each 100 ms.
fn checkouts(checkouts: Checkouts, export: Priority) -> checkout::Seen {
    let shop = Shop {
        cap: 10,
        line: Line::new("20 ms", 20.0, 0.0),
        checkouts,
        exporters: 10,
        export,
        seed: 1,
    };
    let seen = shop.run();
    assert!(
        seen.starts.len() >= 5_990,
        "the cap is used in full: {}",
        seen.starts.len()
    );
    assert_eq!(seen.most_in_a_second(), 10);
    seen
}

/// One checkout a second comes at a random moment between two starts. Alone it takes the next start, after 50 ms in the
/// mean and 100 ms at most. One in ten finds another one before it, and waits for a start more. The 99th percentile is
/// within two starts, and the longest wait is that of five who come together, with the one start of the export that may
/// be due.
#[test]
fn c8_a_checkout_passes_an_export() {
    let seen = checkouts(Checkouts::PerSecond(1.0), Priority::Low);
    assert!(seen.waits.len() > 500, "{}", seen.waits.len());
    let [middle, p99, most] = [0.5, 0.99, 1.0].map(|share| seen.wait(share).as_millis());
    assert!(
        middle <= 60 && p99 <= 200 && most <= 600,
        "{middle}, {p99} and {most} ms"
    );
    // The export has what the checkouts leave.
    assert!(seen.export_share() > 0.88, "{}", seen.export_share());
}

/// Without priorities a checkout waits behind all calls of the export, of which nine wait at any time.
#[test]
fn c8_without_priorities_a_checkout_waits_behind_the_export() {
    let seen = checkouts(Checkouts::PerSecond(1.0), Priority::High);
    assert!(
        seen.wait(0.5) >= Duration::from_millis(800),
        "{:?}",
        seen.wait(0.5)
    );
}

#[test]
fn c8_checkouts_without_end_leave_every_fourth_start_to_the_export() {
    let seen = checkouts(Checkouts::Endless, Priority::Low);
    let share = seen.export_share();
    assert!((0.249..0.252).contains(&share), "{share}");
}
