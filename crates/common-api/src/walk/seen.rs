//! Identities of the rows that a walk has given out, in bounded memory.

use std::collections::HashSet;

/// Number of identities in one generation: as many as a hash set of 2^19 buckets holds, 4.5 MiB.
const GENERATION: usize = 458_752;

/// The identities seen last, as numbers or 8-byte hashes.
///
/// There are two generations. When the younger one is full, it replaces the older one, which is forgotten. So at
/// least the last 458,752 identities are known, in at most 9 MiB.
#[derive(Debug, Clone, Default)]
pub struct SeenRows {
    young: HashSet<u64>,
    old: HashSet<u64>,
    has_forgotten: bool,
}

impl SeenRows {
    /// Whether the identity was seen.
    pub fn contains(&self, identity: u64) -> bool {
        self.young.contains(&identity) || self.old.contains(&identity)
    }

    /// Records an identity; returns false if it was seen before.
    pub fn insert(&mut self, identity: u64) -> bool {
        if self.contains(identity) {
            return false;
        }
        if self.young.len() == GENERATION {
            self.has_forgotten |= !self.old.is_empty();
            // The set keeps its memory, so that nothing is allocated anew.
            std::mem::swap(&mut self.young, &mut self.old);
            self.young.clear();
        }
        self.young.insert(identity)
    }

    /// Whether any identity was forgotten.
    pub fn has_forgotten(&self) -> bool {
        self.has_forgotten
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // D20
    #[test]
    fn d20_the_last_identities_are_known_and_memory_is_bounded() {
        let mut seen = SeenRows::default();
        let many = 2_000_000_u64;
        for identity in 0..many {
            assert!(seen.insert(identity));
        }
        let known = GENERATION as u64;
        assert!((many - known..many).all(|identity| !seen.insert(identity)));
        assert!(seen.has_forgotten() && !seen.contains(0));
        // Nine bytes a bucket: the hash and a byte of the table's own.
        let buckets = |set: &HashSet<u64>| set.capacity().div_ceil(7) * 8;
        assert!((buckets(&seen.young) + buckets(&seen.old)) * 9 <= 16 << 20);
    }
}
