//! A run of some processes with faults, and the judgement of what arrived.

use std::{
    env,
    io::{BufRead as _, BufReader},
    process::Child,
    sync::{Arc, Mutex},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use fastrand::Rng;
use rustix::process::{Pid, Signal, kill_process};

use crate::{process, redis::Redis};

/// A fault.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    /// A process is stopped for a while.
    Stop,
    /// A process is killed, and another one comes.
    Kill,
    /// A process says goodbye, and another one comes.
    Goodbye,
    /// Redis is killed, and comes back empty.
    KillRedis,
    /// Redis is stopped for a while.
    StopRedis,
}

impl Fault {
    pub(crate) const ALL: [Self; 5] = [
        Self::Stop,
        Self::Kill,
        Self::Goodbye,
        Self::KillRedis,
        Self::StopRedis,
    ];
}

pub(crate) struct Report {
    pub(crate) starts: usize,
    pub(crate) over: usize,
    pub(crate) most: usize,
    /// Arrivals a second, divided by the cap.
    pub(crate) pace: f64,
    /// Longest time without an arrival, in microseconds.
    pub(crate) silence: i64,
}

pub(crate) struct Run {
    redis: Redis,
    cap: u32,
    processes: Vec<Running>,
    arrivals: Arc<Mutex<Vec<i64>>>,
}

struct Running {
    child: Child,
    reader: JoinHandle<()>,
}

impl Run {
    pub(crate) fn new(redis: Redis, processes: usize, cap: u32) -> Self {
        let mut run = Self {
            redis,
            cap,
            processes: Vec::new(),
            arrivals: Arc::default(),
        };
        for _ in 0..processes {
            run.join();
        }
        run
    }

    fn join(&mut self) {
        let mut child = process::start(&self.redis.address(), self.cap);
        let output = child.stdout.take().expect("it is piped");
        let arrivals = Arc::clone(&self.arrivals);
        let reader = thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let arrival = process::arrival(&line);
                arrivals.lock().expect("no panic").extend(arrival);
            }
        });
        self.processes.push(Running { child, reader });
    }

    /// Runs with these faults, one after the other, and judges.
    pub(crate) fn with(mut self, faults: &[Fault], mut rng: Rng) -> Report {
        let seconds = env::var("SHOPWIRE_SOCKET_SECONDS").ok();
        let seconds = seconds
            .and_then(|seconds| seconds.parse().ok())
            .unwrap_or(9);
        let (begin, length) = (Instant::now(), Duration::from_secs(seconds));
        thread::sleep(Duration::from_secs(3));
        while begin.elapsed() < length {
            if !faults.is_empty() {
                let fault = faults[rng.usize(0..faults.len())];
                let lasts = Duration::from_millis(rng.u64(50..2_500));
                self.befall(fault, rng.usize(0..self.processes.len()), lasts);
            }
            thread::sleep(Duration::from_millis(rng.u64(500..3_000)));
        }
        while let Some(process) = self.processes.pop() {
            process.end();
        }
        judge(&mut self.arrivals.lock().expect("no panic"), self.cap)
    }

    fn befall(&mut self, fault: Fault, process: usize, lasts: Duration) {
        match fault {
            Fault::Stop => {
                self.processes[process].signal(Signal::STOP);
                thread::sleep(lasts);
                self.processes[process].signal(Signal::CONT);
            }
            Fault::Kill => {
                let mut process = self.processes.swap_remove(process);
                process.child.kill().expect("it runs");
                process.end();
                self.join();
            }
            Fault::Goodbye => {
                self.processes.swap_remove(process).end();
                self.join();
            }
            Fault::KillRedis => {
                self.redis.kill();
                thread::sleep(lasts);
                assert!(self.redis.run(), "Redis starts again");
            }
            Fault::StopRedis => {
                self.redis.signal(Signal::STOP);
                thread::sleep(lasts);
                self.redis.signal(Signal::CONT);
            }
        }
    }
}

impl Running {
    fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(self.child.id().cast_signed()).expect("a pid");
        kill_process(pid, signal).expect("it runs");
    }

    fn end(mut self) {
        drop(self.child.stdin.take());
        self.child.wait().expect("it ends");
        self.reader.join().expect("no panic");
    }
}

fn judge(arrivals: &mut [i64], cap: u32) -> Report {
    arrivals.sort_unstable();
    let (mut over, mut most, mut oldest) = (0, 0, 0);
    for (place, at) in arrivals.iter().enumerate() {
        while arrivals[oldest] + 1_000_000 <= *at {
            oldest += 1;
        }
        let inside = place - oldest + 1;
        most = most.max(inside);
        over += usize::from(inside > cap as usize);
    }
    let gaps = arrivals.windows(2).map(|pair| pair[1] - pair[0]);
    let span = arrivals
        .last()
        .zip(arrivals.first())
        .map_or(0, |(last, first)| last - first);
    Report {
        starts: arrivals.len(),
        over,
        most,
        pace: arrivals.len() as f64 / (span.max(1) as f64 / 1e6) / f64::from(cap),
        silence: gaps.max().unwrap_or(0),
    }
}
