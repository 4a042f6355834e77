//! Rows of one file that are, or set, the same thing.

use std::hash::{BuildHasher as _, RandomState};

/// The names of the things of a file: 16 bytes for each, so that a million of them fit into memory.
#[derive(Default)]
pub(super) struct Unique {
    hasher: RandomState,
    /// Two hashes of the shop and the id, and the line.
    seen: Vec<(u64, u32, u32)>,
}

impl Unique {
    pub(super) fn note(&mut self, site: Option<&str>, id: &str, line: u64) {
        let one = self.hasher.hash_one((site, id));
        let two = self.hasher.hash_one((id, site, "again")) as u32;
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        self.seen.push((one, two, line));
    }

    /// The lines of repeated ids, each with the line before it that has the same one; by line.
    pub(super) fn repeated(mut self) -> Vec<(u64, u64)> {
        self.seen.sort_unstable();
        let pairs = self.seen.windows(2);
        let same = pairs.filter(|pair| (pair[0].0, pair[0].1) == (pair[1].0, pair[1].1));
        let mut lines: Vec<(u64, u64)> = same
            .map(|pair| (pair[1].2.into(), pair[0].2.into()))
            .collect();
        lines.sort_unstable();
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // J5
    #[test]
    fn j5_an_id_that_comes_again_is_found_with_its_lines() {
        let mut unique = Unique::default();
        for (line, site, id) in [
            (2, None, "a"),
            (3, None, "b"),
            (4, Some("x"), "a"),
            (5, None, "a"),
            (9, None, "a"),
        ] {
            unique.note(site, id, line);
        }
        assert_eq!(unique.repeated(), [(5, 2), (9, 5)]);
    }
}
