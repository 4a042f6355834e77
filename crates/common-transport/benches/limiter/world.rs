//! Callers, a line and a server, in virtual time.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use tokio::{
    runtime::{Builder, Runtime},
    task::LocalSet,
    time::{Instant, sleep},
};

use crate::{
    limiters::{Built, Contestant},
    servers::Server,
};

/// The way to the server; times in milliseconds.
#[derive(Clone, Copy)]
pub(crate) struct Line {
    pub(crate) name: &'static str,
    pub(crate) one_way: f64,
    /// The mean of what is added to each way, exponentially distributed: a long tail.
    pub(crate) jitter: f64,
}

impl Line {
    pub(crate) const fn new(name: &'static str, one_way: f64, jitter: f64) -> Self {
        Self {
            name,
            one_way,
            jitter,
        }
    }

    /// How long one way takes this time.
    pub(crate) fn way(&self, random: &Random) -> Duration {
        let late = -self.jitter * random.fraction().ln();
        Duration::from_secs_f64((self.one_way + late) / 1e3)
    }
}

/// SplitMix64.
pub(crate) struct Random(Cell<u64>);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Cell::new(seed * 2 + 1))
    }

    fn next(&self) -> u64 {
        let state = self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.0.set(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Between 0 and 1, never 0.
    pub(crate) fn fraction(&self) -> f64 {
        ((self.next() >> 11) as f64 + 1.0) / (1u64 << 53) as f64
    }

    pub(crate) fn below(&self, bound: u64) -> u64 {
        self.next() % bound
    }
}

pub(crate) struct World {
    pub(crate) cap: u32,
    pub(crate) callers: usize,
    pub(crate) line: Line,
    pub(crate) server: Server,
    pub(crate) seed: u64,
}

/// What was seen in a minute.
#[derive(Default)]
pub(crate) struct Figures {
    /// In the first 20 s.
    pub(crate) admitted_per_second: f64,
    pub(crate) refused_first: f64,
    /// In each 20 s after.
    pub(crate) refused_later: f64,
    pub(crate) most_in_a_second: usize,
    pub(crate) overtaken: usize,
}

impl Figures {
    pub(crate) fn add(&mut self, other: &Self) {
        self.admitted_per_second += other.admitted_per_second;
        self.refused_first += other.refused_first;
        self.refused_later += other.refused_later;
        self.most_in_a_second = self.most_in_a_second.max(other.most_in_a_second);
        self.overtaken += other.overtaken;
    }
}

/// One attempt: when its caller began to wait, when it started, when and how it was decided (µs).
struct Attempt {
    asked: u64,
    started: u64,
    decided: u64,
    admitted: bool,
}

struct Shared {
    limiter: Built,
    line: Line,
    begin: Instant,
    server: RefCell<Server>,
    random: Random,
    asked: Cell<u64>,
    attempts: RefCell<Vec<Attempt>>,
}

const MINUTE: Duration = Duration::from_secs(60);

impl World {
    pub(crate) fn run(self, contestant: Contestant) -> Figures {
        runtime().block_on(LocalSet::new().run_until(async move {
            let shared = Rc::new(Shared {
                limiter: contestant.build(self.cap),
                line: self.line,
                begin: Instant::now(),
                server: RefCell::new(self.server),
                random: Random::new(self.seed),
                asked: Cell::new(0),
                attempts: RefCell::default(),
            });
            for _ in 0..self.callers {
                tokio::task::spawn_local(shared.clone().caller());
            }
            sleep(MINUTE).await;
            let attempts = shared.attempts.take();
            figures(&attempts)
        }))
    }
}

impl Shared {
    async fn caller(self: Rc<Self>) {
        loop {
            let asked = self.asked.replace(self.asked.get() + 1);
            let grant = self.limiter.acquire().await;
            let started = self.now();
            sleep(self.way()).await;
            let decided = self.now();
            let admitted = self.server.borrow_mut().admit(decided);
            self.attempts.borrow_mut().push(Attempt {
                asked,
                started,
                decided,
                admitted,
            });
            sleep(self.way()).await;
            grant.end(admitted);
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.begin.elapsed().as_micros()).expect("a minute")
    }

    fn way(&self) -> Duration {
        self.line.way(&self.random)
    }
}

fn figures(attempts: &[Attempt]) -> Figures {
    const SECOND: u64 = 1_000_000;
    let count = |from: u64, to: u64, admitted: bool| {
        let hits = attempts.iter().filter(|attempt| {
            attempt.admitted == admitted && (from..to).contains(&attempt.decided)
        });
        hits.count() as f64
    };
    let first = attempts
        .iter()
        .map(|attempt| attempt.decided)
        .min()
        .unwrap_or(0);
    let mut starts: Vec<_> = attempts
        .iter()
        .map(|attempt| (attempt.started, attempt.asked))
        .collect();
    starts.sort_unstable();
    let most = (0..starts.len()).map(|index| {
        let since = |start: &(u64, u64)| start.0 - starts[index].0;
        starts[index..]
            .iter()
            .take_while(|start| since(start) < SECOND)
            .count()
    });
    Figures {
        admitted_per_second: count(first, first + 20 * SECOND, true) / 20.0,
        refused_first: count(0, 20 * SECOND, false),
        refused_later: count(20 * SECOND, 60 * SECOND, false) / 2.0,
        most_in_a_second: most.max().unwrap_or(0),
        overtaken: starts
            .windows(2)
            .filter(|pair| pair[0].1 > pair[1].1)
            .count(),
    }
}

/// Lets so many callers queue up; gives how long they had to wait in all, in seconds.
pub(crate) fn queue_of(callers: usize, cap: u32) -> f64 {
    runtime().block_on(LocalSet::new().run_until(async move {
        let limiter = Contestant::Ours.build(cap);
        let begin = Instant::now();
        let mut calls = tokio::task::JoinSet::new();
        for _ in 0..callers {
            let limiter = limiter.clone();
            calls.spawn_local(async move {
                let grant = limiter.acquire().await;
                sleep(Duration::from_millis(40)).await;
                grant.end(true);
            });
        }
        while calls.join_next().await.is_some() {}
        begin.elapsed().as_secs_f64()
    }))
}

pub(crate) fn runtime() -> Runtime {
    let mut builder = Builder::new_current_thread();
    builder
        .enable_time()
        .start_paused(true)
        .build()
        .expect("no IO is needed")
}
