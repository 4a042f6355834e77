//! Lists, which PHP may write as objects.

use std::ops::{Deref, DerefMut};

use crate::{
    Absent, Decode, Encode, Error, Kind, Map, Reader, Writer,
    key::Key,
    map::{first_places, keep_first, keep_last},
    reader::Collect,
};

/// Reads a list, or the values of an object.
// U48, RE11
impl<T: Decode> Decode for Vec<T> {
    const ABSENT: Absent = Absent::NULL.or(Absent::FALSE).or(Absent::TEXT);

    fn decode(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let mut items = Self::new();
        if reader.is_parameters() && !matches!(reader.peek()?, Kind::Array | Kind::Object) {
            items.collect(None, 0, reader)?;
            return Ok(items);
        }
        let kind = reader.collect("a list", &mut items)?;
        reader.mark_keys(kind == Kind::Object);
        Ok(items)
    }
}

impl<T: Decode> Collect for Vec<T> {
    fn collect(&mut self, _: Option<&str>, _: usize, reader: &mut Reader<'_>) -> Result<(), Error> {
        reader.charge_growth(self)?;
        T::decode_onto(self, reader)
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode(&self, out: &mut Writer) {
        self.as_slice().encode(out);
    }
}

impl<T: Encode> Encode for [T] {
    fn encode(&self, out: &mut Writer) {
        out.raw("[");
        for (at, item) in self.iter().enumerate() {
            if at > 0 {
                out.raw(",");
            }
            item.encode(out);
        }
        out.raw("]");
    }
}

/// Items that come as a list or as an object keyed by code or id. They are written in the shape they came in.
///
/// It dereferences to a slice of its items and stores the keys beside them. [`get`](Self::get) looks up a
/// key.
///
/// ```
/// use common_model::{ListOrMap, from_json, to_json};
///
/// let keyed: ListOrMap<i64> = from_json(r#"{"a": 1, "b": 2}"#)?;
/// assert_eq!(keyed[1], 2);
/// assert_eq!(keyed.get("b"), Some(&2));
/// assert_eq!(to_json(&keyed), r#"{"a":1,"b":2}"#);
///
/// let listed: ListOrMap<i64> = from_json("[1, 2]")?;
/// assert_eq!(listed.iter().sum::<i64>(), 3);
/// assert_eq!(to_json(&listed), "[1,2]");
/// # Ok::<(), common_model::Error>(())
/// ```
// U48, RE11
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListOrMap<T> {
    items: Vec<T>,
    keys: Option<Vec<Key>>,
}

impl<T> ListOrMap<T> {
    /// Builds an empty list.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            items: Vec::new(),
            keys: None,
        }
    }

    /// Returns the item of a key, if it came keyed. (Index it as a slice to look up a position.)
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&T> {
        let at = self.keys.as_ref()?.iter().rposition(|name| name.is(key))?;
        self.items.get(at)
    }

    /// Whether it came as an object.
    #[must_use]
    pub fn is_keyed(&self) -> bool {
        self.keys.is_some()
    }

    /// Iterates over the keys in order; there are no keys when it came as a list.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().flatten().map(Key::as_str)
    }

    /// Iterates over the items in order, with their keys. The key is `None` when it came as a list.
    pub fn entries(&self) -> impl Iterator<Item = (Option<&str>, &T)> {
        let keys = self.keys.as_deref().unwrap_or_default();
        self.items
            .iter()
            .enumerate()
            .map(|(at, item)| (keys.get(at).map(Key::as_str), item))
    }

    /// Returns the items without keys.
    #[must_use]
    pub fn into_vec(self) -> Vec<T> {
        self.items
    }
}

impl<T> Default for ListOrMap<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Deref for ListOrMap<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<T> DerefMut for ListOrMap<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.items
    }
}

/// Builds a list that is written as a list.
impl<T> From<Vec<T>> for ListOrMap<T> {
    fn from(items: Vec<T>) -> Self {
        Self { items, keys: None }
    }
}

/// Builds a list that is written as an object.
impl<T> From<Map<T>> for ListOrMap<T> {
    fn from(map: Map<T>) -> Self {
        let (keys, items) = map.into_parts();
        Self {
            items,
            keys: Some(keys),
        }
    }
}

/// Builds a list that is written as a list.
impl<T> FromIterator<T> for ListOrMap<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self::from(Vec::from_iter(items))
    }
}

impl<T> IntoIterator for ListOrMap<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a ListOrMap<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

/// Reads a list or an object.
impl<T: Decode> Decode for ListOrMap<T> {
    const ABSENT: Absent = Vec::<T>::ABSENT;

    fn decode(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let mut list = Self::new();
        let start = reader.start();
        let kind = reader.collect("a list or an object", &mut list)?;
        reader.mark_keys(false);
        if kind == Kind::Object {
            let keys = list.keys.get_or_insert_default();
            reader.room_to_settle(keys.len())?;
            settle(keys, &mut list.items, start, reader)?;
        }
        Ok(list)
    }
}

impl<T: Decode> Collect for ListOrMap<T> {
    fn collect(
        &mut self,
        key: Option<&str>,
        _: usize,
        reader: &mut Reader<'_>,
    ) -> Result<(), Error> {
        reader.charge_growth(&self.items)?;
        T::decode_onto(&mut self.items, reader)?;
        if let Some(key) = key {
            let keys = self.keys.get_or_insert_default();
            reader.charge_growth(keys)?;
            keys.push(Key::read(key, reader)?);
        }
        Ok(())
    }
}

/// Of a key that comes twice the last counts, in the place of the first, as in a map. The others are reported: the list
/// has fewer items than came.
fn settle<T>(
    keys: &mut Vec<Key>,
    items: &mut Vec<T>,
    start: usize,
    reader: &mut Reader<'_>,
) -> Result<(), Error> {
    let key = |at: usize| keys.get(at).map(Key::as_bytes);
    let places = first_places(keys.len(), &key, reader.stop_check());
    let places = places.ok_or_else(|| reader.stopped())?;
    if !places.is_empty() {
        reader.report_doubled(start, &places)?;
    }
    keep_last(&places, items);
    keep_first(&places, keys);
    Ok(())
}

impl<T: Encode> Encode for ListOrMap<T> {
    fn encode(&self, out: &mut Writer) {
        let Some(keys) = &self.keys else {
            return self.items.encode(out);
        };
        let mut object = out.open_object();
        for (key, item) in keys.iter().zip(&self.items) {
            item.encode(object.key(key.as_str()));
        }
        object.close();
    }
}
