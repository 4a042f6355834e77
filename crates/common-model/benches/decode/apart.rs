//! Times each contestant in processes of its own, in turns.
//!
//! In one process the contestants share a heap. What one of them leaves behind makes the next one's allocations
//! slower, and by luck of the layout freed memory is given back to the system after one and not after another. That
//! changed the ratios by half, with equal allocations and instructions.

use std::{
    env,
    process::Command,
    time::{Duration, Instant},
};

/// Names the contestant that a child process shall run.
const CONTESTANT: &str = "BENCH_CONTESTANT";

/// Settings of glibc's allocator: it keeps what is freed, as in a program that has more data than this.
const KEEP_FREED: [(&str, &str); 2] = [
    ("MALLOC_TRIM_THRESHOLD_", "1000000000"),
    ("MALLOC_MMAP_THRESHOLD_", "33554432"),
];

/// Processes for each contestant.
const TURNS: usize = 8;

/// Measurements in each process.
const ROUNDS: usize = 40;

/// Returns the best time of each contestant. `name` tells this comparison from others of the bench.
pub(crate) fn best<const N: usize>(name: &str, contestants: [&dyn Fn(); N]) -> [Duration; N] {
    if let Ok(chosen) = env::var(CONTESTANT) {
        for (index, run) in contestants.into_iter().enumerate() {
            if chosen == format!("{name} {index}") {
                println!("{}", measure(run).as_nanos());
                std::process::exit(0);
            }
        }
        return [Duration::ZERO; N];
    }
    let mut best = [Duration::MAX; N];
    for _ in 0..TURNS {
        for (index, best) in best.iter_mut().enumerate() {
            *best = child(&format!("{name} {index}")).min(*best);
        }
    }
    best
}

/// Whether this process runs one contestant and prints nothing else.
pub(crate) fn is_child() -> bool {
    env::var_os(CONTESTANT).is_some()
}

fn child(contestant: &str) -> Duration {
    let program = env::current_exe().expect("the path of this program");
    let output = Command::new(program)
        .env(CONTESTANT, contestant)
        .envs(KEEP_FREED)
        .output()
        .expect("a child process");
    let text = String::from_utf8(output.stdout).expect("text");
    Duration::from_nanos(text.trim().parse().expect("nanoseconds"))
}

fn measure(run: &dyn Fn()) -> Duration {
    let times = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        run();
        start.elapsed()
    });
    times.min().unwrap_or_default()
}
