//! The order that `ksort` gives to the fields of a form.

use alloc::string::String;
use alloc::vec::Vec;

use super::key::{Key, integer, may_be_numeric};
use super::sort::zend_sort;
use crate::{Form, Value};

/// Whose comparison of integer keys with text keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rules {
    /// PHP 8.2 and later: as values compare.
    Php82,
    /// PHP 7 to 8.1: a text counts as the number it starts with, or 0.
    Php7,
}

/// Sorts indices of `fields`. They come in as `0..fields.len()`.
pub(crate) fn sort_fields(fields: &[(String, Value)], rules: Rules, order: &mut [u32]) {
    let key = |index: u32| fields[index as usize].0.as_str();
    if !fields.iter().any(|(key, _)| may_be_numeric(key.as_bytes())) {
        // Plain names compare by bytes and are unique: any sort gives the one order.
        order.sort_unstable_by(|&a, &b| key(a).cmp(key(b)));
        return;
    }
    let mut keys: Vec<(Key<'_>, u32)> =
        order.iter().map(|&index| (Key::new(key(index), rules), index)).collect();
    // Ties go by insertion order, as since PHP 8.0.
    zend_sort(&mut keys, &mut |a, b| a.0.compare(&b.0, rules).then(a.1.cmp(&b.1)).is_gt());
    for (place, (_, index)) in order.iter_mut().zip(keys) {
        *place = index;
    }
}

/// Whether the keys compare in one order whatever the sequence: no numbers among them, or integer
/// keys only.
pub(crate) fn sorts_totally(form: &Form) -> bool {
    form.iter().all(|(key, _)| !may_be_numeric(key.as_bytes()))
        || form.iter().all(|(key, _)| integer(key).is_some())
}
