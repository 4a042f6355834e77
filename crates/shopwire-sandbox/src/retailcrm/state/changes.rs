//! The differences between two states of a row, in the names and shapes of the histories.
//!
//! Histories do not use the names of the JSON: they have the service's own, in snake case, with a
//! dot between an object and its part. References are shown as objects: `{"code"}`, `{"id"}`.

pub(crate) mod customer;
pub(crate) mod item;
mod legal;
pub(crate) mod order;
pub(crate) mod part;

use serde_json::{Value, json};

use crate::retailcrm::value::{self, Object};

/// A field that changed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Change {
    pub(crate) field: String,
    pub(crate) old: Value,
    pub(crate) new: Value,
    /// The part of the entity that the entry shows beside the entity itself.
    pub(crate) beside: Option<(&'static str, Value)>,
}

impl Change {
    fn new(field: impl Into<String>, old: Value, new: Value) -> Self {
        Self {
            field: field.into(),
            old,
            new,
            beside: None,
        }
    }

    fn beside(mut self, name: &'static str, part: Value) -> Self {
        self.beside = Some((name, part));
        self
    }
}

/// Returns the differences between two sets of fields, named as in histories.
fn between(before: &Object, after: &Object) -> Vec<Change> {
    let names = after
        .keys()
        .chain(before.keys().filter(|name| !after.contains_key(*name)));
    let value = |fields: &Object, name: &str| fields.get(name).cloned().unwrap_or_default();
    names
        .map(|name| (name, value(before, name), value(after, name)))
        .filter(|(_, old, new)| old != new)
        .map(|(name, old, new)| Change::new(name.as_str(), old, new))
        .collect()
}

/// The changes of a row without a vocabulary of its own: names in snake case, values as they are.
pub(crate) fn plain(before: &Object, after: &Object, skip: &[&str]) -> Vec<Change> {
    let fields = |row: &Object| -> Object {
        let kept = row
            .iter()
            .filter(|(name, _)| !skip.contains(&name.as_str()));
        kept.map(|(name, given)| (value::snake(name), given.clone()))
            .collect()
    };
    between(&fields(before), &fields(after))
}

/// A code as histories show it.
fn code(given: &Value) -> Value {
    json!({"code": given})
}

/// A number of a user as histories show it.
fn id(given: &Value) -> Value {
    json!({"id": given})
}

/// The members of an object, named `prefix` and their own name; what is no scalar is left out.
fn flat(fields: &mut Object, prefix: &str, given: &Value) {
    for (name, member) in given.as_object().into_iter().flatten() {
        if !member.is_object() && !member.is_array() {
            let name = match name.as_str() {
                "countryIso" => "country".to_owned(),
                name => value::snake(name),
            };
            fields.insert(format!("{prefix}{name}"), member.clone());
        }
    }
}

/// The account's own fields.
fn custom(fields: &mut Object, given: &Value) {
    for (name, member) in given.as_object().into_iter().flatten() {
        fields.insert(format!("custom_{name}"), member.clone());
    }
}
