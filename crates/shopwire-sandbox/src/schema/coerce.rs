//! Conversion of texts in forms and queries to the types of a schema.

use serde_json::{Map, Value};

use super::node::Schema;

impl Schema<'_> {
    /// Returns `value` with the texts of a form or query converted to the types of the schema. A text that does not
    /// look like its type stays, and is an error in [`Self::violations`].
    pub(crate) fn coerced(&self, value: Value) -> Value {
        coerced(*self, value)
    }
}

fn coerced(schema: Schema<'_>, value: Value) -> Value {
    let types = schema.types();
    match value {
        // A form cannot express null in another way.
        Value::String(text) if text.is_empty() && types.contains(&"null") => Value::Null,
        Value::String(text) if !types.is_empty() && !types.contains(&"string") => {
            scalar(&types, text)
        }
        Value::String(text) if types.is_empty() => of_alternatives(schema, text),
        Value::Array(items) => Value::Array(
            items
                .into_iter()
                .map(|item| element(schema, item))
                .collect(),
        ),
        Value::Object(members) if is_list(&types) && members.keys().all(|key| is_index(key)) => {
            Value::Array(
                members
                    .into_iter()
                    .map(|(_, item)| element(schema, item))
                    .collect(),
            )
        }
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .map(|entry| member(schema, entry))
                .collect::<Map<_, _>>(),
        ),
        other => other,
    }
}

fn scalar(types: &[&str], text: String) -> Value {
    for name in types {
        let read = match *name {
            "integer" => text.parse::<i64>().ok().map(Value::from),
            "number" => number(&text),
            "boolean" => boolean(&text).map(Value::from),
            _ => None,
        };
        if let Some(value) = read {
            return value;
        }
    }
    Value::String(text)
}

/// Converts a text, unless an alternative takes it as text.
fn of_alternatives(schema: Schema<'_>, text: String) -> Value {
    let alternatives = [schema.alternatives("oneOf"), schema.alternatives("anyOf")].concat();
    let types: Vec<&str> = alternatives.iter().flat_map(Schema::types).collect();
    if types.is_empty() || types.contains(&"string") {
        Value::String(text)
    } else {
        scalar(&types, text)
    }
}

fn element(schema: Schema<'_>, item: Value) -> Value {
    match schema.keyword("items").and_then(|node| schema.child(node)) {
        Some(of) => coerced(of, item),
        None => item,
    }
}

fn member(schema: Schema<'_>, (name, value): (String, Value)) -> (String, Value) {
    let of = schema.property(&name).or_else(|| {
        schema
            .keyword("additionalProperties")
            .and_then(|node| schema.child(node))
    });
    let value = match of {
        Some(of) => coerced(of, value),
        None => value,
    };
    (name, value)
}

fn number(text: &str) -> Option<Value> {
    match serde_json::from_str(text) {
        Ok(value @ Value::Number(_)) => Some(value),
        _ => None,
    }
}

/// Parses the spellings of booleans in PHP, Python and hand-written forms.
fn boolean(text: &str) -> Option<bool> {
    match text {
        "1" | "true" | "True" | "Y" => Some(true),
        "0" | "false" | "False" | "N" | "" => Some(false),
        _ => None,
    }
}

fn is_list(types: &[&str]) -> bool {
    types.contains(&"array") && !types.contains(&"object")
}

fn is_index(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit())
}
