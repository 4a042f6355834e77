//! Printing of a table for each input.

use crate::inputs::{Input, inputs};
use crate::measure::{Contestant, Counts, counts, nanoseconds};

/// Prints a table per input. `contestants` gives the bound first; `others` are timed by themselves.
pub(crate) fn run(
    contestants: fn(&Input) -> Vec<Contestant<'_>>,
    others: fn(&Input) -> Vec<(&'static str, f64)>,
) {
    let args: Vec<String> = std::env::args().collect();
    if let [_, flag, input, contestant, times] = args.as_slice()
        && flag == "--repeat"
    {
        return repeat(contestants, input, contestant, times.parse().unwrap_or(1));
    }
    println!(
        "{:<10} {:<22} {:>12} {:>7} {:>7} {:>14}",
        "input", "way", "ns", "ratio", "allocs", "instructions"
    );
    for input in inputs() {
        print(&input, &contestants(&input), others);
    }
}

fn print(
    input: &Input,
    contestants: &[Contestant<'_>],
    others: fn(&Input) -> Vec<(&'static str, f64)>,
) {
    if contestants.is_empty() {
        return;
    }
    let times = nanoseconds(contestants);
    let of = |contestant: &Contestant<'_>| counts(input.name, contestant.name);
    let bound = contestants.first().and_then(of);
    for (contestant, &time) in contestants.iter().zip(&times) {
        row(
            input.name,
            contestant.name,
            time,
            times[0],
            of(contestant),
            bound,
        );
    }
    for (name, time) in others(input) {
        row(input.name, name, time, times[0], None, None);
    }
}

/// Instructions are printed without those of the bound.
fn row(
    input: &str,
    way: &str,
    time: f64,
    bound: f64,
    counts: Option<Counts>,
    least: Option<Counts>,
) {
    let ratio = time / bound;
    let (allocations, instructions) = match (counts, least) {
        (Some(counts), Some(least)) => (
            counts.allocations.to_string(),
            counts
                .instructions
                .saturating_sub(least.instructions)
                .to_string(),
        ),
        _ => ("-".into(), "-".into()),
    };
    println!("{input:<10} {way:<22} {time:>12.0} {ratio:>7.2} {allocations:>7} {instructions:>14}");
}

/// Runs one contestant a number of times, under valgrind.
fn repeat(
    contestants: fn(&Input) -> Vec<Contestant<'_>>,
    input: &str,
    contestant: &str,
    times: u32,
) {
    let Some(input) = inputs().into_iter().find(|it| it.name == input) else {
        return;
    };
    if let Some(contestant) = contestants(&input).iter().find(|it| it.name == contestant) {
        for _ in 0..times {
            (contestant.work)();
        }
    }
}
