//! Time, allocations, instructions.

use std::alloc::System;
use std::process::Command;
use std::time::{Duration, Instant};

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// How long a contestant runs in each round, and how many rounds there are.
const ROUND: Duration = Duration::from_millis(4);
const ROUNDS: usize = 60;

pub(crate) struct Contestant<'a> {
    pub(crate) name: &'static str,
    pub(crate) work: Box<dyn Fn() + 'a>,
}

#[derive(Clone, Copy)]
pub(crate) struct Outcome {
    pub(crate) nanoseconds: f64,
    pub(crate) allocations: usize,
}

/// The best round of each; the contestants take turns, so that a slow moment hits all.
pub(crate) fn run(contestants: &[Contestant<'_>]) -> Vec<Outcome> {
    let batches: Vec<u32> = contestants.iter().map(|it| batch(&it.work)).collect();
    let mut best = vec![f64::INFINITY; contestants.len()];
    for _ in 0..ROUNDS {
        for ((contestant, &batch), best) in contestants.iter().zip(&batches).zip(&mut best) {
            let started = Instant::now();
            for _ in 0..batch {
                (contestant.work)();
            }
            let each = started.elapsed().as_nanos() as f64 / f64::from(batch);
            *best = best.min(each);
        }
    }
    contestants
        .iter()
        .zip(best)
        .map(|(it, nanoseconds)| Outcome {
            nanoseconds,
            allocations: allocations(&it.work),
        })
        .collect()
}

fn batch(work: &dyn Fn()) -> u32 {
    let started = Instant::now();
    let mut count = 0;
    while started.elapsed() < ROUND {
        work();
        count += 1;
    }
    count
}

fn allocations(work: &dyn Fn()) -> usize {
    let region = Region::new(ALLOCATOR);
    work();
    let stats = region.change();
    stats.allocations + stats.reallocations
}

/// Instructions of one run, as valgrind counts them: the difference of a longer and a shorter run.
pub(crate) fn instructions(input: &str, contestant: &str) -> Option<u64> {
    let (few, many) = (
        count(input, contestant, 10)?,
        count(input, contestant, 110)?,
    );
    Some(many.saturating_sub(few) / 100)
}

fn count(input: &str, contestant: &str, times: u32) -> Option<u64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe().ok()?)
        .args([
            "--count-instructions",
            input,
            contestant,
            &times.to_string(),
        ])
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let collected = text
        .lines()
        .find_map(|line| line.split_once("Collected :"))?
        .1;
    collected.trim().parse().ok()
}
