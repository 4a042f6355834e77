//! Tasks of this repository: `cargo xtask <task>`.

mod acceptance;
mod api;
mod attack;
mod bench;
mod browser;
mod codegen;
mod coverage;
mod facts;
mod features;
mod foreign;
mod invariants;
mod locked;
mod mutants;
mod prose;
mod vectors;

use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask <task>

  acceptance [--check]   each row of docs/acceptance.md with the tests that show it
  api [--check]          docs/api: the public items of each library, and which came and went
  attack [--short] [NAME...]
                         races, stalls, floods and hostile texts, with the figures they reach
  bench [NAME...]        the benches with their peers: ratios, allocations, instructions
  browser [TEST...]      the sandbox's page in a real Chromium, and the examples of docs/sandbox.md
  codegen [--check]      src/generated of each API crate, and the sandbox's descriptions
  coverage [--check]     docs/coverage.md: each operation, how it is tested and how the sandbox plays it
  facts                  the descriptions against what clients and documents of the services say
  invariants             what no crate may stand on, and which way the arrows between them point
  mutants --changed | --crate NAME
                         code changed on purpose, in a sample: does a test fail?
  foreign [--write] [NAME...]
                         tools and clients of others against the descriptions and the sandbox
  prose [--count] [PATH...]
                         habits of writing in docs and doc comments
  vectors [--check]      the golden vectors of the signature, from the real PHP and Python
  vectors differential [--count N]
                         random payloads against the real PHP and Python
  features               each crate alone, with no features, each feature, all of them
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some((task, rest)) = args.split_first() else {
        eprint!("{USAGE}");
        return ExitCode::from(2);
    };
    let outcome = match task.as_str() {
        "acceptance" => acceptance::run(rest),
        "api" => api::run(rest),
        "attack" => attack::run(rest),
        "bench" => bench::run(rest),
        "codegen" => codegen::run(rest),
        "coverage" => coverage::run(rest),
        "facts" => facts::run(rest),
        "features" => features::run(rest),
        "invariants" => invariants::run(rest),
        "browser" => browser::run(rest),
        "foreign" => foreign::run(rest),
        "mutants" => mutants::run(rest),
        "prose" => prose::run(rest),
        "vectors" => vectors::run(rest),
        _ => {
            eprint!("unknown task {task:?}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// The root of the checkout.
fn root() -> &'static std::path::Path {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask lies in the root")
}
