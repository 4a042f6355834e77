//! The order that `ksort` gives to the fields of a form.

use alloc::string::String;
use alloc::vec::Vec;

use super::key::{Key, Rules, may_be_numeric};
use super::sort::zend_sort;
use crate::Value;
use crate::encode::is_word;
use crate::order::{Entry, sort_by_bytes};

/// Sorts the entries of `fields`, which come in insertion order.
pub(crate) fn sort_fields(fields: &[(String, Value)], rules: Rules, entries: &mut [Entry]) {
    if !fields.iter().any(|(key, _)| may_be_numeric(key.as_bytes())) {
        return sort_by_bytes(fields, entries);
    }
    let mut keys: Vec<(Key<'_>, u32)> = fields
        .iter()
        .zip(0..)
        .map(|((key, _), index)| (Key::new(key, rules), index))
        .collect();
    // Ties keep insertion order, as PHP does since 8.0.
    zend_sort(&mut keys, &mut |a, b| {
        a.0.compare(&b.0, rules).then(a.1.cmp(&b.1)).is_gt()
    });
    for (entry, (_, index)) in entries.iter_mut().zip(keys) {
        *entry = Entry::new(index);
    }
}

/// Whether the key is a plain name. PHP reads it as it was sent and does not compare it as a
/// number, so the order of such keys does not depend on the sequence of comparisons.
pub(crate) fn is_name(key: &str) -> bool {
    let key = key.as_bytes();
    !key.is_empty() && !may_be_numeric(key) && is_word(key)
}
