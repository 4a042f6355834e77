//! The fields of a payload, in insertion order.

use alloc::string::String;
use alloc::vec::Vec;

use crate::Value;

/// Fields in insertion order. Keys are unique: a later value replaces the earlier one in its place,
/// as in an array of PHP and a dict of Python.
///
/// ```
/// use nicechat_sign::{Dialect, Form, canonical};
///
/// let form = Form::new().with("title", "Товар").with("id", 1);
/// assert_eq!(
///     canonical(Dialect::Php, &form)?,
///     "id=1&title=%D0%A2%D0%BE%D0%B2%D0%B0%D1%80",
/// );
/// # Ok::<(), nicechat_sign::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Form {
    fields: Vec<(String, Value)>,
}

impl Form {
    /// A form without fields.
    pub const fn new() -> Self {
        Self { fields: Vec::new() }
    }

    /// Adds a field.
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.insert(key, value);
        self
    }

    /// Adds a field or replaces its value, and returns the earlier value.
    ///
    /// The search is linear: collect from an iterator to build a form of thousands of fields.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<Value>) -> Option<Value> {
        let (key, value) = (key.into(), value.into());
        match self.get_mut(&key) {
            Some(place) => Some(core::mem::replace(place, value)),
            None => {
                self.fields.push((key, value));
                None
            }
        }
    }

    /// Removes a field, keeps the order of the others, and returns the value.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let at = self.fields.iter().position(|(name, _)| name == key)?;
        Some(self.fields.remove(at).1)
    }

    /// The value of a field.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.fields
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value)
    }

    /// A mutable reference to the value of a field.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.fields
            .iter_mut()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value)
    }

    /// The fields in insertion order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> {
        self.fields.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// The number of fields.
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether there are no fields.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    pub(crate) fn fields(&self) -> &[(String, Value)] {
        &self.fields
    }

    pub(crate) fn push_unique(&mut self, key: String, value: Value) {
        self.fields.push((key, value));
    }
}

impl<K: Into<String>, V: Into<Value>> FromIterator<(K, V)> for Form {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let pairs = pairs
            .into_iter()
            .map(|(key, value)| (key.into(), value.into()));
        Self {
            fields: unique(pairs.collect()),
        }
    }
}

impl From<Vec<(String, Value)>> for Form {
    fn from(pairs: Vec<(String, Value)>) -> Self {
        Self {
            fields: unique(pairs),
        }
    }
}

impl IntoIterator for Form {
    type Item = (String, Value);
    type IntoIter = alloc::vec::IntoIter<(String, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.fields.into_iter()
    }
}

/// Keeps the first place and the last value of each key, in O(n log n).
fn unique(mut pairs: Vec<(String, Value)>) -> Vec<(String, Value)> {
    let mut order: Vec<usize> = (0..pairs.len()).collect();
    order.sort_by(|&a, &b| pairs[a].0.cmp(&pairs[b].0));
    // The sort is stable: a group of equal keys is in insertion order.
    let doubled: Vec<Vec<usize>> = order
        .chunk_by(|&a, &b| pairs[a].0 == pairs[b].0)
        .filter(|group| group.len() > 1)
        .map(<[usize]>::to_vec)
        .collect();
    let mut keep = alloc::vec![true; pairs.len()];
    for group in doubled {
        pairs.swap(group[0], group[group.len() - 1]);
        for &at in &group[1..] {
            keep[at] = false;
        }
    }
    let mut keep = keep.into_iter();
    pairs.retain(|_| keep.next() == Some(true));
    pairs
}

#[cfg(test)]
mod tests {
    //! No test can see that a key of which there is one counts as doubled: nothing changes then.

    use super::*;

    #[test]
    fn n21_a_later_value_replaces_the_earlier_in_its_place() {
        let by_insert = Form::new()
            .with("a", 1)
            .with("b", 2)
            .with("a", 3)
            .with("a", 4);
        let collected: Form = [("a", 1), ("b", 2), ("a", 3), ("a", 4)]
            .into_iter()
            .collect();
        assert_eq!(by_insert, collected);
        assert_eq!(
            collected.iter().map(|(key, _)| key).collect::<Vec<_>>(),
            ["a", "b"]
        );
        assert_eq!(collected.get("a"), Some(&Value::Int(4)));
    }

    #[test]
    fn fields_can_be_taken_out() {
        let mut form = Form::new().with("a", 1).with("b", 2).with("c", 3);
        assert_eq!(form.remove("b"), Some(Value::Int(2)));
        assert_eq!(form.remove("b"), None);
        assert_eq!(form, Form::new().with("a", 1).with("c", 3));
        assert_eq!(form.len(), 2);
        assert!(!form.is_empty() && Form::new().is_empty());
    }
}
