//! `cargo xtask foreign [--write] [NAME...]`: tools and clients that others wrote, against the descriptions and the
//! sandbox. Those of `tests/foreign`, all or the named ones; what they find is listed in docs/foreign.md.
//!
//! They come from PyPI and npm in the versions that `tests/foreign` locks, into `target/foreign`, once for each lock.

use std::{process::Command, time::Instant};

use crate::locked::{self, Locked, text};

/// The checks by name, quick ones first.
const CHECKS: &[&str] = &[
    "validate", "html", "pypi", "state", "export", "generate", "admin", "fuzz",
];

/// Installs what is missing, builds the sandbox, and runs the checks; all failures are reported together.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let is_written = args.iter().any(|arg| arg == "--write");
    let mut named = args.iter().filter(|arg| *arg != "--write");
    if let Some(unknown) = named.clone().find(|name| !CHECKS.contains(&name.as_str())) {
        return Err(format!(
            "unknown check {unknown:?}; there are {}",
            CHECKS.join(", ")
        ));
    }
    let locked = Locked::new("foreign")?;
    let chosen: Vec<&str> = match named.next() {
        None => CHECKS.to_vec(),
        Some(_) => CHECKS
            .iter()
            .copied()
            .filter(|check| args.iter().any(|arg| arg == check))
            .collect(),
    };
    locked.install_python()?;
    if chosen.contains(&"generate") {
        locked.install_node()?;
    }
    if chosen.contains(&"html") {
        download_html5lib(&locked)?;
        let program = ["-p", "shopwire-tests", "--bin", "html_policy"];
        locked::run(
            env!("CARGO"),
            &[&["build", "--quiet"], &program[..]].concat(),
        )?;
    }
    locked::run(env!("CARGO"), &["build", "--quiet", "-p", "shopwire-cli"])?;
    let failures: Vec<String> = chosen
        .into_iter()
        .filter_map(|check| run_check(check, &locked, is_written).err())
        .collect();
    match failures.is_empty() {
        true => Ok(()),
        false => Err(failures.join("\n")),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "it tells how long each check took"
)]
fn run_check(name: &str, locked: &Locked, is_written: bool) -> Result<(), String> {
    let begun = Instant::now();
    println!("== {name} ==");
    let mut python = Command::new(locked.python("python"));
    python.arg(locked.source(&format!("{name}.py")));
    match name {
        "generate" => python.arg(locked.scratch()),
        "pypi" | "state" if is_written => python.arg("--write"),
        _ => &mut python,
    };
    // With another order of its sets, a generator of examples makes others.
    python.env("PYTHONHASHSEED", "0");
    let status = python.current_dir(locked.scratch()).status();
    let status = status.map_err(|error| format!("{name}: {error}"))?;
    println!("{name}: {:.0} s", begun.elapsed().as_secs_f64());
    match status.success() {
        true => Ok(()),
        false => Err(format!("{name} failed")),
    }
}

/// Downloads the source package with the cases of the HTML standard; none of it is installed.
fn download_html5lib(locked: &Locked) -> Result<(), String> {
    locked.once("html5lib.txt", || {
        let status = Command::new(locked.python("pip"))
            .env("PIP_CONSTRAINT", locked.source("html5lib-build.txt"))
            .args(["download", "--quiet", "--disable-pip-version-check"])
            .args(["--no-deps", "--dest", &text(locked.scratch()), "-r"])
            .arg(locked.source("html5lib.txt"))
            .status();
        match status {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("pip download: {status}")),
            Err(error) => Err(format!("pip download: {error}")),
        }
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    // S4: what the checks find is theirs to tell; that they run on every change is told here.
    #[test]
    fn s4_every_check_has_its_script_and_ci_runs_all() {
        let locked = Locked::new("foreign").expect("a folder below target");
        for check in CHECKS {
            let script = locked.source(&format!("{check}.py"));
            assert!(script.is_file(), "{}", script.display());
        }
        let ci = fs::read_to_string(crate::root().join(".ci/run")).expect("what CI runs");
        assert!(ci.lines().any(|line| line == "cargo xtask foreign"));
    }
}
