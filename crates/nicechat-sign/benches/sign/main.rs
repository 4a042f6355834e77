//! What signing costs next to the SHA-256 of the same bytes, and next to other ways of doing it.
//!
//! `cargo bench -p nicechat-sign --bench sign`. Only ratios within one run mean something. PHP, Python
//! and valgrind (instruction counts) are used where they are installed; instructions are counted
//! beyond those of the hash, which valgrind runs without the SHA extensions of the processor.

mod inputs;
mod measure;
mod peers;

use inputs::{Input, inputs};
use measure::{Contestant, instructions, run};

fn main() {
    let args: Vec<String> = std::env::args().collect();
    if let [_, flag, input, contestant, count] = args.as_slice()
        && flag == "--count-instructions"
    {
        return repeat(input, contestant, count.parse().unwrap_or(1));
    }
    println!(
        "{:<10} {:<22} {:>12} {:>7} {:>7} {:>14}",
        "input", "way", "ns", "ratio", "allocs", "instructions"
    );
    for input in inputs() {
        table(&input);
    }
}

fn table(input: &Input) {
    let contestants = peers::contestants(input);
    let results = run(&contestants);
    let bound = results[0].nanoseconds;
    let counted = contestants
        .first()
        .and_then(|it| instructions(input.name, it.name));
    for (contestant, result) in contestants.iter().zip(&results) {
        let beyond = counted
            .zip(instructions(input.name, contestant.name))
            .map_or("-".into(), |(bound, all)| {
                all.saturating_sub(bound).to_string()
            });
        print_row(
            input.name,
            contestant.name,
            result.nanoseconds,
            bound,
            result.allocations,
            &beyond,
        );
    }
    for (name, nanoseconds) in peers::interpreters(input) {
        print_row(input.name, name, nanoseconds, bound, 0, "-");
    }
}

fn print_row(
    input: &str,
    way: &str,
    nanoseconds: f64,
    bound: f64,
    allocations: usize,
    beyond: &str,
) {
    let ratio = nanoseconds / bound;
    println!(
        "{input:<10} {way:<22} {nanoseconds:>12.0} {ratio:>7.2} {allocations:>7} {beyond:>14}"
    );
}

/// Runs one contestant so many times, under valgrind.
fn repeat(input: &str, contestant: &str, count: u32) {
    let Some(input) = inputs().into_iter().find(|it| it.name == input) else {
        return;
    };
    let contestants: Vec<Contestant<'_>> = peers::contestants(&input);
    if let Some(contestant) = contestants.iter().find(|it| it.name == contestant) {
        for _ in 0..count {
            (contestant.work)();
        }
    }
}
