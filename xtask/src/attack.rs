//! `cargo xtask attack [--short] [--seed N] [NAME...]`: the attacks of `tests/attack`, all or those that are named.
//!
//! The long form is built optimised and takes minutes; the short form uses the build of the tests, for CI. Attacks
//! that need a server of a certain kind stand as tests beside the code that holds; they belong to the long form,
//! since CI runs them with the tests.

use std::process::Command;

/// Attacks that are tests: the name, the package, the test.
const TESTS: &[(&str, &str, &str)] = &[
    ("cold", "common-transport", "cold"),
    ("receivers", "common-api", "receivers"),
];

/// Hands the arguments on: the program knows its attacks.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let test_of = |arg: &str| TESTS.iter().find(|(name, ..)| *name == arg);
    let named: Vec<_> = args.iter().filter_map(|arg| test_of(arg)).collect();
    let rest = args.iter().filter(|arg| test_of(arg).is_none());
    let rest: Vec<&str> = rest.map(String::as_str).collect();
    let is_name = |arg: &&str| arg.chars().all(char::is_alphabetic);
    let is_short = rest.contains(&"--short");
    let is_all = named.is_empty() && !rest.iter().any(is_name);
    if named.is_empty() || rest.iter().any(is_name) {
        program(&rest, is_short)?;
    }
    let tests = match is_all && !is_short {
        true => TESTS.iter().collect(),
        false => named,
    };
    tests.into_iter().try_for_each(|(name, package, test)| {
        println!("== {name}: {package}/tests/{test} ==");
        let args = ["test", "--release", "--all-features", "--package"];
        cargo(&[&args[..], &[package, "--test", test]].concat())
    })
}

fn program(args: &[&str], is_short: bool) -> Result<(), String> {
    let profile = if is_short { "dev" } else { "release" };
    let run = ["run", "--quiet", "--package", "shopwire-attack"];
    cargo(&[&run[..], &["--profile", profile, "--"], args].concat())
}

fn cargo(args: &[&str]) -> Result<(), String> {
    let status = Command::new(env!("CARGO"))
        .current_dir(crate::root())
        .args(args)
        .status()
        .map_err(|error| error.to_string())?;
    match status.success() {
        true => Ok(()),
        false => Err("an attack succeeded, or was not understood".into()),
    }
}
