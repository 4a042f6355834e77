//! Checkouts beside an export without end, in virtual time: how long a checkout waits for its permit, and what is left
//! to the export.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use common_transport::{
    Limiter, Priority, RateClass, RateLimits,
    limit::{Key, PermitOutcome},
};
use tokio::{
    task::{LocalSet, spawn_local},
    time::{Instant, sleep},
};

use crate::world::{Line, Random, runtime};

/// How often a checkout comes.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Checkouts {
    /// At random, so many a second in the mean.
    PerSecond(f64),
    /// More than the cap lets start, all the time.
    Endless,
}

pub(crate) struct Shop {
    pub(crate) cap: u32,
    pub(crate) line: Line,
    pub(crate) checkouts: Checkouts,
    /// Calls of the export that are under way or wait, all the time.
    pub(crate) exporters: usize,
    pub(crate) export: Priority,
    pub(crate) seed: u64,
}

/// What was seen in ten minutes.
#[derive(Default)]
pub(crate) struct Seen {
    /// Waits of the checkouts, shortest first.
    pub(crate) waits: Vec<Duration>,
    /// Starts of the export, and all starts.
    pub(crate) exported: usize,
    pub(crate) starts: Vec<Instant>,
}

impl Seen {
    /// The wait that this share of the checkouts did not exceed.
    pub(crate) fn wait(&self, share: f64) -> Duration {
        let index = (self.waits.len() as f64 * share).ceil() as usize;
        self.waits[index.clamp(1, self.waits.len()) - 1]
    }

    /// The export's part of all starts.
    pub(crate) fn export_share(&self) -> f64 {
        self.exported as f64 / self.starts.len() as f64
    }

    pub(crate) fn most_in_a_second(&self) -> usize {
        let mut oldest = 0;
        let counts = self.starts.iter().enumerate().map(|(index, start)| {
            while *start - self.starts[oldest] >= Duration::from_secs(1) {
                oldest += 1;
            }
            index - oldest + 1
        });
        counts.max().unwrap_or(0)
    }
}

const TIME: Duration = Duration::from_secs(600);

struct Shared {
    shop: Shop,
    limits: RateLimits,
    random: Random,
    seen: RefCell<Seen>,
    /// Checkouts that wait.
    waiting: Cell<usize>,
}

impl Shop {
    pub(crate) fn run(self) -> Seen {
        runtime().block_on(LocalSet::new().run_until(async move {
            let shared = Rc::new(Shared {
                limits: RateLimits::new().class(RateClass::DEFAULT, self.cap),
                random: Random::new(self.seed),
                seen: RefCell::default(),
                waiting: Cell::new(0),
                shop: self,
            });
            for _ in 0..shared.shop.exporters {
                spawn_local(shared.clone().exporter());
            }
            spawn_local(shared.clone().customers());
            sleep(TIME).await;
            let mut seen = shared.seen.take();
            seen.waits.sort_unstable();
            seen
        }))
    }
}

impl Shared {
    async fn exporter(self: Rc<Self>) {
        loop {
            self.call(self.shop.export).await;
            self.seen.borrow_mut().exported += 1;
        }
    }

    /// Starts the checkouts.
    async fn customers(self: Rc<Self>) {
        loop {
            let pause = match self.shop.checkouts {
                Checkouts::PerSecond(rate) => -self.random.fraction().ln() / rate,
                Checkouts::Endless => 0.5 / f64::from(self.shop.cap),
            };
            sleep(Duration::from_secs_f64(pause)).await;
            // Without an end they would be ever more.
            if self.waiting.get() < 2 * self.shop.cap as usize {
                spawn_local(self.clone().checkout());
            }
        }
    }

    async fn checkout(self: Rc<Self>) {
        self.waiting.set(self.waiting.get() + 1);
        let wait = self.call(Priority::High).await;
        self.waiting.set(self.waiting.get() - 1);
        self.seen.borrow_mut().waits.push(wait);
    }

    /// Makes a call, and returns how long it waited for its permit.
    async fn call(&self, priority: Priority) -> Duration {
        let asked = Instant::now();
        let key = Key::new("demo.example", RateClass::DEFAULT).with_priority(priority);
        let permit = self.limits.acquire(key, None).await;
        let permit = permit.expect("there is no deadline");
        let started = Instant::now();
        self.seen.borrow_mut().starts.push(started);
        let way = self.shop.line.way(&self.random) + self.shop.line.way(&self.random);
        sleep(way).await;
        permit.end(PermitOutcome::Answered);
        started - asked
    }
}
