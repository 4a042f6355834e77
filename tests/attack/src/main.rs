//! Attacks on the workspace: each drives a part of it into a corner, prints the figures it reached, and fails when a
//! promise does not hold.
//!
//! `cargo xtask attack [--short] [--seed N] [NAME...]`: minutes for all of them, well under a minute with `--short`.

mod floods;
mod memory;
mod races;
mod report;
mod stalls;
mod texts;

#[path = "../../../crates/common-transport/tests/support/mod.rs"]
mod peer;

use std::process::ExitCode;

use report::{Report, Scale};

/// An attack: its name, what it tries, and how it is run.
struct Attack {
    name: &'static str,
    tries: &'static str,
    run: fn(&Scale) -> Report,
}

const ATTACKS: &[Attack] = &[
    Attack {
        name: "races",
        tries: "connections that close just as they are used again",
        run: races::run,
    },
    Attack {
        name: "stalls",
        tries: "a peer that falls silent after each byte",
        run: stalls::run,
    },
    Attack {
        name: "floods",
        tries: "calls that are dropped at any poll, in floods",
        run: floods::run,
    },
    Attack {
        name: "texts",
        tries: "answers with bytes changed, cut and doubled",
        run: texts::run,
    },
    Attack {
        name: "memory",
        tries: "small answers that ask for much memory",
        run: memory::run,
    },
];

const USAGE: &str = "usage: attack [--short] [--seed N] [NAME...]";

fn main() -> ExitCode {
    let (scale, chosen) = match parse(std::env::args().skip(1)) {
        Ok(parsed) => parsed,
        Err(message) => {
            eprintln!("{message}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let mut failed = Vec::new();
    for attack in chosen {
        println!(
            "== {}: {} (seed {}) ==",
            attack.name, attack.tries, scale.seed
        );
        let report = (attack.run)(&scale);
        print!("{report}");
        if !report.holds() {
            failed.push(attack.name);
        }
    }
    if failed.is_empty() {
        return ExitCode::SUCCESS;
    }
    eprintln!("broken: {}", failed.join(", "));
    ExitCode::FAILURE
}

fn parse(mut args: impl Iterator<Item = String>) -> Result<(Scale, Vec<&'static Attack>), String> {
    let mut scale = Scale::default();
    let mut chosen = Vec::new();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--short" => scale.short = true,
            "--seed" => {
                let seed = args.next().and_then(|seed| seed.parse().ok());
                scale.seed = seed.ok_or("--seed needs a number")?;
            }
            name => chosen.push(of_name(name)?),
        }
    }
    if chosen.is_empty() {
        chosen = ATTACKS.iter().collect();
    }
    Ok((scale, chosen))
}

fn of_name(name: &str) -> Result<&'static Attack, String> {
    let known = || ATTACKS.iter().map(|attack| attack.name).collect::<Vec<_>>();
    let attack = ATTACKS.iter().find(|attack| attack.name == name);
    attack.ok_or_else(|| {
        format!(
            "there is no attack {name:?}; there are {}",
            known().join(", ")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(args: &[&str]) -> Result<(Scale, Vec<&'static str>), String> {
        let (scale, chosen) = parse(args.iter().map(|arg| (*arg).to_owned()))?;
        Ok((
            scale,
            chosen.into_iter().map(|attack| attack.name).collect(),
        ))
    }

    // H15
    #[test]
    fn h15_attacks_are_chosen_by_name() {
        assert_eq!(parsed(&[]).unwrap().1.len(), ATTACKS.len());
        let (scale, chosen) = parsed(&["--short", "texts", "--seed", "7"]).unwrap();
        assert_eq!(
            (scale.short, scale.seed, &chosen[..]),
            (true, 7, &["texts"][..])
        );
        assert!(parsed(&["--seed"]).is_err() && parsed(&["text"]).is_err());
    }

    // H15
    #[test]
    fn h15_a_broken_promise_is_told() {
        let mut report = Report::default();
        report.promise(true, || unreachable!());
        assert!(report.holds());
        report.promise(false, || "doubled".into());
        assert!(!report.holds() && report.to_string().contains("BROKEN: doubled"));
    }

    // H15
    #[test]
    fn h15_no_silence_outlasts_the_deadline() {
        let report = stalls::run(&Scale {
            short: true,
            seed: 1,
        });
        assert!(report.holds(), "{report}");
    }
}
