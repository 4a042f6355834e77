//! A model loses nothing: whatever shapes the fields come in, the document is written as it was read.

use std::collections::BTreeMap;

use common_model::{Model, from_json, to_json};
use proptest::prelude::*;
use serde_json::Value as Json;

use crate::shop::{FIELDS, Order, WHERE_EMPTY_IS_A_VALUE, WHERE_FALSE_IS_A_VALUE};

/// Raw JSON for a field, in all the forms that are accepted for it.
fn forms(name: &'static str) -> BoxedStrategy<String> {
    let fixed: &[&str] = match name {
        "number" => &[
            "\"A-1\"",
            "\"\"",
            "12",
            "1.50",
            "true",
            "\"\\\"\\\\\\n\\u0001я\"",
        ],
        "id" => &[
            "12",
            "\"12\"",
            "12.00",
            "-1",
            "\"-1\"",
            "0",
            "\"007\"",
            "9223372036854775807",
        ],
        "managers" => &["0", "\"4294967295\""],
        "paid" => &["true", "1", "0", "\"0\"", "\"Y\"", "\"false\""],
        "summ" => &[
            "10.00",
            "\"10.00\"",
            "-0.5",
            "1e2",
            "0",
            "\" 1.50\"",
            "\"1E-3\"",
        ],
        "shipped" => &[
            "\"2024-05-21\"",
            "\"2024-05-21T00:00:00\"",
            "\"0000-00-00\"",
        ],
        "createdAt" => &[
            "\"2024-05-21 10:26:03\"",
            "\"2024-05-21T10:26\"",
            "\"2024-05-21\"",
            "\"0000-00-00 00:00:00\"",
        ],
        "from" => &["\"10:00\"", "\"10:00:00\"", "\"10:00:01\""],
        "updatedAt" => &["\"2024-05-21T10:26:03.25+03:00\"", "\"2024-05-21 10:26\""],
        "code" => &["12", "\"12\"", "\"x\"", "1.5", "18446744073709551616"],
        "kind" => &["\"site\"", "\"other\"", "3"],
        "level" => &["1", "\"2\"", "7", "\"gold\""],
        "anything" => &["{\"a\":[1.0,null,false]}", "\"\"", "false", "[]", "-0"],
        "tags" => &["[\"a\",1]", "{\"1\":\"a\"}", "{}", "[]"],
        "numbers" => &["[1,\"2\"]", "{\"x\":\"1\"}", "{\"x\":1,\"y\":2}", "[]"],
        "rows" => &[
            "[[1],[]]",
            "{\"a\":[\"1\"]}",
            "[{\"a\":1}]",
            "{\"a\":{\"b\":1}}",
        ],
        "items" => &[
            "[{\"quantity\":\"1\"},[]]",
            "{\"7\":{\"name\":false},\"x\":[]}",
            "[{\"new\":[{}]}]",
        ],
        "payments" => &["[{\"name\":1}]", "{\"7\":{\"name\":null}}", "{}", "[]"],
        "customFields" => &["{\"a\":{\"b\":[]}}", "[1,[]]", "[]", "{}"],
        "named" => &[
            "{\"a\":{\"quantity\":\"1.0\"},\"b\":[]}",
            "[{\"name\":\"\"}]",
        ],
        "info" => &["{}", "{\"name\":\"x\",\"more\":null}"],
        _ => &["{\"id\":\"1\",\"parent\":{\"paid\":1,\"info\":[]}}", "{}"],
    };
    let is_in = |names: &[&str]| names.contains(&name);
    let no_value: &[&str] = match is_in(&WHERE_FALSE_IS_A_VALUE) {
        true => &["null"],
        false => &["null", "false"],
    };
    let empty: &[&str] = match is_in(&WHERE_EMPTY_IS_A_VALUE) {
        true => &[],
        false => &["\"\"", "[]"],
    };
    prop::sample::select([fixed, no_value, empty].concat())
        .prop_map(str::to_owned)
        .boxed()
}

fn document() -> impl Strategy<Value = String> {
    let members: Vec<_> = FIELDS
        .iter()
        .map(|name| prop::option::of(forms(name)))
        .collect();
    let unknown = prop::collection::vec(
        (
            "[a-z]{1,3}_",
            prop::sample::select(vec!["1.10", "null", "[]", "{\"k\":\"v\"}"]),
        ),
        0..4,
    );
    (members, unknown, any::<prop::sample::Index>()).prop_map(|(members, unknown, turn)| {
        let known = FIELDS
            .iter()
            .zip(members)
            .filter_map(|(name, json)| Some((name.to_string(), json?)));
        let unknown = unknown
            .into_iter()
            .map(|(name, json)| (name, json.to_owned()));
        let mut all: Vec<_> = known.chain(unknown).collect();
        if !all.is_empty() {
            let places = all.len();
            all.rotate_left(turn.index(places));
        }
        let members: Vec<_> = all
            .iter()
            .map(|(name, json)| format!("{name:?}: {json}"))
            .collect();
        format!("{{{}}}", members.join(", "))
    })
}

/// Documents are compared with the digits of their numbers: as text, with sorted keys.
fn normal(json: &str) -> String {
    let digits = common_model::from_json::<common_model::Value>(json).unwrap();
    fn sort(value: &common_model::Value) -> Json {
        use common_model::Value;
        match value {
            Value::Number(number) => Json::String(format!("number {number}")),
            Value::Array(items) => items.iter().map(sort).collect(),
            // Sorted here: whether serde_json sorts depends on the features that others turn on.
            Value::Object(map) => {
                let sorted: BTreeMap<_, _> = map
                    .iter()
                    .map(|(key, value)| (key.to_owned(), sort(value)))
                    .collect();
                Json::Object(sorted.into_iter().collect())
            }
            Value::Null => Json::Null,
            Value::Bool(truth) => Json::Bool(*truth),
            Value::String(text) => Json::String(text.clone()),
        }
    }
    sort(&digits).to_string()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn u48_u49_u50_re11_re16_nothing_is_lost(json in document()) {
        let order: Order = from_json(&json).map_err(|error| TestCaseError::fail(format!("{json}: {error}")))?;
        let written = to_json(&order);
        prop_assert_eq!(normal(&written), normal(&json));
        let again: Order = from_json(&written).unwrap();
        prop_assert!(again == order);
        prop_assert_eq!(to_json(&again), written);
    }

    #[test]
    fn any_damage_is_an_error_and_no_panic(json in document(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = json.into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(order) = common_model::from_json_bytes::<Order>(&bytes) {
            let _ = format!("{order:?}");
            prop_assert_eq!(normal(&to_json(&order)), normal(std::str::from_utf8(&bytes).unwrap()));
        }
        prop_assert!(from_json::<Order>(&String::from_utf8_lossy(&bytes[..at])).is_err());
    }
}

#[test]
fn every_field_can_be_cleared() {
    let mut order = Order::default();
    for name in FIELDS {
        order.clear(name).unwrap();
    }
    let nulls: Vec<_> = FIELDS.iter().map(|name| format!("{name:?}:null")).collect();
    assert_eq!(to_json(&order), format!("{{{}}}", nulls.join(",")));
}
