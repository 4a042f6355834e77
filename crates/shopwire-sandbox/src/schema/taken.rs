//! JSON of a caller in the types that a schema asks for, as PHP's forms take it.

use serde_json::{Map, Number, Value};

use super::check::Unknown;
use super::node::Schema;

impl Schema<'_> {
    /// `value` as it is stored: `"5"` is a number where one is asked for, 5 a text, 1 a yes, `""` nothing, `[]` an
    /// empty entity, `{"0": …}` a list. A computed member (`readOnly`) is left out. Members that the schema does not list, and what cannot be its type, are left
    /// as they are, for [`Self::violations`] to name.
    pub(crate) fn taken(&self, value: Value) -> Value {
        taken(*self, value)
    }
}

/// The value without the members that say nothing (null, the empty text): they clear a field of any type.
pub(crate) fn given(value: Value) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .filter(|(_, member)| !member.is_null() && *member != "")
            .map(|(name, member)| (name, given(member)))
            .collect(),
        Value::Array(items) => items.into_iter().map(given).collect(),
        other => other,
    }
}

fn taken(schema: Schema<'_>, value: Value) -> Value {
    let types = schema.types();
    if types.is_empty() {
        return of_alternatives(schema, value);
    }
    let is = |name| types.contains(&name);
    match value {
        Value::String(text) if text.is_empty() && has_form(schema) => Value::Null,
        Value::String(text) if !is("string") => {
            scalar(&types, &text).unwrap_or_else(|| text.into())
        }
        Value::Number(number) => of_number(&types, number),
        // A map of free keys stays as PHP writes it.
        Value::Array(items)
            if items.is_empty() && is("object") && schema.keyword("properties").is_some() =>
        {
            Value::Object(Map::new())
        }
        Value::Array(items) if is("array") => list(schema, items),
        Value::Object(members) if is("array") && !is("object") && are_indices(&members) => {
            list(schema, members.into_iter().map(|(_, item)| item).collect())
        }
        Value::Object(members) if is("object") => object(schema, members),
        other => other,
    }
}

/// Whether the schema restricts the text, as for a date. An empty text counts as absent then.
fn has_form(schema: Schema<'_>) -> bool {
    ["format", "x-format", "pattern", "enum"]
        .iter()
        .any(|keyword| schema.keyword(keyword).is_some())
}

/// A text where none is asked for; an empty one says nothing.
fn scalar(types: &[&str], text: &str) -> Option<Value> {
    let text = text.trim();
    if text.is_empty() {
        return Some(Value::Null);
    }
    types.iter().find_map(|name| match *name {
        "integer" => text.parse::<i64>().ok().map(Value::from),
        "number" => decimal(text),
        "boolean" => match text.to_ascii_lowercase().as_str() {
            "1" | "true" => Some(true.into()),
            "0" | "false" => Some(false.into()),
            _ => None,
        },
        _ => None,
    })
}

fn decimal(text: &str) -> Option<Value> {
    if let Ok(whole) = text.parse::<i64>() {
        return Some(whole.into());
    }
    let number: f64 = text.parse().ok()?;
    Number::from_f64(number).map(Value::Number)
}

fn of_number(types: &[&str], number: Number) -> Value {
    let is = |name| types.contains(&name);
    if is("number") {
        return number.into();
    }
    if is("integer") {
        return whole(&number).map_or_else(|| number.into(), Value::from);
    }
    match (is("boolean"), number.as_u64()) {
        (true, Some(flag @ (0 | 1))) => Value::Bool(flag == 1),
        _ if is("string") => number.to_string().into(),
        _ => number.into(),
    }
}

/// 5.0 is 5.
fn whole(number: &Number) -> Option<i64> {
    let exact = || {
        let float = number.as_f64()?;
        (float.fract() == 0.0).then(|| format!("{float:.0}").parse().ok())?
    };
    number.as_i64().or_else(exact)
}

fn list(schema: Schema<'_>, items: Vec<Value>) -> Value {
    let Some(of) = schema.items() else {
        return Value::Array(items);
    };
    items.into_iter().map(|item| taken(of, item)).collect()
}

fn object(schema: Schema<'_>, members: Map<String, Value>) -> Value {
    let rest = schema
        .keyword("additionalProperties")
        .and_then(|node| schema.child(node));
    let written = members
        .into_iter()
        .filter(|(name, _)| !schema.is_computed(name));
    let members = written.map(|(name, value)| {
        let value = match schema.property(&name).or(rest) {
            Some(of) => taken(of, value),
            None => value,
        };
        (name, value)
    });
    members.collect::<Map<_, _>>().into()
}

/// Converts a value by the fitting alternative that knows most of its members. The value stays unchanged when no
/// alternative fits.
fn of_alternatives(schema: Schema<'_>, value: Value) -> Value {
    let alternatives = [schema.alternatives("oneOf"), schema.alternatives("anyOf")].concat();
    let known = |one: Schema<'_>| {
        let members = value.as_object().into_iter().flatten();
        members
            .filter(|(name, _)| one.property(name).is_some())
            .count()
    };
    let mut best = None;
    for one in alternatives {
        let attempt = taken(one, value.clone());
        let fits = one
            .violations(&given(attempt.clone()), Unknown::Allowed)
            .is_empty();
        if fits && best.as_ref().is_none_or(|(most, _)| known(one) > *most) {
            best = Some((known(one), attempt));
        }
    }
    best.map_or(value, |(_, attempt)| attempt)
}

fn are_indices(members: &Map<String, Value>) -> bool {
    members
        .keys()
        .all(|key| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit()))
}
