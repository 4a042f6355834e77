//! A value against its schema: types, formats, listed values and names.

use common_model::{Map, Value};

use super::{format, odd};
use crate::{call::Schema, suggest};

/// Collects what is wrong with a value, and what of it is not sent.
#[derive(Debug, Default)]
pub(super) struct Walk {
    /// The path of each fault, and the fault.
    pub(super) faults: Vec<(String, String)>,
    /// Paths of members that are not sent, without numbers of elements.
    pub(super) left_out: Vec<String>,
    /// Paths of lists that are not within others.
    pub(super) lists: Vec<String>,
    /// Values that are probably wrong: path, reason and shape.
    pub(super) odd: Vec<(String, &'static str, String)>,
}

/// The schemas of a place: of what the method takes, and of what the service shows there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'d> {
    pub(super) taken: Schema<'d>,
    pub(super) shown: Option<Schema<'d>>,
}

impl<'d> Place<'d> {
    fn items(self) -> Option<Self> {
        let shown = self.shown.and_then(Schema::items);
        let taken = self.taken.items()?;
        Some(Self { taken, shown })
    }

    fn child(self, name: &str) -> Option<Self> {
        let shown = self.shown.and_then(|shown| shown.child(name));
        let taken = self.taken.child(name)?;
        Some(Self { taken, shown })
    }
}

impl Walk {
    /// The value as it is sent.
    pub(super) fn value(&mut self, value: Value, place: Place<'_>, path: &str) -> Value {
        let types = place.taken.types();
        // A member of which nothing is known, such as a custom field.
        if types.is_empty() {
            return value;
        }
        let is = |name: &str| types.contains(&name);
        match value {
            Value::Object(members) if is("object") => self.object(members, place, path),
            Value::Array(items) if is("array") => self.array(items, place, path),
            // PHP writes an empty object as a list.
            Value::Array(items) if items.is_empty() && is("object") => Value::Array(items),
            Value::Null => Value::Null,
            value => {
                if let Some((why, shape)) = odd::found(path, &value) {
                    self.odd.push((path.to_owned(), why, shape));
                }
                if let Err(why) = format::scalar(&value, &types, place.taken) {
                    self.faults.push((path.to_owned(), why));
                }
                value
            }
        }
    }

    fn array(&mut self, items: Vec<Value>, place: Place<'_>, path: &str) -> Value {
        if is_state(path, place) {
            self.lists.push(path.to_owned());
        }
        let Some(inner) = place.items() else {
            return Value::Array(items);
        };
        let items = items.into_iter().enumerate();
        items
            .map(|(at, item)| self.value(item, inner, &format!("{path}[{at}]")))
            .collect::<Vec<_>>()
            .into()
    }

    pub(super) fn object(&mut self, members: Map<Value>, place: Place<'_>, path: &str) -> Value {
        let mut sent = Map::new();
        for (name, member) in members {
            let below = match path {
                "" => name.clone(),
                path => format!("{path}.{name}"),
            };
            match place.child(&name) {
                Some(inner) if inner.taken.is_read_only() => self.leave_out(&below, &member),
                Some(inner) => {
                    let member = self.value(member, inner, &below);
                    sent.insert(&name, member);
                }
                None if place
                    .shown
                    .is_some_and(|shown| shown.child(&name).is_some()) =>
                {
                    self.leave_out(&below, &member);
                }
                None => {
                    let why = unknown(&name, place.taken);
                    self.faults.push((below, why));
                }
            }
        }
        Value::Object(sent)
    }

    /// Notes a member that is not sent. An empty one says nothing.
    pub(super) fn leave_out(&mut self, path: &str, member: &Value) {
        let is_empty = match member {
            Value::Null | Value::Bool(false) => true,
            Value::String(text) => text.is_empty(),
            Value::Array(items) => items.is_empty(),
            Value::Object(members) => members.is_empty(),
            Value::Number(_) | Value::Bool(true) => false,
        };
        if !is_empty {
            self.left_out.push(without_numbers(path));
        }
    }
}

/// Whether a list is a part of the object, and not of another list. An empty map may be written as a list, and some lists
/// have changes.
fn is_state(path: &str, place: Place<'_>) -> bool {
    let name = path.rsplit('.').next().unwrap_or(path);
    let has_changes = ["addTags", "removeTags"].contains(&name);
    !path.contains('[') && !has_changes && !place.taken.types().contains(&"object")
}

/// `items.offer` for `items[3].offer`.
fn without_numbers(path: &str) -> String {
    let mut parts = path.split('[');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(part.split_once(']').map_or(part, |(_, rest)| rest));
    }
    out
}

/// Says that there is no such member, and which is meant.
fn unknown(name: &str, schema: Schema<'_>) -> String {
    let fields = schema.fields();
    let names = fields
        .iter()
        .filter(|(_, field, _)| !field.is_read_only())
        .map(|(name, ..)| *name);
    match suggest::nearest(name, names).first() {
        Some(near) => format!("there is no such field; did you mean {near}?"),
        None => "there is no such field; --describe shows them".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // J5
    #[test]
    fn j5_a_path_is_told_without_the_numbers_of_elements() {
        assert_eq!(
            without_numbers("items[12].offer.prices[0]"),
            "items.offer.prices"
        );
        assert_eq!(without_numbers("a"), "a");
    }
}
