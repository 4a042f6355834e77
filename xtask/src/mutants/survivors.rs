//! The mutants that no test can or need catch, each with its reason.

use std::{collections::BTreeSet, fs};

use super::Mutant;

/// Where they are listed: under a comment that says why, one `file: change` a line.
pub(super) const FILE: &str = "xtask/src/mutants/survivors.txt";

#[derive(Debug, Default)]
pub(super) struct Survivors(BTreeSet<(String, String)>);

impl Survivors {
    pub(super) fn read() -> Result<Self, String> {
        let text = fs::read_to_string(crate::root().join(FILE));
        Self::parse(&text.map_err(|error| format!("{FILE}: {error}"))?)
    }

    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (mut survivors, mut has_reason) = (Self::default(), false);
        for line in text.lines() {
            match line.split_once(": ") {
                _ if line.trim().is_empty() => has_reason = false,
                _ if line.starts_with('#') => has_reason = true,
                Some((file, change)) if has_reason => {
                    survivors.0.insert((file.to_owned(), change.to_owned()));
                }
                _ => {
                    return Err(format!(
                        "{FILE}: no reason, or no file and change: {line:?}"
                    ));
                }
            }
        }
        Ok(survivors)
    }

    pub(super) fn explain(&self, mutant: &Mutant) -> bool {
        let name = (mutant.file.clone(), mutant.change().to_owned());
        self.0.contains(&name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // T5
    #[test]
    fn t5_each_survivor_has_a_reason_and_a_file() {
        let survivors = Survivors::read().expect("the list");
        for (file, _) in &survivors.0 {
            assert!(crate::root().join(file).is_file(), "{file}");
        }
        for wrong in [
            "a.rs: replace f with ()\n",
            "# why\n\na.rs: replace f with ()\n",
            "# why\na.rs\n",
        ] {
            assert!(Survivors::parse(wrong).is_err(), "{wrong}");
        }
    }
}
