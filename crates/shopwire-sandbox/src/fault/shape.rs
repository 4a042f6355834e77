//! Answers with other shapes that PHP might also have written.

use serde_json::{Map, Value};

/// Exchanges the shapes of PHP: lists become keyed maps, and maps keyed by numbers become lists. `{}` and `[]`
/// change places, `null` becomes `false`, and members named like ids change between number and text. Other booleans
/// and texts stay.
pub(crate) fn flipped(value: Value) -> Value {
    match value {
        Value::Null => Value::Bool(false),
        Value::Array(items) => Value::Object(
            items
                .into_iter()
                .enumerate()
                .map(|(n, item)| (n.to_string(), flipped(item)))
                .collect(),
        ),
        Value::Object(members) if members.keys().all(|key| is_number(key)) => Value::Array(
            members
                .into_iter()
                .map(|(_, member)| flipped(member))
                .collect(),
        ),
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .map(flipped_member)
                .collect::<Map<_, _>>(),
        ),
        other => other,
    }
}

fn flipped_member((key, value): (String, Value)) -> (String, Value) {
    let is_id = key.eq_ignore_ascii_case("id") || key.ends_with("Id") || key.ends_with("_ID");
    let value = match value {
        Value::Number(number) if is_id => Value::String(number.to_string()),
        Value::String(text) if is_id && is_number(&text) => match text.parse::<i64>() {
            Ok(number) => Value::from(number),
            Err(_) => Value::String(text),
        },
        other => flipped(other),
    };
    (key, value)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn u48_u49_u50_every_php_shape_is_turned_round() {
        let before = json!({"RESULT": true, "A": {"0": {"ID": 1}, "1": {"ID": 2}}, "B": [], "C": {}, "D": null, "orderId": "7"});
        let after = json!({"RESULT": true, "A": [{"ID": "1"}, {"ID": "2"}], "B": {}, "C": [], "D": false, "orderId": 7});
        assert_eq!(flipped(before), after);
    }
}
