//! `cargo xtask mutants`: changes the code on purpose, one place at a time, and looks whether a test fails.
//!
//! `cargo mutants` (27.1) makes the changes in place and runs the tests of the package that was changed. This task
//! chooses a sample, keeps to a time limit, and knows the survivors that are explained in `survivors.txt`.

#![expect(clippy::disallowed_methods, reason = "builds and tests take real time")]

mod choose;
mod survivors;
mod trial;

use std::time::{Duration, Instant};

use choose::Mutant;
use survivors::Survivors;
use trial::{Ending, Trials};

const USAGE: &str = "usage: cargo xtask mutants --changed [--base REV] [--minutes N] [--seed N]
       cargo xtask mutants --crate NAME [--sample N] [--minutes N] [--seed N]

  --changed      lines that changed since REV; it is ten commits back, or the first commit of a shorter history
  --crate NAME   any line of a crate
  --sample N     how many mutants are tried at most (15 for a crate, all that changed lines have)
  --minutes N    when no further mutant is tried, and the one at hand is given up (4 for changed lines, 60 for a crate)
  --seed N       which sample (1)

The code is changed in place and restored; do not edit meanwhile.";

/// Where `git` is asked for changes.
const COMMITS_BACK: u32 = 10;

#[derive(Debug, PartialEq)]
struct Options {
    scope: Scope,
    sample: usize,
    minutes: u64,
    seed: u64,
}

/// Which lines are changed.
#[derive(Debug, PartialEq)]
enum Scope {
    Changed { base: Option<String> },
    Crate(String),
}

/// Tries a sample of mutants; fails when one survives that is not explained.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let options = parse(args)?;
    let deadline = Instant::now() + Duration::from_secs(60 * options.minutes);
    let survivors = Survivors::read()?;
    let all = match &options.scope {
        Scope::Changed { base } => choose::changed(base.as_deref(), COMMITS_BACK)?,
        Scope::Crate(name) => choose::of_crate(name)?,
    };
    let sample = choose::sample(&all, options.sample, options.seed);
    println!("{} mutants, {} in the sample", all.len(), sample.len());
    let report = try_all(&sample, deadline)?;
    println!("{}", report.figures(sample.len()));
    report.judge(&survivors)
}

fn parse(args: &[String]) -> Result<Options, String> {
    let (mut changed, mut base, mut name) = (false, None, None);
    let (mut sample, mut minutes, mut seed) = (None, None, 1);
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| USAGE.to_owned());
        match arg.as_str() {
            "--changed" => changed = true,
            "--base" => base = Some(value()?.clone()),
            "--crate" => name = Some(value()?.clone()),
            "--sample" => sample = Some(number(value()?)?),
            "--minutes" => minutes = Some(number(value()?)?),
            "--seed" => seed = number(value()?)?,
            _ => return Err(USAGE.to_owned()),
        }
    }
    let (scope, usual_sample, usual_minutes) = match (changed, name) {
        (true, None) => (Scope::Changed { base }, usize::MAX, 4),
        (false, Some(name)) if base.is_none() => (Scope::Crate(name), 15, 60),
        _ => return Err(USAGE.to_owned()),
    };
    Ok(Options {
        scope,
        sample: sample.map_or(usual_sample, |n: u64| {
            usize::try_from(n).unwrap_or(usize::MAX)
        }),
        minutes: minutes.unwrap_or(usual_minutes),
        seed,
    })
}

fn number(text: &str) -> Result<u64, String> {
    text.parse()
        .map_err(|_| format!("{text:?} is not a number\n{USAGE}"))
}

fn try_all(sample: &[&Mutant], deadline: Instant) -> Result<Report, String> {
    let mut trials = Trials::new(deadline);
    let mut report = Report::default();
    for &mutant in sample {
        let start = Instant::now();
        let Some(ending) = trials.run(mutant)? else {
            break;
        };
        println!(
            "{:>7.1} s  {ending:<9} {}",
            start.elapsed().as_secs_f64(),
            mutant.name
        );
        report.note(mutant, ending);
    }
    Ok(report)
}

/// How the mutants of a sample ended.
#[derive(Debug, Default)]
struct Report {
    caught: usize,
    unviable: usize,
    missed: Vec<Mutant>,
}

impl Report {
    fn note(&mut self, mutant: &Mutant, ending: Ending) {
        match ending {
            Ending::Caught | Ending::Hung => self.caught += 1,
            Ending::Unviable => self.unviable += 1,
            Ending::Missed => self.missed.push(mutant.clone()),
        }
    }

    fn figures(&self, sample: usize) -> String {
        let (caught, missed, unviable) = (self.caught, self.missed.len(), self.unviable);
        let untried = sample - caught - missed - unviable;
        format!("{caught} caught, {missed} missed, {unviable} unviable, {untried} not tried")
    }

    fn judge(&self, survivors: &Survivors) -> Result<(), String> {
        let unexplained = self
            .missed
            .iter()
            .filter(|mutant| !survivors.explain(mutant));
        let names: Vec<&str> = unexplained.map(|mutant| mutant.name.as_str()).collect();
        match names.is_empty() {
            true => Ok(()),
            false => Err(format!(
                "no test fails for these; add one beside the code, or a reason to {}:\n{}",
                survivors::FILE,
                names.join("\n")
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(args: &str) -> Result<Options, String> {
        let args: Vec<String> = args.split_whitespace().map(str::to_owned).collect();
        parse(&args)
    }

    // T5
    #[test]
    fn t5_a_scope_has_its_own_limits() {
        let changed = options("--changed --base HEAD~3").expect("options");
        let base = Some("HEAD~3".to_owned());
        assert_eq!(changed.scope, Scope::Changed { base });
        assert_eq!((changed.sample, changed.minutes), (usize::MAX, 4));
        let of_crate = options("--crate common-api --sample 3 --seed 7").expect("options");
        assert_eq!(of_crate.scope, Scope::Crate("common-api".into()));
        assert_eq!(
            (of_crate.sample, of_crate.minutes, of_crate.seed),
            (3, 60, 7)
        );
        for wrong in [
            "",
            "--changed --crate a",
            "--crate a --base b",
            "--crate",
            "--minutes x --changed",
        ] {
            assert!(options(wrong).is_err(), "{wrong}");
        }
    }

    // T5
    #[test]
    fn t5_a_survivor_without_a_reason_fails_the_task() {
        let mutant = Mutant::example("crates/a/src/b.rs", "replace f -> bool with true");
        let mut report = Report::default();
        for ending in [Ending::Caught, Ending::Hung, Ending::Unviable] {
            report.note(&mutant, ending);
        }
        assert_eq!(
            report.figures(5),
            "2 caught, 0 missed, 1 unviable, 2 not tried"
        );
        assert_eq!(report.judge(&Survivors::parse("").expect("none")), Ok(()));
        report.note(&mutant, Ending::Missed);
        let failure = report.judge(&Survivors::parse("").expect("none"));
        assert!(failure.expect_err("it survived").contains(&mutant.name));
        let text = "# f is a hint alone.\ncrates/a/src/b.rs: replace f -> bool with true\n";
        assert_eq!(report.judge(&Survivors::parse(text).expect("one")), Ok(()));
    }
}
