//! The order that `ksort` gives to the fields of a form.

use alloc::string::String;
use alloc::vec::Vec;

use super::key::{Key, integer, may_be_numeric};
use super::sort::zend_sort;
use crate::order::{Entry, sort_by_bytes};
use crate::{Form, Value};

/// Whose comparison of integer keys with text keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rules {
    /// PHP 8.2 and later: as values compare.
    Php82,
    /// PHP 7 to 8.1: a text counts as the number it starts with, or 0.
    Php7,
}

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
    // Ties go by insertion order, as since PHP 8.0.
    zend_sort(&mut keys, &mut |a, b| {
        a.0.compare(&b.0, rules).then(a.1.cmp(&b.1)).is_gt()
    });
    for (entry, (_, index)) in entries.iter_mut().zip(keys) {
        *entry = Entry::new(index);
    }
}

/// Whether the keys compare in one order whatever the sequence: no numbers among them, or integer
/// keys only.
pub(crate) fn sorts_totally(form: &Form) -> bool {
    form.iter().all(|(key, _)| !may_be_numeric(key.as_bytes()))
        || form.iter().all(|(key, _)| integer(key).is_some())
}
