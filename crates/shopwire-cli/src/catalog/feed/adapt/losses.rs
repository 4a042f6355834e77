//! Describes what a format cannot hold, counted.

use std::collections::BTreeMap;

/// Names that are counted apart. Further ones are counted together.
const NAMES: usize = 200;

/// Describes what was left out, and from how many offers, categories or shops.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Losses {
    counts: BTreeMap<String, u64>,
}

impl Losses {
    /// Counts a value that was left out.
    pub(crate) fn add(&mut self, what: &str) {
        self.add_many(what, 1);
    }

    /// Counts several.
    pub(crate) fn add_many(&mut self, what: &str, count: u64) {
        if count == 0 {
            return;
        }
        if let Some(known) = self.counts.get_mut(what) {
            *known += count;
            return;
        }
        let name = match self.counts.len() < NAMES {
            true => what,
            false => "others",
        };
        *self.counts.entry(name.to_owned()).or_default() += count;
    }

    /// All counts, by name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, u64)> {
        self.counts
            .iter()
            .map(|(name, count)| (name.as_str(), *count))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }
}
