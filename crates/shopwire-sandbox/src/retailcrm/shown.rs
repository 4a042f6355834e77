//! A row as an answer shows it: stored members, some replaced or added.

use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::Value;

use super::value::Object;

/// A row with members in place of its own or after them. It is written without a copy of the row: copying the rows
/// of a page would take longer than the rest of the request.
#[derive(Debug)]
pub(crate) struct Shown<'r> {
    row: &'r Object,
    other: Vec<(&'static str, Member<'r>)>,
}

/// A member that a row does not store.
#[derive(Debug)]
enum Member<'r> {
    Value(Value),
    Row(Shown<'r>),
}

impl<'r> Shown<'r> {
    /// The row as it is stored.
    pub(crate) fn stored(row: &'r Object) -> Self {
        Self {
            row,
            other: Vec::new(),
        }
    }

    /// Replaces or adds a member.
    pub(crate) fn with(self, name: &'static str, value: Value) -> Self {
        self.and(name, Member::Value(value))
    }

    /// Replaces or adds a member that is a row.
    pub(crate) fn with_row(self, name: &'static str, row: Shown<'r>) -> Self {
        self.and(name, Member::Row(row))
    }

    /// A name is given once.
    fn and(mut self, name: &'static str, member: Member<'r>) -> Self {
        debug_assert!(self.other(name).is_none(), "{name} is given twice");
        self.other.push((name, member));
        self
    }

    /// Returns the members as JSON.
    pub(crate) fn into_object(self) -> Object {
        let mut object = self.row.clone();
        for (name, member) in self.other {
            let value = match member {
                Member::Value(value) => value,
                Member::Row(row) => Value::Object(row.into_object()),
            };
            object.insert(name.into(), value);
        }
        object
    }

    fn other(&self, name: &str) -> Option<&Member<'r>> {
        let mut other = self.other.iter();
        other
            .find(|(known, _)| *known == name)
            .map(|(_, member)| member)
    }
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, stored) in self.row {
            match self.other(name) {
                Some(member) => map.serialize_entry(name, member)?,
                None => map.serialize_entry(name, stored)?,
            }
        }
        let is_new = |name: &str| !self.row.contains_key(name);
        for (name, member) in self.other.iter().filter(|(name, _)| is_new(name)) {
            map.serialize_entry(name, member)?;
        }
        map.end()
    }
}

impl Serialize for Member<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.serialize(serializer),
            Self::Row(row) => row.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::retailcrm::value::object;

    #[test]
    fn s5_a_row_is_written_as_its_copy_would_be() {
        let order = object(json!({"id": 1, "customer": {"id": 2}, "status": "new"}));
        let customer = object(json!({"id": 2, "costSumm": 0, "email": "a@example.org"}));
        let customer = || Shown::stored(&customer).with("costSumm", json!(7));
        let shown = || {
            Shown::stored(&order)
                .with_row("customer", customer())
                .with("company", json!({"id": 3}))
        };
        let text = r#"{"id":1,"customer":{"id":2,"costSumm":7,"email":"a@example.org"},"status":"new","company":{"id":3}}"#;
        assert_eq!(serde_json::to_string(&shown()).unwrap(), text);
        assert_eq!(serde_json::to_string(&shown().into_object()).unwrap(), text);
    }
}
