//! Repeated keys. They are rare, so a check that finds no repeat must be cheap.

use std::collections::HashMap;

use crate::{options::Stop, steps};

/// Number of keys between two calls of the stop check.
const STEP: usize = 4096;

/// Returns, for each of `count` keys, the place of its first appearance. Returns an empty list when no key repeats,
/// as usual, and `None` when `stop` returned true.
///
/// Takes linear time for any keys.
pub(crate) fn first_places<'k>(
    count: usize,
    key: &dyn Fn(usize) -> Option<&'k [u8]>,
    stop: Option<Stop<'_>>,
) -> Option<Vec<usize>> {
    if surely_distinct(count, key) {
        return Some(Vec::new());
    }
    let mut seen = HashMap::with_capacity(count);
    let mut places = Vec::with_capacity(count);
    let mut is_repeated = false;
    for at in 0..count {
        steps::add(1);
        if at % STEP == 0 && stop.is_some_and(|stop| stop()) {
            return None;
        }
        // An entry without a key stays in its place.
        let place = key(at).map_or(at, |key| *seen.entry(key).or_insert(at));
        is_repeated |= place != at;
        places.push(place);
    }
    Some(if is_repeated { places } else { Vec::new() })
}

/// Keeps the last of equal keys, in the place of the first; does nothing without places.
pub(crate) fn keep_last<T>(places: &[usize], items: &mut Vec<T>) {
    for (at, place) in repeated(places) {
        items.swap(at, place);
    }
    keep_first(places, items);
}

/// Removes all but the first of equal keys; does nothing without places.
pub(crate) fn keep_first<T>(places: &[usize], items: &mut Vec<T>) {
    let mut kept = places.iter().enumerate().map(|(at, place)| at == *place);
    items.retain(|_| kept.next().unwrap_or(true));
}

fn repeated(places: &[usize]) -> impl Iterator<Item = (usize, usize)> {
    let places = places.iter().copied().enumerate();
    places.filter(|(at, place)| at != place)
}

/// Checks without an allocation: sets a bit for each key, and returns false when the bit is already set.
fn surely_distinct<'k>(count: usize, key: &dyn Fn(usize) -> Option<&'k [u8]>) -> bool {
    const WORDS: usize = 64;
    if count > WORDS {
        return false;
    }
    let mut bits = [0_u64; WORDS];
    (0..count).filter_map(key).all(|key| {
        let hash = hash(key);
        let (word, bit) = (&mut bits[hash as usize % WORDS], 1 << (hash >> 58));
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    })
}

/// Hashes by FNV-1a, eight bytes at a time.
fn hash(key: &[u8]) -> u64 {
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let (words, rest) = key.as_chunks::<8>();
    let start = 0xcbf2_9ce4_8422_2325_u64 ^ key.len() as u64;
    let hash = words.iter().fold(start, |hash, word| {
        (hash ^ u64::from_le_bytes(*word))
            .wrapping_mul(PRIME)
            .rotate_left(23)
    });
    let hash = rest.iter().fold(hash, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(PRIME)
    });
    hash ^ (hash >> 29)
}

#[cfg(test)]
mod tests {
    use crate::{
        Extra, ListOrMap, Map, Options, Value, from_json, from_json_strict, from_json_with, to_json,
    };

    // F6: an index that comes twice loses a value; it is told like an odd element.
    #[test]
    fn f6_a_value_that_gives_way_to_a_later_one_of_its_key_is_reported() {
        let told = |json: &str| {
            let read = from_json_with::<Map<ListOrMap<Map<i64>>>>(json, &Options::new()).unwrap();
            let odd = read.odd.iter();
            let odd = odd.map(|odd| {
                (
                    odd.path.clone(),
                    odd.byte,
                    odd.message.starts_with("the key comes twice"),
                )
            });
            (to_json(&read.value), odd.collect::<Vec<_>>())
        };
        let at = |path: &str, byte, is_doubled| (path.to_owned(), byte, is_doubled);
        let (value, odd) = told(r#"{"l":{"5":{"a":1},"7":{},"5":{"a":2},"5":{"a":3}}}"#);
        assert_eq!(value, r#"{"l":{"5":{"a":3},"7":{}}}"#);
        assert_eq!(odd, [at("l.5", 10, true), at("l.5", 29, true)]);
        // Odd elements between them, inside of what is lost, and behind.
        let (value, odd) = told(r#"{"l":{"5":{"a":"x"},"6":8,"5":{"a":"y"},"5":9},"m":[7]}"#);
        assert_eq!(value, r#"{"l":{"5":{}},"m":[]}"#);
        let expected = [
            at("l.5", 10, true),
            at("l.6", 24, false),
            at("l.5.a", 35, false),
            at("l.5", 44, false),
            at("m[0]", 52, false),
        ];
        assert_eq!(odd, expected);
        let distinct = told(r#"{"l":{"5":{},"6":{}},"m":[{},{}]}"#);
        assert_eq!(distinct.1, []);
        let strict: ListOrMap<i64> = from_json_strict(r#"{"5":1,"5":2}"#).unwrap();
        assert_eq!(to_json(&strict), r#"{"5":2}"#);
    }

    #[test]
    fn of_equal_keys_the_last_wins_in_the_place_of_the_first() {
        for count in [2, 3, 16, 63, 64, 65, 300] {
            let members: Vec<_> = (0..count)
                .map(|n| format!("\"key {}\":{n}", n % (count - 1)))
                .collect();
            let json = format!("{{{}}}", members.join(","));
            let map: Map<i64> = from_json(&json).unwrap();
            assert_eq!(map.len(), count - 1);
            assert_eq!(map.get("key 0").copied(), i64::try_from(count - 1).ok());
            assert_eq!(map.keys().next(), Some("key 0"));
            let list: ListOrMap<i64> = from_json(&json).unwrap();
            assert_eq!(to_json(&list), to_json(&map));
        }
        let thrice: Map<i64> = from_json(r#"{"a":1,"b":2,"a":3,"b":4,"c":5,"a":6}"#).unwrap();
        assert_eq!(to_json(&thrice), r#"{"a":6,"b":4,"c":5}"#);
    }

    #[test]
    fn distinct_keys_stay() {
        let members: Vec<_> = (0..500).map(|n| format!("\"{n}\":{n}")).collect();
        let json = format!("{{{}}}", members.join(","));
        assert_eq!(to_json(&from_json::<Value>(&json).unwrap()), json);
    }

    #[test]
    fn many_hostile_keys_take_linear_time() {
        let members: Vec<_> = (0..100_000)
            .map(|n| format!("\"{}\":0", n % 50_000))
            .collect();
        let value: Map<i64> = from_json(&format!("{{{}}}", members.join(","))).unwrap();
        assert_eq!(value.len(), 50_000);
        let mut extra = Extra::default();
        extra.insert("a", Value::Null);
        assert_eq!(extra.insert("a", Value::Bool(true)), Some(Value::Null));
        assert_eq!(extra.len(), 1);
    }
}
