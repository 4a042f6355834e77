//! Tests that every parser of the crate takes linear time: steps are counted over doubling sizes, for many
//! shapes of text.

use crate::{
    Decimal, Extra, ListOrMap, Map, Options, Timestamp, Value,
    civil::DateTime,
    from_json, from_json_with,
    lenient::{Lenient, object_in_noise, without_comments, without_trailing_commas},
    steps,
};

/// The repeated parts of the texts; `#` is the number of the repetition.
const UNITS: [&str; 40] = [
    " ",
    "\n",
    ",",
    ", ",
    ",  }",
    "[",
    "]",
    "{",
    "}",
    "[]",
    "{}",
    "{{}",
    "[]{",
    "\"",
    "\\",
    "\\\"",
    "\\\\\"",
    "<",
    "</b>",
    "/",
    "//",
    "// {\n",
    "0",
    "1",
    "-",
    ".",
    "e9",
    "[0,",
    "{\"a\":",
    "{\"a\":[0,",
    "{\"",
    "{\"\\",
    "{\"a\":{}},",
    "\"{\"",
    "{\"a\":1 ",
    "\"#\":0,",
    "\"a\":0,",
    "{\"#\":{}},",
    "\"\\u0041\",",
    "é",
];

/// The texts before and after the repetitions.
const FRAMES: [(&str, &str); 10] = [
    ("", ""),
    ("[", "0]"),
    ("{", "\"z\":0}"),
    ("{\"a\":[", "]}"),
    ("{\"a\":{", "}}"),
    ("\"", "\""),
    ("[\"", "\"]"),
    ("{\"a\":{\"b\":[", "x"),
    ("<b>{\"a\":1}", "</b>"),
    ("{'", "{\"a\":1,}"),
];

fn text(unit: &str, frame: (&str, &str), length: usize) -> String {
    let count = length / unit.len();
    let body = match unit.contains('#') {
        true => (0..count)
            .map(|n| unit.replace('#', &n.to_string()))
            .collect(),
        false => unit.repeat(count),
    };
    format!("{}{body}{}", frame.0, frame.1)
}

/// Checks that the number of steps for each byte does not grow with the text.
#[track_caller]
fn is_linear(name: &str, work: &dyn Fn(&str)) {
    for unit in UNITS {
        for frame in FRAMES {
            for length in [2_000, 4_000, 8_000, 16_000] {
                let text = text(unit, frame, length);
                let steps = steps::of(|| work(&text));
                assert!(
                    steps <= 40 * text.len() + 4_000,
                    "{name}, {unit:?} in {frame:?}: {steps} steps for {} bytes",
                    text.len()
                );
            }
        }
    }
}

// H2, H4
#[test]
fn h4_repairs_and_the_search_in_noise_are_linear() {
    is_linear("trailing commas", &|text| {
        drop(without_trailing_commas(text.as_bytes()))
    });
    is_linear("comments", &|text| drop(without_comments(text.as_bytes())));
    is_linear("noise", &|text| drop(object_in_noise(text.as_bytes())));
    is_linear("all repairs", &|text| {
        drop(Lenient::all().from_json_bytes::<Value>(text.as_bytes()));
    });
}

// H2
#[test]
fn h2_reading_is_linear() {
    is_linear("value", &|text| drop(from_json::<Value>(text)));
    is_linear("list", &|text| drop(from_json::<Vec<Vec<i64>>>(text)));
    is_linear("map", &|text| drop(from_json::<Map<Map<String>>>(text)));
    is_linear("list or map", &|text| {
        drop(from_json::<ListOrMap<Vec<bool>>>(text))
    });
    is_linear("with reports", &|text| {
        drop(from_json_with::<Map<Vec<Map<i64>>>>(text, &Options::new()));
    });
    is_linear("decimal", &|text| drop(from_json::<Decimal>(text)));
    is_linear("integer", &|text| drop(from_json::<Vec<i64>>(text)));
    is_linear("date", &|text| drop(from_json::<DateTime>(text)));
    is_linear("timestamp", &|text| drop(text.parse::<Timestamp>()));
}

// H2
#[test]
fn h2_comparisons_are_linear() {
    for count in [1_000, 2_000, 4_000, 8_000] {
        let key = |n: usize| format!("\"{n}\":{n}");
        let members: Vec<_> = (0..count).map(key).collect();
        let turned: Vec<_> = (0..count).rev().map(key).collect();
        let [left, right] = [members, turned].map(|keys| format!("{{{}}}", keys.join(",")));
        let [left, right]: [Value; 2] = [left, right].map(|text| text.parse().unwrap());
        let steps = steps::of(|| assert!(left == right));
        assert!(steps <= 4 * count, "{steps} for {count} keys");
        assert!(steps >= count, "{steps}: it counts");
    }
}

// H2
#[test]
fn h2_unknown_fields_are_set_and_found_in_linear_time() {
    for count in [1_000, 2_000, 4_000, 8_000] {
        let mut extra = Extra::default();
        let steps = steps::of(|| {
            for n in 0..count {
                assert_eq!(extra.insert(n.to_string(), Value::Null), None);
            }
            for n in 0..count {
                assert_eq!(
                    extra.insert(n.to_string(), Value::Bool(true)),
                    Some(Value::Null)
                );
                assert_eq!(extra.get(&n.to_string()), Some(&Value::Bool(true)));
            }
        });
        assert!(steps <= 10_000 + count, "{steps} for {count} fields");
        assert_eq!(extra.len(), count);
        let turned = {
            let mut turned = Extra::default();
            for n in (0..count).rev() {
                turned.insert(n.to_string(), Value::Bool(true));
            }
            turned
        };
        let steps = steps::of(|| assert!(extra == turned));
        assert!(steps <= 4 * count, "{steps} for {count} fields");
        assert_eq!(extra.remove("7"), Some(Value::Bool(true)));
        assert_eq!(extra.get("7"), None);
        assert_eq!(extra.get("9"), Some(&Value::Bool(true)));
    }
}

// H2
#[test]
fn h2_large_maps_are_read_collected_and_extended_in_linear_time() {
    for count in [1_000, 10_000, 100_000] {
        let keys: Vec<String> = (0..count).map(|n| (n % (count / 2)).to_string()).collect();
        let members: Vec<_> = keys.iter().map(|key| format!("\"{key}\":0")).collect();
        let text = format!("{{{}}}", members.join(","));
        let steps =
            steps::of(|| assert_eq!(from_json::<Map<i64>>(&text).unwrap().len(), count / 2));
        assert!(
            (count..=20 * count).contains(&steps),
            "read: {steps} for {count}"
        );
        let all = || keys.iter().map(|key| (key, 1));
        let mut map = Map::new();
        let steps = steps::of(|| map = all().collect());
        assert!(
            (count..=2 * count).contains(&steps),
            "collected: {steps} for {count}"
        );
        let steps = steps::of(|| map.extend(all()));
        assert!(
            (count..=2 * count).contains(&steps),
            "extended: {steps} for {count}"
        );
        assert_eq!(map.len(), count / 2);
    }
}
