//! Conversions, iteration, reading and writing of maps.

use std::collections::BTreeMap;

use super::{Map, Shape};
use crate::{
    Absent, Decode, Encode, Error, Kind, Reader, Writer, decode::decode, key::Key, reader::Collect,
};

impl<V> Default for Map<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V: PartialEq> PartialEq for Map<V> {
    fn eq(&self, other: &Self) -> bool {
        self.is_like(other, &V::eq)
    }
}

impl<V: Eq> Eq for Map<V> {}

impl<K: AsRef<str>, V> Extend<(K, V)> for Map<V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        for (key, value) in entries {
            self.push(key.as_ref(), value);
        }
        self.settle();
    }
}

impl<K: AsRef<str>, V> FromIterator<(K, V)> for Map<V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::new();
        map.extend(entries);
        map
    }
}

impl<K: AsRef<str>, V, const N: usize> From<[(K, V); N]> for Map<V> {
    fn from(entries: [(K, V); N]) -> Self {
        entries.into_iter().collect()
    }
}

impl<V> IntoIterator for Map<V> {
    type Item = (String, V);
    type IntoIter = MapIntoIter<V>;

    fn into_iter(self) -> MapIntoIter<V> {
        MapIntoIter(self.entries.into_iter())
    }
}

/// Reads an object as [`Map`] does; the entries are sorted by key.
impl<V: Decode> Decode for BTreeMap<String, V> {
    const ABSENT: Absent = Map::<V>::ABSENT;

    fn decode(reader: &mut Reader<'_>) -> Result<Self, Error> {
        Map::decode(reader).map(|map| map.into_iter().collect())
    }
}

impl<V: Encode> Encode for BTreeMap<String, V> {
    fn encode(&self, out: &mut Writer) {
        let mut object = out.open_object();
        self.iter()
            .for_each(|(key, value)| value.encode(object.key(key)));
        object.close();
    }
}

/// An iterator over the entries of a [`Map`], by value.
#[derive(Debug)]
pub struct MapIntoIter<V>(std::vec::IntoIter<(Key, V)>);

impl<V> Iterator for MapIntoIter<V> {
    type Item = (String, V);

    fn next(&mut self) -> Option<Self::Item> {
        self.0
            .next()
            .map(|(key, value)| (key.as_str().to_owned(), value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<V> ExactSizeIterator for MapIntoIter<V> {}

/// Reads an object, or a list with the keys `0`, `1`, ….
impl<V: Decode> Decode for Map<V> {
    const ABSENT: Absent = Absent::NULL.or(Absent::FALSE).or(Absent::TEXT);

    fn decode(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let mut map = Self::new();
        let kind = reader.collect("an object", &mut map)?;
        reader.mark_keys(false);
        match kind {
            Kind::Array => map.shape = Shape::List,
            _ => {
                reader.room_to_settle(map.len())?;
                if !map.settle_unless(reader.stop_check()) {
                    return Err(reader.stopped());
                }
            }
        }
        Ok(map)
    }
}

impl<V: Decode> Collect for Map<V> {
    fn collect(
        &mut self,
        key: Option<&str>,
        place: usize,
        reader: &mut Reader<'_>,
    ) -> Result<(), Error> {
        reader.charge_growth(&self.entries)?;
        let value = decode(reader)?;
        let key = match key {
            Some(key) => Key::read(key, reader)?,
            None => Key::from(&*place.to_string()),
        };
        self.entries.push((key, value));
        Ok(())
    }
}

impl<V: Encode> Encode for Map<V> {
    fn encode(&self, out: &mut Writer) {
        if self.is_list() {
            let mut array = out.open_array();
            self.values().for_each(|value| value.encode(array.item()));
            array.close();
        } else {
            let mut object = out.open_object();
            self.iter()
                .for_each(|(key, value)| value.encode(object.key(key)));
            object.close();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::{from_json, from_json_strict, to_json};

    // U48
    #[test]
    fn u48_a_sorted_map_is_read_and_written_as_an_object() {
        let json = r#"{"b":{"x":1},"a":{}}"#;
        let map: BTreeMap<String, BTreeMap<String, i64>> = from_json(json).unwrap();
        assert_eq!(to_json(&map), r#"{"a":{},"b":{"x":1}}"#);
        let empty: BTreeMap<String, i64> = from_json("[]").unwrap();
        assert_eq!(to_json(&empty), "{}");
        let last: BTreeMap<String, i64> = from_json(r#"{"a":1,"a":2}"#).unwrap();
        assert_eq!(last, BTreeMap::from([("a".to_owned(), 2)]));
        assert!(from_json_strict::<BTreeMap<String, i64>>(r#"{"a":"x"}"#).is_err());
    }
}
