//! Flat fields of an entity: their names, their types, and merging by an edit.

use serde_json::Value;

use crate::retailcrm::value::{self, Object};

/// The type of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A string; a number is accepted too.
    Text,
    /// A number or a numeric string.
    Number,
    /// true, false, 1, 0.
    Flag,
    /// `Y-m-d`.
    Date,
    /// `Y-m-d H:i:s`.
    DateTime,
    /// An object, merged member by member.
    Block,
    /// A map of the account's own fields; `[]` when empty.
    Map,
    /// A list, replaced as a whole.
    List,
}

/// A field's wire name and kind.
pub(crate) type Field = (&'static str, Kind);

/// Adds the errors of the known fields. Null clears a field and is always valid.
pub(crate) fn check(input: &Object, fields: &[Field], errors: &mut Object) {
    for (name, kind) in fields {
        let Some(given) = input.get(*name).filter(|given| !given.is_null()) else {
            continue;
        };
        if !fits(*kind, given) {
            errors.insert((*name).into(), complaint(*kind).into());
        }
    }
}

fn fits(kind: Kind, given: &Value) -> bool {
    let empty = given.as_str().is_some_and(str::is_empty);
    match kind {
        Kind::Text => value::text(given).is_some(),
        Kind::Number => empty || value::decimal(given).is_some(),
        Kind::Flag => empty || value::flag(given).is_some(),
        Kind::Date => empty || given.as_str().is_some_and(value::is_date),
        Kind::DateTime => empty || given.as_str().is_some_and(value::is_date_time),
        Kind::Block | Kind::Map => given.is_object() || given.as_array().is_some_and(Vec::is_empty),
        Kind::List => given.is_array() || given.is_object(),
    }
}

fn complaint(kind: Kind) -> &'static str {
    match kind {
        Kind::Number => "This value should be of type numeric.",
        Kind::Flag => "This value should be of type bool.",
        Kind::Date => "This value is not a valid date.",
        Kind::DateTime => "This value is not a valid datetime.",
        Kind::Block | Kind::Map | Kind::List => "This value should be of type array.",
        Kind::Text => "This value should be of type string.",
    }
}

/// Merges the given fields into the row: null and the empty string clear, an absent field stays.
pub(crate) fn merge(row: &mut Object, input: &Object, fields: &[Field]) {
    for (name, kind) in fields {
        let Some(given) = input.get(*name) else {
            continue;
        };
        let cleared = given.is_null() || given.as_str().is_some_and(str::is_empty);
        match kind {
            Kind::Map => merge_map(row, name, given),
            _ if cleared => {
                row.shift_remove(*name);
            }
            Kind::Block => merge_block(row, name, given),
            _ => {
                row.insert((*name).into(), normal(*kind, given));
            }
        }
    }
}

fn normal(kind: Kind, given: &Value) -> Value {
    let normal = match kind {
        Kind::Text => value::text(given).map(Value::String),
        Kind::Number => value::decimal(given).map(value::number),
        Kind::Flag => value::flag(given).map(Value::Bool),
        Kind::List => given
            .as_object()
            .map(|members| members.values().cloned().collect()),
        _ => None,
    };
    normal.unwrap_or_else(|| given.clone())
}

fn merge_block(row: &mut Object, name: &str, given: &Value) {
    let slot = row
        .entry(name)
        .or_insert_with(|| Value::Object(Object::new()));
    merge_values(slot, given);
}

fn merge_map(row: &mut Object, name: &str, given: &Value) {
    let mut slot = row
        .get(name)
        .filter(|old| old.is_object())
        .cloned()
        .unwrap_or_else(|| Value::Object(Object::new()));
    merge_values(&mut slot, given);
    let members = slot.as_object().cloned().unwrap_or_default();
    row.insert(name.into(), value::php_map(members));
}

/// Objects are merged member by member, null removes a member, anything else replaces.
fn merge_values(slot: &mut Value, given: &Value) {
    let Some(given) = given.as_object() else {
        return;
    };
    if !slot.is_object() {
        *slot = Value::Object(Object::new());
    }
    let Value::Object(members) = slot else { return };
    for (name, value) in given {
        match value {
            Value::Null => {
                members.shift_remove(name);
            }
            Value::Object(_) => merge_values(members.entry(name).or_insert(Value::Null), value),
            other => {
                members.insert(name.clone(), other.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::retailcrm::value::object;
    use serde_json::json;

    const FIELDS: &[Field] = &[
        ("phone", Kind::Text),
        ("weight", Kind::Number),
        ("call", Kind::Flag),
        ("createdAt", Kind::DateTime),
        ("delivery", Kind::Block),
        ("customFields", Kind::Map),
    ];

    #[test]
    fn re5_wrong_fields_are_named() {
        let mut errors = Object::new();
        let input = object(json!({
            "phone": ["x"], "weight": "heavy", "call": "maybe", "createdAt": "2026-01-01T00:00:00",
            "delivery": "dhl", "customFields": []
        }));
        check(&input, FIELDS, &mut errors);
        let named: Vec<_> = errors.keys().map(String::as_str).collect();
        assert_eq!(named, ["phone", "weight", "call", "createdAt", "delivery"]);
    }

    #[test]
    fn an_edit_sets_clears_and_leaves() {
        let mut row = object(json!({
            "phone": "1", "weight": 2, "delivery": {"code": "a", "address": {"city": "X", "index": "1"}},
            "customFields": {"nps": 5}
        }));
        let input = object(json!({
            "phone": null, "call": "1", "delivery": {"address": {"city": "Y", "index": null}},
            "customFields": {"nps": null}, "unknown": 1
        }));
        merge(&mut row, &input, FIELDS);
        assert_eq!(
            Value::Object(row),
            json!({
                "weight": 2, "delivery": {"code": "a", "address": {"city": "Y"}}, "customFields": [], "call": true
            })
        );
    }
}
