//! How long an attack goes on, and what it has to say.

use std::fmt;

/// How much an attack tries.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    /// The form for CI.
    pub(crate) short: bool,
    /// What the randomness begins with; a failure is seen again with the same seed.
    pub(crate) seed: u64,
}

impl Default for Scale {
    fn default() -> Self {
        Self {
            short: false,
            seed: 1,
        }
    }
}

impl Scale {
    /// A count for the short form, and one for the long form.
    pub(crate) fn pick(self, short: usize, long: usize) -> usize {
        if self.short { short } else { long }
    }

    /// Randomness of an attack's own, the same for the same seed.
    pub(crate) fn random(self) -> fastrand::Rng {
        fastrand::Rng::with_seed(self.seed)
    }
}

/// The figures an attack reached, and the promises it broke.
#[derive(Debug, Default)]
pub(crate) struct Report {
    lines: Vec<String>,
    broken: Vec<String>,
}

impl Report {
    /// A figure to print.
    pub(crate) fn figure(&mut self, name: &str, value: impl fmt::Display) {
        self.lines.push(format!("{name:<48} {value}"));
    }

    /// A promise; `found` is told where it does not hold.
    pub(crate) fn promise(&mut self, holds: bool, found: impl FnOnce() -> String) {
        // The first few tell enough.
        if !holds && self.broken.len() < 10 {
            self.broken.push(found());
        }
    }

    pub(crate) fn holds(&self) -> bool {
        self.broken.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.lines {
            writeln!(f, "  {line}")?;
        }
        for broken in &self.broken {
            writeln!(f, "  BROKEN: {broken}")?;
        }
        Ok(())
    }
}
