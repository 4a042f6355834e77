//! Time and allocations of the layers over a service that does nothing.
#![allow(clippy::disallowed_methods, reason = "a bench measures real time")]

use std::time::{Duration, Instant};

use super::stack::ALL;

const CALLS: u32 = 100_000;

pub(crate) fn print() {
    println!("\nlayers over a service that does nothing, {CALLS} calls");
    println!("{:<36}{:>12}{:>16}", "stack", "ns/call", "allocs/call");
    for stack in ALL {
        let mut run = stack.runner();
        run(1_000);
        let mut best = Duration::MAX;
        for _ in 0..super::ROUNDS {
            let begin = Instant::now();
            run(CALLS);
            best = best.min(begin.elapsed());
        }
        let counted = allocation_counter::measure(|| run(1_000));
        let nanos = best.as_secs_f64() * 1e9 / f64::from(CALLS);
        let allocations = counted.count_total as f64 / 1_000.0;
        println!("{:<36}{nanos:>12.0}{allocations:>16.2}", stack.name());
    }
}
