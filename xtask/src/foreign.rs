//! `cargo xtask foreign [--write] [NAME...]`: tools and clients that others wrote, against the descriptions and the
//! sandbox. Those of `tests/foreign`, all or the named ones; what they find is listed in docs/foreign.md.
//!
//! They come from PyPI and npm in the versions that `tests/foreign` locks, into `target/foreign`, once for each lock.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

/// The checks by name, quick ones first.
const CHECKS: &[&str] = &[
    "validate", "html", "pypi", "state", "export", "generate", "fuzz",
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
    let scratch = crate::root().join("target/foreign");
    fs::create_dir_all(&scratch).map_err(|error| format!("{}: {error}", scratch.display()))?;
    let chosen: Vec<&str> = match named.next() {
        None => CHECKS.to_vec(),
        Some(_) => CHECKS
            .iter()
            .copied()
            .filter(|check| args.iter().any(|arg| arg == check))
            .collect(),
    };
    install_python(&scratch)?;
    if chosen.contains(&"generate") {
        install_node(&scratch)?;
    }
    if chosen.contains(&"html") {
        download_html5lib(&scratch)?;
        let program = ["-p", "shopwire-tests", "--bin", "html_policy"];
        command(
            env!("CARGO"),
            &[&["build", "--quiet"], &program[..]].concat(),
        )?;
    }
    command(env!("CARGO"), &["build", "--quiet", "-p", "shopwire-cli"])?;
    let failures: Vec<String> = chosen
        .into_iter()
        .filter_map(|check| run_check(check, &scratch, is_written).err())
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
fn run_check(name: &str, scratch: &Path, is_written: bool) -> Result<(), String> {
    let begun = Instant::now();
    println!("== {name} ==");
    let mut python = Command::new(scratch.join("venv/bin/python"));
    python.arg(source(&format!("{name}.py")));
    match name {
        "generate" => python.arg(scratch),
        "pypi" | "state" if is_written => python.arg("--write"),
        _ => &mut python,
    };
    // With another order of its sets, a generator of examples makes others.
    python.env("PYTHONHASHSEED", "0");
    let status = python.current_dir(scratch).status();
    let status = status.map_err(|error| format!("{name}: {error}"))?;
    println!("{name}: {:.0} s", begun.elapsed().as_secs_f64());
    match status.success() {
        true => Ok(()),
        false => Err(format!("{name} failed")),
    }
}

fn install_python(scratch: &Path) -> Result<(), String> {
    once(scratch, "requirements.txt", || {
        let venv = scratch.join("venv");
        command("python3", &["-m", "venv", "--clear", &text(&venv)])?;
        let lock = text(&source("requirements.txt"));
        let pip = text(&venv.join("bin/pip"));
        let quiet = ["install", "--quiet", "--disable-pip-version-check"];
        command(&pip, &[&quiet[..], &["--no-deps", "-r", &lock]].concat())
    })
}

/// Downloads the source package with the cases of the HTML standard; none of it is installed.
fn download_html5lib(scratch: &Path) -> Result<(), String> {
    once(scratch, "html5lib.txt", || {
        let status = Command::new(scratch.join("venv/bin/pip"))
            .env("PIP_CONSTRAINT", source("html5lib-build.txt"))
            .args(["download", "--quiet", "--disable-pip-version-check"])
            .args(["--no-deps", "--dest", &text(scratch), "-r"])
            .arg(source("html5lib.txt"))
            .status();
        match status {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("pip download: {status}")),
            Err(error) => Err(format!("pip download: {error}")),
        }
    })
}

fn install_node(scratch: &Path) -> Result<(), String> {
    once(scratch, "package-lock.json", || {
        for file in ["package.json", "package-lock.json"] {
            let copied = fs::copy(source(file), scratch.join(file));
            copied.map_err(|error| format!("{file}: {error}"))?;
        }
        let folder = text(scratch);
        let quiet = [
            "ci",
            "--silent",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
        ];
        command("npm", &[&quiet[..], &["--prefix", &folder]].concat())
    })
}

/// Installs unless it was done for this text of the lock file.
fn once(
    scratch: &Path,
    lock: &str,
    install: impl FnOnce() -> Result<(), String>,
) -> Result<(), String> {
    let wanted = fs::read(source(lock)).map_err(|error| format!("{lock}: {error}"))?;
    let stamp = scratch.join(format!("{lock}.installed"));
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    println!("installing what {lock} names");
    install()?;
    fs::write(&stamp, wanted).map_err(|error| format!("{}: {error}", stamp.display()))
}

fn command(program: &str, args: &[&str]) -> Result<(), String> {
    let shown = format!("{program} {}", args.join(" "));
    let status = Command::new(program)
        .current_dir(crate::root())
        .args(args)
        .status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{shown}: {status}")),
        Err(error) => Err(format!("{shown}: {error}")),
    }
}

fn source(file: &str) -> PathBuf {
    crate::root().join("tests/foreign").join(file)
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    // S4: what the checks find is theirs to tell; that they run on every change is told here.
    #[test]
    fn s4_every_check_has_its_script_and_ci_runs_all() {
        for check in CHECKS {
            let script = source(&format!("{check}.py"));
            assert!(script.is_file(), "{}", script.display());
        }
        let ci = fs::read_to_string(crate::root().join(".ci/run")).expect("what CI runs");
        assert!(ci.lines().any(|line| line == "cargo xtask foreign"));
    }
}
