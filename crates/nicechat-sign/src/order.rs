//! The order of the fields in a canonical form.

use alloc::string::String;
use alloc::vec;

use crate::{Form, Value};

/// Forms of up to this many fields are sorted without an allocation.
const ON_STACK: usize = 64;
/// Most forms have no more fields than this. The first bytes of so few keys tell them apart;
/// clearing entries for more fields would take longer than the sort.
const FEW: usize = 8;

/// A field as a number: its index in the low 32 bits, and above them the twelve bytes of its key
/// that decide most comparisons. The standard sort is fastest on plain numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry(u128);

impl Entry {
    pub(crate) const fn new(index: u32) -> Self {
        Self(index as u128)
    }

    pub(crate) const fn index(self) -> usize {
        self.0 as u32 as usize
    }

    const fn prefix(self) -> u128 {
        self.0 >> 32
    }

    const fn head(self) -> u128 {
        self.0 >> 64
    }

    /// The entry with the first eight bytes of its key.
    fn with_head(self, key: &[u8]) -> Self {
        Self(u128::from(head(key)) << 64 | self.0)
    }

    /// The entry with the first twelve bytes of the rest of its key.
    fn with_key(self, key: &[u8]) -> Self {
        let tail = key.get(8..).unwrap_or_default();
        Self(self.with_head(key).0 | u128::from(head(tail) >> 32 << 32))
    }
}

/// The first eight bytes, padded with zeros.
fn head(bytes: &[u8]) -> u64 {
    if let Some(all) = bytes.first_chunk() {
        return u64::from_be_bytes(*all);
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        // Where the two overlap they are equal.
        let first = u64::from(u32::from_be_bytes(*first)) << 32;
        return first | u64::from(u32::from_be_bytes(*last)) << (64 - 8 * bytes.len());
    }
    // By shifts, because a copy of so few bytes would be a call.
    (0..4).zip(bytes).fold(0, |all, (place, &byte)| {
        all | u64::from(byte) << (56 - 8 * place)
    })
}

/// Sorts the entries of these fields, which come in insertion order.
pub(crate) type Sort = fn(&[(String, Value)], &mut [Entry]);

/// Calls `then` with the fields in canonical order.
pub(crate) fn with_order<R>(form: &Form, sort: Sort, then: impl FnOnce(&[Entry]) -> R) -> R {
    let fields = form.fields();
    let (mut few, mut stack, mut heap);
    let entries = match fields.len() {
        count @ ..=FEW => {
            few = [Entry::default(); FEW];
            &mut few[..count]
        }
        count @ ..=ON_STACK => {
            stack = [Entry::default(); ON_STACK];
            &mut stack[..count]
        }
        count => {
            heap = vec![Entry::default(); count];
            heap.as_mut_slice()
        }
    };
    for (entry, index) in entries.iter_mut().zip(0..) {
        *entry = Entry::new(index);
    }
    sort(fields, entries);
    then(entries)
}

/// Sorts by the bytes of the keys. Keys are unique, so any sort gives the one order.
pub(crate) fn sort_by_bytes(fields: &[(String, Value)], entries: &mut [Entry]) {
    let key = |entry: Entry| fields[entry.index()].0.as_bytes();
    let by_key = |&a: &Entry, &b: &Entry| key(a).cmp(key(b));
    if entries.len() <= FEW {
        for entry in entries.iter_mut() {
            *entry = entry.with_head(key(*entry));
        }
        entries.sort_unstable();
        if entries
            .windows(2)
            .any(|pair| pair[0].head() == pair[1].head())
        {
            entries.sort_unstable_by(by_key);
        }
        return;
    }
    let common = common_prefix(fields);
    for entry in entries.iter_mut() {
        *entry = entry.with_key(&key(*entry)[common..]);
    }
    entries.sort_unstable();
    for ties in entries.chunk_by_mut(|a, b| a.prefix() == b.prefix()) {
        if ties.len() > 1 {
            ties.sort_unstable_by(by_key);
        }
    }
}

/// Length of the prefix that all keys share, in bytes.
fn common_prefix(fields: &[(String, Value)]) -> usize {
    let Some(((first, _), rest)) = fields.split_first() else {
        return 0;
    };
    let mut common = first.len();
    for (key, _) in rest {
        let same = first.bytes().zip(key.bytes()).take(common);
        common = same.take_while(|(a, b)| a == b).count();
        if common == 0 {
            break;
        }
    }
    common
}

#[cfg(test)]
mod tests {
    //! No test can see these mutations, because they cost only time: a head or prefix that is always
    //! the same (all keys then tie, and are sorted by their bytes), or one that lacks the bytes behind
    //! the head; a common prefix that is not skipped; few keys treated as many; a sort of a single tie;
    //! `^` for `|` between bits that do not overlap.

    use super::*;

    fn check(keys: &[&str]) {
        let mut expected = keys.to_vec();
        expected.sort_unstable();
        let form: Form = keys.iter().map(|key| (*key, 1)).collect();
        let sorted = with_order(&form, sort_by_bytes, |entries| {
            entries
                .iter()
                .map(|it| form.fields()[it.index()].0.clone())
                .collect::<Vec<_>>()
        });
        assert_eq!(sorted, expected);
    }

    #[test]
    fn n20_keys_sort_by_bytes_whatever_they_share() {
        let keys = [
            "field_10",
            "field_1",
            "field_",
            "field_\0",
            "field_\0\0",
            "field_1000000000001",
            "field_1000000000000",
            "field_100000000000",
            "field_é",
            "field_z",
        ];
        check(&keys);
        // Few, of which two differ behind their heads alone.
        check(&keys[..8]);
        check(&["in_stock_b", "title", "in_stock_a", "url", "id"]);
        check(&["title", "in_stock", "url", "id"]);
        check(&["in_stock_b", "in_stock_a"]);
        check(&["abcdzz", "abcdaaa", "abcdb", "abcd", "abc", "abcdzza"]);
    }
}
