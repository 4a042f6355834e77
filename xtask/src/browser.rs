//! `cargo xtask browser [TEST...]`: the sandbox's page in a real Chromium, and the examples of docs/sandbox.md. The tests
//! of `tests/browser`, all or those whose names contain one of the words.
//!
//! Chromium and its driver are Debian's. What the tests need besides comes from PyPI and npm in the versions that
//! `tests/browser` locks.

use std::process::Command;

use crate::locked::{self, Locked};

/// Installs what is missing, builds the command, and runs the tests.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    for program in ["chromium", "chromedriver"] {
        // A test that cannot run must not look like one that passed.
        locked::run(program, &["--version"])
            .map_err(|error| format!("{error}; Debian has it as chromium and chromium-driver"))?;
    }
    let locked = Locked::new("browser")?;
    locked.install_python()?;
    locked.install_node()?;
    locked::run(env!("CARGO"), &["build", "--quiet", "-p", "shopwire-cli"])?;

    let mut pytest = Command::new(locked.python("pytest"));
    pytest
        .arg(locked.source(""))
        // Figures that a test prints are shown.
        .args(["--quiet", "-rP", "--show-capture=stdout"])
        .args(["-p", "no:cacheprovider"])
        .env("PYTHONDONTWRITEBYTECODE", "1");
    if !args.is_empty() {
        pytest.args(["-k", &args.join(" or ")]);
    }
    let status = pytest.current_dir(locked.scratch()).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("pytest: {status}")),
        Err(error) => Err(format!("pytest: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    // S2: what is seen in the browser is told by its tests; that they run on every change is told here.
    #[test]
    fn s2_ci_runs_the_tests_of_the_page() {
        let ci = fs::read_to_string(crate::root().join(".ci/run")).expect("what CI runs");
        assert!(ci.lines().any(|line| line == "cargo xtask browser"));
        for package in ["chromium", "chromium-driver"] {
            assert!(
                ci.lines()
                    .any(|line| line.starts_with("need ") && line.ends_with(package))
            );
        }
        let locked = Locked::new("browser").expect("a folder below target");
        for subject in [
            "requests",
            "signature",
            "state",
            "hostile",
            "scroll",
            "access",
            "examples",
        ] {
            let file = locked.source(&format!("test_{subject}.py"));
            let tests = fs::read_to_string(&file).unwrap_or_default();
            assert!(tests.contains("\ndef test_s2_"), "{}", file.display());
        }
    }
}
