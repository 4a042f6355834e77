//! Objects with free keys, in the order they came.

mod repeats;
mod traits;

pub(crate) use repeats::{first_places, keep_first, keep_last};
pub use traits::MapIntoIter;

use std::collections::HashMap;

use crate::{key::Key, options::Stop, steps};

/// A map from text to `V` in insertion order.
///
/// PHP writes an empty map as `[]`, and a map with the keys 0, 1, 2… as a list. Both are read, and written again in
/// the same shape. When a key comes twice, the last value counts.
///
/// Look-ups scan the entries: the type is made for the small maps of an API. Reading, extending, collecting and
/// comparing take linear time also for large maps. For many look-ups, collect the [entries](Self::iter) into a
/// `HashMap`. For many changes, [extend](Extend::extend) the map by them at once. Two maps are equal when they hold
/// the same entries, in any order and shape.
///
/// ```
/// use common_model::{Map, from_json, to_json};
///
/// let fields: Map<String> = from_json(r#"{"color": "red", "size": "XL"}"#)?;
/// assert_eq!(fields.get("size").map(String::as_str), Some("XL"));
///
/// let empty: Map<String> = from_json("[]")?;
/// assert!(empty.is_empty());
/// assert_eq!(to_json(&empty), "[]");
/// # Ok::<(), common_model::Error>(())
/// ```
// U48, RE11
#[derive(Debug, Clone)]
pub struct Map<V> {
    entries: Vec<(Key, V)>,
    shape: Shape,
}

#[derive(Debug, Clone, Copy)]
enum Shape {
    Object,
    List,
}

impl<V> Map<V> {
    /// Builds an empty map, which is written as `{}`.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            entries: Vec::new(),
            shape: Shape::Object,
        }
    }

    /// Returns the number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&V> {
        self.entries
            .iter()
            .find(|(name, _)| name.is(key))
            .map(|(_, value)| value)
    }

    /// Returns the value of a key, to change it.
    #[must_use]
    pub fn get_mut(&mut self, key: &str) -> Option<&mut V> {
        self.entries
            .iter_mut()
            .find(|(name, _)| name.is(key))
            .map(|(_, value)| value)
    }

    /// Whether the map holds the key.
    #[must_use]
    pub fn contains_key(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Sets the value of a key in place, or appends an entry; returns the previous value. It scans all keys: see the
    /// type for setting many.
    pub fn insert(&mut self, key: impl AsRef<str>, value: V) -> Option<V> {
        let key = key.as_ref();
        match self.get_mut(key) {
            Some(slot) => Some(std::mem::replace(slot, value)),
            None => {
                self.push(key, value);
                None
            }
        }
    }

    /// Removes a key and returns its value. The others keep their order.
    pub fn remove(&mut self, key: &str) -> Option<V> {
        let at = self.entries.iter().position(|(name, _)| name.is(key))?;
        Some(self.entries.remove(at).1)
    }

    /// Iterates over the entries in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &V)> {
        self.entries
            .iter()
            .map(|(key, value)| (key.as_str(), value))
    }

    /// Iterates over the entries in order, to change the values.
    pub fn iter_mut(&mut self) -> impl ExactSizeIterator<Item = (&str, &mut V)> {
        self.entries
            .iter_mut()
            .map(|(key, value)| (key.as_str(), value))
    }

    /// Iterates over the keys in order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> {
        self.entries.iter().map(|(key, _)| key.as_str())
    }

    /// Iterates over the values in order.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &V> {
        self.entries.iter().map(|(_, value)| value)
    }

    /// Appends an entry without a check for an equal key; [`settle`](Self::settle) must follow at the end.
    pub(crate) fn push(&mut self, key: &str, value: V) {
        self.entries.push((Key::from(key), value));
    }

    /// Splits the map into keys and values.
    pub(crate) fn into_parts(self) -> (Vec<Key>, Vec<V>) {
        self.entries.into_iter().unzip()
    }

    /// Resolves equal keys: the last value wins, at the place of the first.
    pub(crate) fn settle(&mut self) {
        // Without a stop check it always ends.
        let _ = self.settle_unless(None);
    }

    /// As [`settle`](Self::settle), but ends early and returns false when `stop` returns true.
    pub(crate) fn settle_unless(&mut self, stop: Option<Stop<'_>>) -> bool {
        let key = |at: usize| self.entries.get(at).map(|(key, _)| key.as_bytes());
        match first_places(self.entries.len(), &key, stop) {
            // Equal keys are interchangeable.
            Some(places) => keep_last(&places, &mut self.entries),
            None => return false,
        }
        true
    }

    /// Whether both maps have the same keys, with values that `same` accepts. Takes linear time.
    pub(crate) fn is_like<W>(&self, other: &Map<W>, same: &dyn Fn(&V, &W) -> bool) -> bool {
        let mut index = None;
        self.len() == other.len()
            && self.entries.iter().enumerate().all(|(at, (key, value))| {
                steps::add(1);
                // Usually the entries are in the same order.
                if let Some((_, there)) = other.entries.get(at).filter(|(there, _)| there == key) {
                    return same(value, there);
                }
                let index = index.get_or_insert_with(|| other.index());
                index
                    .get(key.as_bytes())
                    .is_some_and(|there| same(value, there))
            })
    }

    fn index(&self) -> HashMap<&[u8], &V> {
        steps::add(self.len());
        let entries = self.entries.iter();
        entries
            .map(|(key, value)| (key.as_bytes(), value))
            .collect()
    }

    /// Keeps the entries for which `keep` returns true; it is called once for each entry, in order.
    pub(crate) fn retain(&mut self, keep: &mut dyn FnMut() -> bool) {
        self.entries.retain(|_| keep());
    }

    /// Whether it came as a list and its keys still are 0, 1, 2….
    fn is_list(&self) -> bool {
        matches!(self.shape, Shape::List)
            && self
                .keys()
                .enumerate()
                .all(|(index, key)| key.parse() == Ok(index))
    }
}
