//! Virtual time: processes with their keepers, the twin of the store, the ways between them, and a service that counts
//! what arrives.

use std::{cmp::Reverse, collections::BinaryHeap};

use fastrand::Rng;

use super::twin::{Rule, Twin};
use crate::{
    Away,
    keeper::{Keeper, Step},
    protocol::{Answer, Ask},
    terms::{MILLISECOND, Micros, SECOND, Terms},
};

mod faults;
mod report;

pub(super) use faults::Fault;
pub(super) use report::Report;

/// The settings of one run.
#[derive(Debug, Clone)]
pub(in crate::tests) struct Setup {
    pub(in crate::tests) terms: Terms,
    pub(in crate::tests) processes: usize,
    pub(in crate::tests) away: Away,
    pub(in crate::tests) without: Option<Rule>,
    /// Longest way between a process and the store.
    pub(in crate::tests) way: Micros,
    /// Spread of the ways to the service.
    pub(in crate::tests) spread: Micros,
    /// Clocks of processes are off by up to this, and drift by up to 1,000 millionths.
    pub(in crate::tests) clocks: Micros,
    /// One request in this many waits for a connection; 0 for none.
    pub(in crate::tests) cold: u32,
    pub(in crate::tests) faults: Vec<Fault>,
    /// Longest time between two faults.
    pub(in crate::tests) calm: Micros,
    pub(in crate::tests) length: Micros,
}

struct Process {
    id: String,
    keeper: Keeper,
    /// Its clock less the true time at the beginning, and by how many millionths it is faster.
    offset: Micros,
    drift: Micros,
    stopped_until: Micros,
    /// Until then nothing of it reaches the store, and no answer comes back.
    cut_until: Micros,
    deaf_until: Micros,
    /// When the ask is executed that does not get through now.
    stuck_until: Option<Micros>,
    waiting: [usize; 2],
    /// Since when a call of high priority waits, in a run that measures it.
    asked_high: Option<Micros>,
    passed: u32,
    /// The number of its last planned wake-up.
    wake: u64,
    /// It has said goodbye or died.
    is_gone: bool,
}

impl Process {
    fn local(&self, now: Micros) -> Micros {
        self.offset + now + now * self.drift / SECOND
    }

    /// The first true time at which its clock shows `local`.
    fn truly(&self, local: Micros) -> Micros {
        let mut now = (local - self.offset) * SECOND / (SECOND + self.drift);
        while self.local(now) < local {
            now += 1;
        }
        now
    }
}

enum Event {
    Wake {
        process: usize,
        wake: u64,
    },
    Asked {
        process: usize,
        number: u64,
        ask: Ask,
    },
    /// An ask arrives whose process cannot be reached.
    Stuck {
        process: usize,
        ask: Ask,
    },
    Outage {
        until: Micros,
    },
    Answered {
        process: usize,
        number: u64,
        answer: Vec<i64>,
    },
    Failed {
        process: usize,
        number: u64,
    },
    Sent {
        process: usize,
        permit: u64,
    },
    Ended {
        process: usize,
        permit: u64,
    },
    Fault,
    Call,
    Refused {
        pause: Micros,
    },
}

pub(in crate::tests) struct World {
    setup: Setup,
    rng: Rng,
    now: Micros,
    events: BinaryHeap<Reverse<(Micros, u64)>>,
    waiting_events: Vec<Option<Event>>,
    processes: Vec<Process>,
    store: Twin,
    /// What the store knew a while ago.
    snapshot: Twin,
    run: u64,
    store_offset: Micros,
    store_down_until: Micros,
    /// From then on every process that reaches the store has come back after it lost what it knew.
    all_back_at: Micros,
    jumped_at: Micros,
    store_frozen_until: Micros,
    slow_until: Micros,
    arrivals: Vec<Micros>,
    report: Report,
    /// Whether one process makes a call of high priority now and then.
    calls: bool,
    /// A pause that the service has asked for, and when.
    pause: Option<(Micros, Micros)>,
}

impl World {
    pub(in crate::tests) fn new(setup: Setup, seed: u64) -> Self {
        let mut world = Self {
            rng: Rng::with_seed(seed),
            now: SECOND,
            events: BinaryHeap::new(),
            waiting_events: Vec::new(),
            processes: Vec::new(),
            store: Twin::without(setup.without),
            snapshot: Twin::without(setup.without),
            run: 1,
            store_offset: 1_700_000_000 * SECOND,
            store_down_until: 0,
            all_back_at: 0,
            jumped_at: 0,
            store_frozen_until: 0,
            slow_until: 0,
            arrivals: Vec::new(),
            report: Report::default(),
            calls: false,
            pause: None,
            setup,
        };
        for _ in 0..world.setup.processes {
            world.join();
        }
        if !world.setup.faults.is_empty() {
            let first = world.now + world.rng.i64(0..world.setup.calm);
            world.plan(first, Event::Fault);
        }
        world
    }

    /// All processes export without end, and the first makes a call of high priority now and then.
    pub(in crate::tests) fn with_calls(mut self) -> Self {
        self.calls = true;
        self.plan(self.now + 5 * SECOND, Event::Call);
        self
    }

    /// This many processes have calls of high priority without end, and nothing else; the others only of low priority.
    pub(in crate::tests) fn occupy_with_high(&mut self, processes: usize) {
        for (number, process) in self.processes.iter_mut().enumerate() {
            process.waiting = if number < processes { [4, 0] } else { [0, 4] };
        }
    }

    /// The service refuses one request of the first process at this time after the beginning.
    pub(in crate::tests) fn refuse_at(&mut self, after: Micros, pause: Micros) {
        self.plan(self.now + after, Event::Refused { pause });
    }

    pub(in crate::tests) fn run(mut self) -> Report {
        let end = self.now + self.setup.length;
        while let Some(Reverse((at, number))) = self.events.pop() {
            if at > end {
                break;
            }
            self.now = at;
            if let Some(event) = self.waiting_events[number as usize].take() {
                self.happen(event);
            }
        }
        self.judge();
        self.report
    }

    fn plan(&mut self, at: Micros, event: Event) {
        let number = self.waiting_events.len() as u64;
        self.waiting_events.push(Some(event));
        self.events.push(Reverse((at.max(self.now), number)));
    }

    fn join(&mut self) {
        let (clocks, rng) = (self.setup.clocks, &mut self.rng);
        let process = self.processes.len();
        let is_mixed = !self.setup.faults.is_empty();
        self.processes.push(Process {
            id: format!("p{process}"),
            keeper: Keeper::new(self.setup.terms, self.setup.away, None),
            offset: rng.i64(-clocks..=clocks),
            drift: if clocks == 0 {
                0
            } else {
                rng.i64(-1_000..=1_000)
            },
            stopped_until: 0,
            cut_until: 0,
            deaf_until: 0,
            stuck_until: None,
            waiting: [if is_mixed { rng.usize(0..4) } else { 0 }, 4],
            asked_high: None,
            passed: 0,
            wake: 0,
            is_gone: false,
        });
        self.report.shares.push(0);
        self.go_on(process);
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Fault => self.fault(),
            Event::Call => self.call(),
            Event::Refused { pause } => self.refused(pause),
            Event::Asked {
                process,
                number,
                ask,
            } => self.execute(process, number, ask),
            Event::Stuck { process, ask } => drop(self.step(process, &ask)),
            Event::Outage { until } => self.store_down_until = until,
            event => {
                let (Event::Wake { process, .. }
                | Event::Answered { process, .. }
                | Event::Failed { process, .. }
                | Event::Sent { process, .. }
                | Event::Ended { process, .. }) = event
                else {
                    unreachable!("the others are above")
                };
                let stopped_until = self.processes[process].stopped_until;
                if stopped_until > self.now {
                    self.plan(stopped_until, event);
                } else if !self.processes[process].is_gone {
                    self.happen_to(process, event);
                }
            }
        }
    }

    fn happen_to(&mut self, process: usize, event: Event) {
        let it = &mut self.processes[process];
        let local = it.local(self.now);
        match event {
            Event::Wake { wake, .. } if wake != it.wake => return,
            Event::Answered { number, answer, .. } => {
                let answer = Answer::read(&answer).expect("an answer");
                it.keeper.answered(number, local, answer);
            }
            Event::Failed { number, .. } => it.keeper.failed(number, local),
            Event::Sent { permit, .. } => {
                it.keeper.sent(permit, local);
                self.write(process, permit);
            }
            Event::Ended { permit, .. } => it.keeper.ended(permit, local),
            _ => {}
        }
        self.go_on(process);
    }

    /// Lets a process start, ask and wait.
    fn go_on(&mut self, process: usize) {
        loop {
            let it = &mut self.processes[process];
            let local = it.local(self.now);
            if it.waiting != [0; 2]
                && let Some(permit) = it.keeper.start(local)
            {
                self.started(process, permit);
                continue;
            }
            let it = &mut self.processes[process];
            match it.keeper.step(local, it.waiting) {
                Step::Ask { number, ask } => self.send(process, number, ask),
                Step::Wait { until } => {
                    it.wake += 1;
                    let (wake, at) = (it.wake, it.truly(until));
                    self.plan(at, Event::Wake { process, wake });
                    return;
                }
            }
        }
    }

    fn started(&mut self, process: usize, permit: u64) {
        let now = self.now;
        self.report.shares[process] += 1;
        let it = &mut self.processes[process];
        if self.calls {
            match it.asked_high.filter(|_| it.passed < 3) {
                Some(since) => {
                    self.report.waits.push(now - since);
                    it.asked_high = None;
                    it.waiting[0] = 0;
                    it.passed += 1;
                }
                None => {
                    self.report.low += 1;
                    it.passed = 0;
                }
            }
        }
        let is_cold = self.setup.cold > 0 && self.rng.u32(0..self.setup.cold) == 0;
        if is_cold {
            it.keeper.held(permit);
            let at = now + self.rng.i64(300 * MILLISECOND..1_200 * MILLISECOND);
            self.plan(at, Event::Sent { process, permit });
        } else {
            self.write(process, permit);
        }
    }

    /// A request leaves for the service.
    fn write(&mut self, process: usize, permit: u64) {
        let way = 20 * MILLISECOND + self.rng.i64(0..=self.setup.spread);
        self.arrivals.push(self.now + way);
        self.plan(self.now + 2 * way, Event::Ended { process, permit });
    }

    fn way(&mut self) -> Micros {
        let longest = match self.slow_until > self.now {
            true => 400 * MILLISECOND,
            false => self.setup.way,
        };
        self.rng.i64(100..=longest.max(101))
    }

    fn send(&mut self, process: usize, number: u64, mut ask: Ask) {
        self.report.asks += 1;
        if self.setup.without == Some(Rule::Void) {
            ask.void = 0;
        }
        let at = self.now + self.way();
        self.plan(
            at,
            Event::Asked {
                process,
                number,
                ask,
            },
        );
    }

    fn execute(&mut self, process: usize, number: u64, ask: Ask) {
        if self.store_frozen_until > self.now {
            let at = self.store_frozen_until;
            self.plan(
                at,
                Event::Asked {
                    process,
                    number,
                    ask,
                },
            );
            return;
        }
        let it = &mut self.processes[process];
        if it.cut_until > self.now {
            if let Some(at) = it.stuck_until.take() {
                self.plan(at, Event::Stuck { process, ask });
            }
            return;
        }
        let back = self.now + self.way();
        if self.store_down_until > self.now {
            self.plan(back, Event::Failed { process, number });
            return;
        }
        let answer = self.step(process, &ask);
        if self.processes[process].deaf_until < self.now {
            self.plan(
                back,
                Event::Answered {
                    process,
                    number,
                    answer,
                },
            );
        }
    }

    fn step(&mut self, process: usize, ask: &Ask) -> Vec<i64> {
        let now = self.now + self.store_offset;
        let id = &self.processes[process].id;
        self.store.step(now, self.run, id, &self.setup.terms, ask)
    }

    fn call(&mut self) {
        let it = &mut self.processes[0];
        if it.asked_high.is_none() {
            it.asked_high = Some(self.now);
            it.waiting[0] = 1;
            self.go_on(0);
        }
        let next = self.now + self.rng.i64(SECOND..3 * SECOND);
        self.plan(next, Event::Call);
    }

    fn refused(&mut self, pause: Micros) {
        self.pause = Some((self.now, pause));
        let it = &mut self.processes[0];
        let local = it.local(self.now);
        it.keeper.throttled(u64::MAX, local, Some(pause));
        self.go_on(0);
    }
}
