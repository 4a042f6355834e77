//! What servers count by.

use std::collections::VecDeque;

/// How a server counts.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    FixedWindow,
    SlidingLog,
    SlidingCounter,
    /// GCRA that lets half a second's worth come early.
    GcraBurst,
    GcraStrict,
}

pub(crate) const KINDS: [Kind; 5] = [
    Kind::FixedWindow,
    Kind::SlidingLog,
    Kind::SlidingCounter,
    Kind::GcraBurst,
    Kind::GcraStrict,
];

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::FixedWindow => "fixed window",
            Self::SlidingLog => "sliding log",
            Self::SlidingCounter => "sliding counter",
            Self::GcraBurst => "GCRA, burst",
            Self::GcraStrict => "GCRA, strict",
        }
    }
}

/// A server; times in microseconds. What it refuses it does not count.
pub(crate) struct Server {
    kind: Kind,
    cap: u64,
    /// Where its windows begin.
    phase: u64,
    log: VecDeque<u64>,
    window: u64,
    count: u64,
    count_before: u64,
    /// GCRA's theoretical arrival time.
    due: u64,
}

const SECOND: u64 = 1_000_000;

impl Server {
    pub(crate) fn new(kind: Kind, cap: u32, seed: u64) -> Self {
        Self {
            kind,
            cap: u64::from(cap),
            phase: (seed * 137_000 % SECOND) + 500,
            log: VecDeque::new(),
            window: 0,
            count: 0,
            count_before: 0,
            due: 0,
        }
    }

    /// A request arrives: is it admitted?
    pub(crate) fn admit(&mut self, at: u64) -> bool {
        match self.kind {
            Kind::FixedWindow => {
                self.turn(at);
                self.count_up(self.count < self.cap)
            }
            Kind::SlidingCounter => {
                let left = SECOND - self.turn(at);
                let estimate = self.count_before * left + self.count * SECOND;
                self.count_up(estimate < self.cap * SECOND)
            }
            Kind::SlidingLog => self.admit_by_log(at),
            Kind::GcraBurst => self.admit_by_gcra(at, SECOND / 2),
            Kind::GcraStrict => self.admit_by_gcra(at, 0),
        }
    }

    /// Enters the window of `at`; gives how far into it that is.
    fn turn(&mut self, at: u64) -> u64 {
        let window = (at + self.phase) / SECOND;
        if window != self.window {
            self.count_before = if window == self.window + 1 {
                self.count
            } else {
                0
            };
            self.count = 0;
            self.window = window;
        }
        (at + self.phase) % SECOND
    }

    fn count_up(&mut self, admitted: bool) -> bool {
        self.count += u64::from(admitted);
        admitted
    }

    fn admit_by_log(&mut self, at: u64) -> bool {
        while self.log.front().is_some_and(|first| at - first >= SECOND) {
            self.log.pop_front();
        }
        let admitted = (self.log.len() as u64) < self.cap;
        if admitted {
            self.log.push_back(at);
        }
        admitted
    }

    fn admit_by_gcra(&mut self, at: u64, burst: u64) -> bool {
        let admitted = at + burst >= self.due;
        if admitted {
            self.due = self.due.max(at) + SECOND / self.cap;
        }
        admitted
    }
}
