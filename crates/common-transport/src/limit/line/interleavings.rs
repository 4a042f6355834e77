//! Every caller of a [`Line`] as a thread of its own, under schedules of `shuttle`'s choice.
//!
//! All that callers share is the line behind one lock, the timers, and the wakers. A schedule decides which caller
//! runs next at each of them. A waiter that is never woken again is a deadlock, which shuttle reports.
//!
//! Each caller has a priority. The changes of the queue are recorded under its lock, and compared with the rule of the
//! order afterwards.
//!
//! `cargo test --release -p common-transport --lib interleavings` tries 180,000 schedules.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, Waker},
};

use shuttle::{
    future::block_on,
    rand::{Rng, thread_rng},
    sync::{Arc, Condvar, Mutex},
    thread,
};

use super::*;

mod order;

use order::{Event, Order};

const CAP: u32 = 2;

struct World {
    line: Mutex<Line>,
    clock: Mutex<Clock>,
    /// Signals that a timer was set, or a caller is done.
    changed: Condvar,
    /// Changes of the queue, recorded under the line's lock.
    events: Mutex<Vec<Event>>,
    /// Departures of requests, as far as the line knows.
    departures: Mutex<Vec<Nanos>>,
}

struct Clock {
    now: Nanos,
    timers: Vec<(Nanos, Waker)>,
    callers: usize,
}

impl World {
    fn new(callers: usize) -> Arc<Self> {
        Arc::new(Self {
            line: Mutex::new(Line::new(NonZeroU32::new(CAP).unwrap())),
            clock: Mutex::new(Clock {
                now: Nanos::ZERO,
                timers: Vec::new(),
                callers,
            }),
            changed: Condvar::new(),
            events: Mutex::default(),
            departures: Mutex::default(),
        })
    }

    fn now(&self) -> Nanos {
        self.clock.lock().unwrap().now
    }

    fn note(&self, event: Event) {
        self.events.lock().unwrap().push(event);
    }

    fn set_timer(&self, clock: &mut Clock, at: Nanos, waker: &Waker) {
        clock.timers.push((at, waker.clone()));
        self.changed.notify_one();
    }

    fn caller_is_done(&self) {
        self.clock.lock().unwrap().callers -= 1;
        self.changed.notify_one();
    }

    /// Advances time to the next timer; returns false when every caller is done.
    fn tick(&self) -> bool {
        let clock = self.clock.lock().unwrap();
        let idle = |clock: &mut Clock| clock.timers.is_empty() && clock.callers > 0;
        let mut clock = self.changed.wait_while(clock, idle).unwrap();
        let Some(next) = clock.timers.iter().map(|(at, _)| *at).min() else {
            return false;
        };
        clock.now = clock.now.max(next);
        let now = clock.now;
        let due: Vec<_> = clock.timers.extract_if(.., |(at, _)| *at <= now).collect();
        drop(clock);
        due.into_iter().for_each(|(_, waker)| waker.wake());
        true
    }
}

/// A start: the number of its permit, and its time.
type Start = (u64, Nanos);

/// The counterpart of `bucket::Wait`, without tokio's timers.
struct Wait<'w> {
    world: &'w World,
    ticket: Ticket,
    departs: Departs,
}

impl Future for Wait<'_> {
    type Output = Start;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Start> {
        loop {
            let mut line = self.world.line.lock().unwrap();
            let now = self.world.now();
            let turn = line.turn(self.ticket, now, None, cx.waker());
            if let Turn::Start { number, .. } = turn {
                self.world.note(Event::Start(self.ticket));
                self.departs.begin(&mut line, number, now);
            }
            drop(line);
            match turn {
                Turn::Start { number, next } => {
                    next.into_iter().for_each(Waker::wake);
                    return Poll::Ready((number, now));
                }
                Turn::Behind => return Poll::Pending,
                Turn::Head { look: UNKNOWN } => return Poll::Pending,
                Turn::Head { look } => {
                    let mut clock = self.world.clock.lock().unwrap();
                    if clock.now < look {
                        self.world.set_timer(&mut clock, look, cx.waker());
                        return Poll::Pending;
                    }
                }
                Turn::TooLate { .. } => unreachable!("there is no deadline"),
            }
        }
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        let mut line = self.world.line.lock().unwrap();
        self.world.note(Event::Leave(self.ticket));
        let next = line.leave(self.ticket);
        drop(line);
        next.into_iter().for_each(Waker::wake);
    }
}

/// The way in which the request of a start leaves.
#[derive(Clone, Copy, PartialEq)]
enum Departs {
    Untold,
    Told,
    /// It ends without having left.
    Never,
}

impl Departs {
    fn random() -> Self {
        [Self::Untold, Self::Told, Self::Never][thread_rng().gen_range(0..3)]
    }

    /// In the stack nothing lies between the permit and the transport: no time passes.
    fn begin(self, line: &mut Line, number: u64, now: Nanos) {
        if self != Self::Untold {
            line.held(number, now);
        }
    }
}

/// Polls once, then gives up.
async fn impatient(mut wait: Wait<'_>) -> Option<Start> {
    std::future::poll_fn(|cx| match Pin::new(&mut wait).poll(cx) {
        Poll::Ready(start) => Poll::Ready(Some(start)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}

fn caller(world: &World, priority: Priority, gives_up: bool) {
    let departs = Departs::random();
    let mut line = world.line.lock().unwrap();
    let now = world.now();
    let started = line.start(priority, now);
    if let Some(number) = started {
        world.note(Event::StartAtOnce(priority));
        departs.begin(&mut line, number, now);
    }
    let joined = started.is_none().then(|| line.join(priority, now, None));
    if let Some(Join::Wait { ticket }) = &joined {
        world.note(Event::Join(*ticket));
    }
    drop(line);
    let start = match joined {
        None => started.map(|number| (number, now)),
        Some(Join::Wait { ticket }) => {
            let wait = Wait {
                world,
                ticket,
                departs,
            };
            if gives_up {
                block_on(impatient(wait))
            } else {
                Some(block_on(wait))
            }
        }
        Some(Join::TooLate(_)) => unreachable!("there is no deadline"),
    };
    if let Some(start) = start {
        attempt(world, start, departs);
    }
}

fn attempt(world: &World, (number, started): Start, departs: Departs) {
    if departs != Departs::Untold {
        let wait = Nanos::from_millis(thread_rng().gen_range(0..1_500));
        let until = started + wait;
        block_on(Sleep { world, until });
    }
    let departed = match departs {
        Departs::Untold => Some(started),
        Departs::Told => Some(leave(world, number)),
        Departs::Never => None,
    };
    world.departures.lock().unwrap().extend(departed);
    let outcome = match thread_rng().gen_range(0..4) {
        _ if departed.is_none() => PermitOutcome::Unsent,
        0 => PermitOutcome::Throttled { retry_after: None },
        1 => PermitOutcome::Lost,
        _ => PermitOutcome::Answered,
    };
    let mut line = world.line.lock().unwrap();
    let woken = line.end(number, world.now(), outcome);
    let wakers = line.wakers(woken);
    drop(line);
    wakers.into_iter().for_each(Waker::wake);
}

/// Lets the request leave now.
fn leave(world: &World, number: u64) -> Nanos {
    let mut line = world.line.lock().unwrap();
    let now = world.now();
    let head = line.sent(number, now);
    drop(line);
    head.into_iter().for_each(Waker::wake);
    now
}

/// A future that is ready at a given time.
struct Sleep<'w> {
    world: &'w World,
    until: Nanos,
}

impl Future for Sleep<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut clock = self.world.clock.lock().unwrap();
        if clock.now >= self.until {
            return Poll::Ready(());
        }
        self.world.set_timer(&mut clock, self.until, cx.waker());
        Poll::Pending
    }
}

/// Callers with these priorities, of which the second one gives up.
fn scenario(priorities: &[Priority]) {
    let world = World::new(priorities.len());
    let callers: Vec<_> = priorities
        .iter()
        .enumerate()
        .map(|(index, priority)| {
            let (world, priority) = (world.clone(), *priority);
            thread::spawn(move || {
                caller(&world, priority, index == 1);
                world.caller_is_done();
            })
        })
        .collect();
    let clock = {
        let world = world.clone();
        thread::spawn(move || while world.tick() {})
    };
    for caller in callers {
        caller.join().unwrap();
    }
    clock.join().unwrap();
    assert_eq!(world.line.lock().unwrap().len(), 0, "everybody has left");
    let events = world.events.lock().unwrap();
    let mut order = Order::default();
    events.iter().for_each(|event| order.check(*event));
    let mut departures = world.departures.lock().unwrap();
    departures.sort_unstable();
    for window in departures.windows(CAP as usize + 1) {
        let since = window[CAP as usize] - window[0];
        assert!(since >= Nanos::from_secs(1), "{departures:?}");
    }
}

/// Schedules of each kind; a build without optimisation takes a millisecond for each.
const SCHEDULES: usize = if cfg!(debug_assertions) {
    3_000
} else {
    60_000
};

fn few() {
    let priority = |_| [Priority::High, Priority::Low][thread_rng().gen_range(0..2)];
    scenario(&[(); 4].map(priority));
}

/// Enough of them that three pass a waiting one.
fn many() {
    use Priority::{High, Low};
    scenario(&[High, Low, Low, High, High, High, High]);
}

// R17, H5
#[test]
fn r17_no_interleaving_loses_a_waiter_or_its_turn() {
    shuttle::check_random(few, SCHEDULES);
    shuttle::check_pct(few, SCHEDULES, 3);
}

#[test]
fn c8_no_interleaving_loses_the_share_of_low_priority_or_an_order() {
    shuttle::check_random(many, SCHEDULES / 2);
    shuttle::check_pct(many, SCHEDULES / 2, 3);
}
