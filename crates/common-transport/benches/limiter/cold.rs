//! Requests that wait for connections: callers, a pool, a line and a server's clock, in virtual time.
//!
//! The pool is one of HTTP/1 that lets a new connection race against the next one that is free, as hyper-util's does.

use std::{cell::RefCell, collections::VecDeque, rc::Rc, time::Duration};

use common_transport::{
    Limiter, RateClass, RateLimits,
    limit::{HeldPermit, Key, Permit, PermitOutcome},
};
use tokio::{
    sync::oneshot,
    task::{LocalSet, spawn_local},
    time::{Instant, sleep},
};

use crate::world::{Line, Random, runtime};

/// How connections are; times in milliseconds, from and to.
#[derive(Clone, Copy)]
pub(crate) struct Connections {
    pub(crate) name: &'static str,
    /// Closed after so many calls.
    pub(crate) calls: u32,
    pub(crate) handshake: (u64, u64),
    /// Between the connection and the head of the request: a proxy, a full buffer.
    pub(crate) send: (u64, u64),
    /// What the server takes for an answer.
    pub(crate) answer: u64,
    /// Of so many connections one fails.
    pub(crate) failing: u64,
}

const USUAL: Connections = Connections {
    name: "cold start",
    calls: u32::MAX,
    handshake: (900, 900),
    send: (0, 0),
    answer: 5,
    failing: u64::MAX,
};

pub(crate) const COLD_START: Connections = USUAL;

pub(crate) const EVERY_FIFTH: Connections = Connections {
    name: "every 5th call 900 ms",
    calls: 5,
    ..USUAL
};

pub(crate) const ALL: [Connections; 7] = [
    COLD_START,
    EVERY_FIFTH,
    Connections {
        name: "handshakes 300 to 1200 ms",
        calls: 5,
        handshake: (300, 1_200),
        ..USUAL
    },
    Connections {
        name: "answers of 1.5 s",
        answer: 1_500,
        ..USUAL
    },
    Connections {
        name: "every call a connection",
        calls: 1,
        ..USUAL
    },
    Connections {
        name: "slow sends, 0 to 400 ms",
        calls: 5,
        handshake: (100, 100),
        send: (0, 400),
        ..USUAL
    },
    Connections {
        name: "every 4th connection fails",
        calls: 5,
        failing: 4,
        ..USUAL
    },
];

/// Whether the limiter is told when requests are held and when they leave.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Told {
    Yes,
    /// As with a transport that cannot tell.
    No,
}

pub(crate) struct ColdWorld {
    pub(crate) cap: u32,
    pub(crate) line: Line,
    pub(crate) connections: Connections,
    pub(crate) told: Told,
    pub(crate) seed: u64,
}

/// What was seen in a minute.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) arrivals: usize,
    /// Arrivals that made more than the cap in the second before them.
    pub(crate) over: usize,
    pub(crate) most_in_a_second: usize,
    /// Arrivals per second since the first one, to the cap.
    pub(crate) pace: f64,
}

impl Seen {
    pub(crate) fn add(&mut self, other: &Self) {
        self.arrivals += other.arrivals;
        self.over += other.over;
        self.most_in_a_second = self.most_in_a_second.max(other.most_in_a_second);
        self.pace += other.pace;
    }
}

const MINUTE: Duration = Duration::from_secs(60);

/// Twice as many as the cap of ten lets start in a second.
const CALLERS: usize = 20;

impl ColdWorld {
    pub(crate) fn run(self) -> Seen {
        let cap = self.cap as usize;
        let callers = CALLERS * cap / 10;
        let arrivals = runtime().block_on(LocalSet::new().run_until(async move {
            let shared = Rc::new(Shared {
                limits: RateLimits::new().class(RateClass::DEFAULT, self.cap),
                begin: Instant::now(),
                random: Random::new(self.seed),
                pool: RefCell::default(),
                arrivals: RefCell::default(),
                world: self,
            });
            for _ in 0..callers {
                spawn_local(shared.clone().caller());
            }
            sleep(MINUTE).await;
            shared.arrivals.take()
        }));
        seen(arrivals, cap)
    }
}

struct Shared {
    world: ColdWorld,
    limits: RateLimits,
    begin: Instant,
    random: Random,
    pool: RefCell<Pool>,
    /// In microseconds.
    arrivals: RefCell<Vec<u64>>,
}

#[derive(Default)]
struct Pool {
    idle: Vec<Connection>,
    waiting: VecDeque<oneshot::Sender<Connection>>,
}

struct Connection {
    calls_left: u32,
}

impl Pool {
    /// Gives a connection to whoever has waited longest.
    fn put(&mut self, mut connection: Connection) {
        while let Some(waiting) = self.waiting.pop_front() {
            match waiting.send(connection) {
                Ok(()) => return,
                Err(back) => connection = back,
            }
        }
        self.idle.push(connection);
    }
}

impl Shared {
    async fn caller(self: Rc<Self>) {
        let told = self.world.told == Told::Yes;
        loop {
            let key = Key::new("demo.example", RateClass::DEFAULT);
            let permit = self.limits.acquire(key, None).await;
            let permit = permit.expect("there is no deadline");
            let (untold, held) = if told {
                (None, Some(permit.hold()))
            } else {
                (Some(permit), None)
            };
            let Some(connection) = self.connection().await else {
                continue;
            };
            self.sleep(self.world.connections.send).await;
            let permit = held.map(HeldPermit::sent).or(untold);
            self.exchange(permit.expect("one of the two")).await;
            self.give_back(connection);
        }
    }

    /// The first that is there: one that is free, one that becomes free, or a new one, which may fail.
    async fn connection(self: &Rc<Self>) -> Option<Connection> {
        if let Some(connection) = self.pool.borrow_mut().idle.pop() {
            return Some(connection);
        }
        let (give, mut freed) = oneshot::channel();
        self.pool.borrow_mut().waiting.push_back(give);
        let (ready, mut opened) = oneshot::channel();
        let shared = self.clone();
        spawn_local(async move {
            let opened = shared.open().await;
            // Its caller may have taken another one meanwhile.
            if let Err(Some(unused)) = ready.send(opened) {
                shared.pool.borrow_mut().put(unused);
            }
        });
        tokio::select! {
            biased;
            Ok(connection) = &mut freed => Some(connection),
            Ok(connection) = &mut opened => connection,
        }
    }

    async fn open(&self) -> Option<Connection> {
        self.sleep(self.world.connections.handshake).await;
        let fails = self.random.below(self.world.connections.failing) == 0;
        let calls_left = self.world.connections.calls;
        (!fails).then_some(Connection { calls_left })
    }

    /// There and back.
    async fn exchange(&self, permit: Permit) {
        let now = self.begin.elapsed();
        let arrival = now + self.world.line.way(&self.random);
        let micros = u64::try_from(arrival.as_micros()).expect("a minute");
        self.arrivals.borrow_mut().push(micros);
        let answer = Duration::from_millis(self.world.connections.answer);
        sleep(arrival - now + answer + self.world.line.way(&self.random)).await;
        permit.end(PermitOutcome::Answered);
    }

    fn give_back(&self, mut connection: Connection) {
        connection.calls_left -= 1;
        if connection.calls_left > 0 {
            self.pool.borrow_mut().put(connection);
        }
    }

    async fn sleep(&self, (from, to): (u64, u64)) {
        let millis = from + self.random.below(to - from + 1);
        if millis > 0 {
            sleep(Duration::from_millis(millis)).await;
        }
    }
}

fn seen(mut arrivals: Vec<u64>, cap: usize) -> Seen {
    const SECOND: u64 = 1_000_000;
    arrivals.sort_unstable();
    let first = *arrivals.first().expect("a minute is long enough");
    let mut seen = Seen {
        arrivals: arrivals.len(),
        pace: arrivals.len() as f64
            / ((MINUTE.as_micros() as u64 - first) as f64 / 1e6 * cap as f64),
        ..Seen::default()
    };
    let mut oldest = 0;
    for (index, arrival) in arrivals.iter().enumerate() {
        while arrival - arrivals[oldest] >= SECOND {
            oldest += 1;
        }
        let in_a_second = index - oldest + 1;
        seen.over += usize::from(in_a_second > cap);
        seen.most_in_a_second = seen.most_in_a_second.max(in_a_second);
    }
    seen
}
