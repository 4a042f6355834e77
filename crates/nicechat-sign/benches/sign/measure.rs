//! Time, allocations, instructions.
//!
//! Time is measured without a counting allocator, which would cost as much as the smaller inputs.
//! Allocations and instructions come from valgrind.
#![allow(clippy::disallowed_methods, reason = "a bench measures real time")]

use std::process::Command;
use std::time::{Duration, Instant};

/// Duration of a contestant's round, and number of rounds.
const ROUND: Duration = Duration::from_millis(4);
const ROUNDS: usize = 60;

pub(crate) struct Contestant<'a> {
    pub(crate) name: &'static str,
    pub(crate) work: Box<dyn Fn() + 'a>,
}

impl<'a> Contestant<'a> {
    pub(crate) fn new(name: &'static str, work: impl Fn() + 'a) -> Self {
        let work = Box::new(work);
        Self { name, work }
    }
}

/// The best round of each contestant. They take turns, so that a slow moment affects all.
pub(crate) fn nanoseconds(contestants: &[Contestant<'_>]) -> Vec<f64> {
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
    best
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

/// The cost of one run.
#[derive(Clone, Copy)]
pub(crate) struct Counts {
    pub(crate) allocations: u64,
    pub(crate) instructions: u64,
}

/// The counts of one run. `None` without valgrind.
pub(crate) fn counts(input: &str, contestant: &str) -> Option<Counts> {
    let each = |tool: &str, before: &str| {
        let total = |times| number_after(before, &valgrind(tool, input, contestant, times)?);
        // The difference of a longer and a shorter run excludes the start of the program.
        Some(total(24)?.saturating_sub(total(4)?) / 20)
    };
    Some(Counts {
        allocations: each("--tool=memcheck", "total heap usage:")?,
        instructions: each("--tool=callgrind", "Collected :")?,
    })
}

fn valgrind(tool: &str, input: &str, contestant: &str, times: u32) -> Option<String> {
    let mut command = Command::new("valgrind");
    command.arg(tool);
    if tool.ends_with("callgrind") {
        command.arg("--callgrind-out-file=/dev/null");
    }
    command.arg(std::env::current_exe().ok()?);
    command.args(["--repeat", input, contestant, &times.to_string()]);
    String::from_utf8(command.output().ok()?.stderr).ok()
}

fn number_after(before: &str, text: &str) -> Option<u64> {
    let (_, after) = text.split_once(before)?;
    let digits = after.split_whitespace().next()?.replace(',', "");
    digits.parse().ok()
}
