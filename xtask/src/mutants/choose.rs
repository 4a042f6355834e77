//! Which mutants are tried.

use std::{
    fs,
    process::{Command, Output},
};

use serde::Deserialize;

/// A change that `cargo mutants` can make.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Mutant {
    /// File, line, column and change.
    pub(super) name: String,
    pub(super) package: String,
    pub(super) file: String,
}

impl Mutant {
    /// What is changed, without its line and column: they move when others edit the file.
    pub(super) fn change(&self) -> &str {
        let place = self.name.strip_prefix(&self.file).unwrap_or(&self.name);
        place.split_once(": ").map_or(place, |(_, change)| change)
    }

    #[cfg(test)]
    pub(super) fn example(file: &str, change: &str) -> Self {
        Self {
            name: format!("{file}:12:5: {change}"),
            package: "a".into(),
            file: file.into(),
        }
    }
}

/// Those of the lines that changed since a commit.
pub(super) fn changed(base: Option<&str>, commits_back: u32) -> Result<Vec<Mutant>, String> {
    let base = match base {
        Some(base) => base.to_owned(),
        None => commit_back(commits_back)?,
    };
    let diff = git(&["diff", "--no-color", "--no-ext-diff", &base, "--", "*.rs"])?;
    println!("changed since {base}");
    if diff.is_empty() {
        return Ok(Vec::new());
    }
    let file = super::trial::folder()?.join("changed.diff");
    fs::write(&file, diff).map_err(|error| format!("{}: {error}", file.display()))?;
    list(&["--in-diff", &file.to_string_lossy()])
}

/// Those of a crate.
pub(super) fn of_crate(name: &str) -> Result<Vec<Mutant>, String> {
    list(&["--package", name])
}

/// So many of them in an order that the seed alone decides: a mutant keeps its rank when others come and go.
pub(super) fn sample(all: &[Mutant], count: usize, seed: u64) -> Vec<&Mutant> {
    let mut ranked: Vec<&Mutant> = all.iter().collect();
    ranked.sort_by_cached_key(|mutant| (rank(seed, &mutant.name), mutant.name.clone()));
    ranked.truncate(count);
    ranked
}

/// FNV-1a from the seed, mixed so that names which differ at their end alone lie far apart.
fn rank(seed: u64, name: &str) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325 ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    let hash = name.bytes().fold(start, step);
    (hash ^ (hash >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93)
}

/// The commit so far back on the first-parent line; the oldest one where the clone ends before.
fn commit_back(commits: u32) -> Result<String, String> {
    let count = (commits + 1).to_string();
    let line = git(&["rev-list", "--first-parent", "--max-count", &count, "HEAD"])?;
    let oldest = line.lines().last().unwrap_or("HEAD");
    Ok(oldest.to_owned())
}

fn git(args: &[&str]) -> Result<String, String> {
    text_of(
        "git",
        Command::new("git")
            .current_dir(crate::root())
            .args(args)
            .output(),
    )
}

fn list(args: &[&str]) -> Result<Vec<Mutant>, String> {
    let mut command = super::trial::cargo_mutants();
    let listed = command.args(["--list", "--json"]).args(args).output();
    let text = text_of("cargo mutants --list", listed)?;
    // A diff without code that can be changed is told in words.
    match text.trim_start().starts_with('[') {
        true => {
            serde_json::from_str(&text).map_err(|error| format!("cargo mutants --list: {error}"))
        }
        false => Ok(Vec::new()),
    }
}

fn text_of(what: &str, output: std::io::Result<Output>) -> Result<String, String> {
    let output = output.map_err(|error| format!("{what}: {error}"))?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(format!(
            "{what}: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // T5
    #[test]
    fn t5_a_sample_is_of_its_seed_and_keeps_ranks() {
        let all: Vec<Mutant> = (0..200)
            .map(|n| Mutant::example("crates/a/src/b.rs", &format!("replace f{n} with ()")))
            .collect();
        let names = |sample: Vec<&Mutant>| -> Vec<String> {
            sample.iter().map(|mutant| mutant.name.clone()).collect()
        };
        let ten = names(sample(&all, 10, 1));
        assert_eq!(ten, names(sample(&all, 10, 1)));
        assert_ne!(ten, names(sample(&all, 10, 2)));
        assert_eq!(sample(&all, 1_000, 1).len(), 200);
        // Half of them gone: the others stand in the same order.
        let half: Vec<Mutant> = all.iter().step_by(2).cloned().collect();
        let left: Vec<String> = names(sample(&all, 200, 1))
            .into_iter()
            .filter(|name| half.iter().any(|mutant| mutant.name == *name))
            .collect();
        assert_eq!(left, names(sample(&half, 200, 1)));
        // From all parts of the file.
        let place = |name: &String| all.iter().position(|mutant| mutant.name == *name);
        let early = ten.iter().filter(|name| place(name) < Some(100)).count();
        assert!((2..=8).contains(&early), "{ten:?}");
    }

    // T5
    #[test]
    fn t5_a_change_is_named_without_its_line() {
        let mutant = Mutant::example("crates/a/src/b.rs", "replace a: b with c");
        assert_eq!(mutant.change(), "replace a: b with c");
    }
}
