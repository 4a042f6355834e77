//! The faults, and when they befall.

use super::{Event, Process, World};
use crate::{
    keeper::Step,
    terms::{MILLISECOND, Micros, SECOND},
};

/// A fault. Each lasts for a random time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tests) enum Fault {
    /// A process is stopped.
    Stop,
    /// The store is killed, and comes back empty.
    Empty,
    /// The store is killed, and comes back with what it knew a while ago.
    Old,
    /// The store is stopped; what was asked meanwhile is executed afterwards.
    Freeze,
    /// The ways to the store are slow.
    Slow,
    /// The clock of the store jumps.
    Jump,
    /// Nobody reaches the store.
    Outage,
    /// One process does not reach the store.
    Cut,
    /// What one process asks arrives, but no answer comes back.
    OneWay,
    /// A process is cut off for longer than it is remembered.
    LongCut,
    /// A process dies, and another one comes.
    Replace,
    /// A process says goodbye, and another one comes.
    Goodbye,
    /// One process more comes, and then nobody reaches the store.
    JoinAndOutage,
    /// One process does not reach the store for long; an ask that it gave up is executed meanwhile.
    Stuck,
    /// All processes and the store die, and others come at once.
    RestartAll,
}

impl Fault {
    pub(in crate::tests) const ALL: [Self; 15] = [
        Self::Stop,
        Self::Empty,
        Self::Old,
        Self::Freeze,
        Self::Slow,
        Self::Jump,
        Self::Outage,
        Self::Cut,
        Self::OneWay,
        Self::LongCut,
        Self::Replace,
        Self::Goodbye,
        Self::JoinAndOutage,
        Self::Stuck,
        Self::RestartAll,
    ];
}

impl World {
    /// Whether the store can lose what it knows, as far as the promise covers it: a member reaches it, and comes back.
    fn can_forget(&self) -> bool {
        let comes_back = |it: &Process| {
            let is_reached = it.cut_until.max(it.deaf_until).max(it.stopped_until) <= self.now;
            !it.is_gone && is_reached && it.keeper.was_answered(it.local(self.now - 5 * SECOND))
        };
        self.processes.iter().any(comes_back)
    }

    pub(in crate::tests) fn fault(&mut self) {
        if self.rng.bool() {
            self.snapshot = self.store.clone();
        }
        let faults = &self.setup.faults;
        let fault = faults[self.rng.usize(0..faults.len())];
        let lasts = self.rng.i64(50 * MILLISECOND..3 * SECOND);
        let there: Vec<_> = (0..self.processes.len())
            .filter(|it| !self.processes[*it].is_gone)
            .collect();
        let process = there[self.rng.usize(0..there.len())];
        let is_of_the_store = matches!(
            fault,
            Fault::Empty | Fault::Old | Fault::Jump | Fault::Freeze | Fault::Slow | Fault::Outage
        );
        let forgets = matches!(fault, Fault::Empty | Fault::Old);
        let are_all_back = self.all_back_at <= self.now;
        let is_covered = match fault {
            _ if forgets => are_all_back && self.can_forget(),
            _ if is_of_the_store => are_all_back || !matches!(fault, Fault::Outage),
            // Whoever comes right after a jump has not asked before, and does not notice it.
            Fault::Replace | Fault::Goodbye | Fault::JoinAndOutage
                if self.jumped_at + SECOND > self.now =>
            {
                false
            }
            _ => are_all_back,
        };
        if is_covered {
            self.befall(fault, process, lasts);
        }
        if forgets && is_covered {
            self.all_back_at = self.store_down_until + 2 * SECOND;
        }
        let next = self.now + self.rng.i64(0..self.setup.calm);
        self.plan(next, Event::Fault);
    }

    fn befall(&mut self, fault: Fault, process: usize, lasts: Micros) {
        let until = self.now + lasts;
        match fault {
            Fault::Stop => {
                self.processes[process].stopped_until = until;
            }
            Fault::Empty => {
                self.run += 1;
                self.store.clear();
                self.store_down_until = until;
            }
            Fault::Old => {
                self.run += 1;
                self.store = self.snapshot.clone();
                self.store_down_until = until;
            }
            Fault::Freeze => self.store_frozen_until = until,
            Fault::Slow => self.slow_until = until,
            Fault::Jump => {
                self.jumped_at = self.now;
                let jump = self.rng.i64(-5 * SECOND..5 * SECOND);
                self.store_offset += if self.rng.bool() { jump } else { jump / 20 };
            }
            Fault::Outage => self.store_down_until = self.now + lasts * 5,
            Fault::Cut => self.processes[process].cut_until = self.now + lasts * 3,
            Fault::OneWay => self.processes[process].deaf_until = self.now + lasts * 3,
            Fault::LongCut => {
                let forget = self.setup.terms.forget;
                self.processes[process].cut_until = until + self.rng.i64(forget / 2..forget * 2);
            }
            Fault::Replace => {
                self.processes[process].is_gone = true;
                self.join();
            }
            Fault::Goodbye => self.say_goodbye(process),
            Fault::RestartAll => self.restart_all(),
            Fault::JoinAndOutage => {
                if self.processes.len() <= self.setup.processes {
                    self.join();
                }
                let begin = self.now + self.rng.i64(0..500 * MILLISECOND);
                let until = begin + lasts * 5;
                self.plan(begin, Event::Outage { until });
            }
            Fault::Stuck => {
                let it = &mut self.processes[process];
                it.cut_until = self.now + 5 * SECOND + lasts * 4;
                it.stuck_until = Some(self.now + 3_500 * MILLISECOND + lasts);
            }
        }
    }

    fn restart_all(&mut self) {
        let there = self.processes.iter_mut().filter(|process| !process.is_gone);
        let there = there.map(|process| process.is_gone = true).count();
        self.run += 1;
        self.store.clear();
        for _ in 0..there {
            self.join();
        }
    }

    fn say_goodbye(&mut self, process: usize) {
        let it = &mut self.processes[process];
        let local = it.local(self.now);
        if it.stopped_until > self.now {
            return;
        }
        if let Some(Step::Ask { number, ask }) = it.keeper.goodbye(local) {
            it.is_gone = true;
            self.send(process, number, ask);
            self.join();
        }
    }
}
