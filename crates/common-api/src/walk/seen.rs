//! Identities of the rows that a walk has given out, in bounded memory.

use std::collections::{HashSet, VecDeque};

/// Number of identities in one generation: as many as a hash set of 2^16 buckets holds.
const GENERATION: usize = 57_344;

/// Number of generations that are complete. Each takes 448 KiB.
const COMPLETE: usize = 8;

/// The identities seen last, as numbers or 8-byte hashes.
///
/// They are kept in generations, each a sorted list but the youngest. When the youngest one is full and there are eight
/// others, the oldest one is forgotten. So at least the last 458,752 identities are known, in at most 4.1 MiB. Small
/// generations also grow without large copies.
#[derive(Debug, Clone, Default)]
pub struct SeenRows {
    young: HashSet<u64>,
    complete: VecDeque<Vec<u64>>,
    has_forgotten: bool,
}

impl SeenRows {
    /// Whether the identity was seen.
    pub fn contains(&self, identity: u64) -> bool {
        // Numbers mostly rise or fall, so the bounds of a generation say enough.
        let is_in = |sorted: &Vec<u64>| {
            let is_within = sorted.first() <= Some(&identity) && Some(&identity) <= sorted.last();
            is_within && sorted.binary_search(&identity).is_ok()
        };
        self.young.contains(&identity) || self.complete.iter().rev().any(is_in)
    }

    /// Records an identity; returns false if it was seen before.
    pub fn insert(&mut self, identity: u64) -> bool {
        if self.contains(identity) {
            return false;
        }
        if self.young.len() == GENERATION {
            self.complete_young();
        }
        self.young.insert(identity)
    }

    fn complete_young(&mut self) {
        // The memory of the oldest generation is used again.
        let mut sorted = match self.complete.len() < COMPLETE {
            true => Vec::with_capacity(GENERATION),
            false => {
                self.has_forgotten = true;
                self.complete.pop_front().unwrap_or_default()
            }
        };
        sorted.clear();
        sorted.extend(self.young.drain());
        sorted.sort_unstable();
        self.complete.push_back(sorted);
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
        let known = 458_752;
        assert!((many - known..many).all(|identity| !seen.insert(identity)));
        assert!(seen.has_forgotten() && !seen.contains(0));
        assert!(bytes(&seen) <= 4_300_000, "{}", bytes(&seen));
    }

    /// Nine bytes a bucket of a set: the hash and a byte of the table's own.
    fn bytes(seen: &SeenRows) -> usize {
        let lists = seen.complete.iter().map(|sorted| sorted.capacity() * 8);
        lists.sum::<usize>() + seen.young.capacity().div_ceil(7) * 8 * 9
    }

    // D20: hashes are in no order.
    #[test]
    fn d20_identities_in_any_order_are_known() {
        let mut seen = SeenRows::default();
        let hash = |number: u64| number.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31);
        for number in 0..458_752 {
            assert!(seen.insert(hash(number)), "{number}");
        }
        assert!(!seen.has_forgotten());
        assert!(
            (0..458_752).all(|number| seen.contains(hash(number)) && !seen.insert(hash(number)))
        );
        assert!((500_000..600_000).all(|number| !seen.contains(hash(number))));
    }
}
