//! The history of changes: what was noted, and what differs between two states of a row.

use serde_json::{Value, json};

use crate::retailcrm::value::{self, Object, object};

/// One log of changes, oldest first.
#[derive(Debug, Default)]
pub(crate) struct History {
    entries: Vec<Object>,
}

impl History {
    /// Notes a change through the API. `change` has the members that differ: `field`, `oldValue`,
    /// `newValue`, `created`, `deleted`, and the entity.
    pub(crate) fn note(&mut self, change: Value) {
        self.note_as("api", change);
        if let Some(entry) = self.entries.last_mut() {
            entry.insert("apiKey".into(), json!({"current": true}));
        }
    }

    /// As `note`, for the entity whose history does not tell the key.
    pub(crate) fn note_without_key(&mut self, change: Value) {
        self.note_as("api", change);
    }

    /// Notes a change of another source: `code` (the system on its own), `combine`.
    pub(crate) fn note_as(&mut self, source: &str, change: Value) {
        let id = self.entries.len() + 1;
        let mut entry = object(json!({"id": id, "createdAt": value::now(), "source": source}));
        entry.extend(object(change));
        self.entries.push(entry);
    }

    /// Notes one entry for each difference.
    pub(crate) fn note_changes(&mut self, subject: &str, entity: &Value, changes: Vec<Change>) {
        for Change { field, old, new } in changes {
            self.note(json!({
                "field": field, "oldValue": old, "newValue": new, subject: entity,
            }));
        }
    }

    /// The entries, by growing id.
    pub(crate) fn entries(&self) -> &[Object] {
        &self.entries
    }
}

/// A field that changed.
#[derive(Debug, PartialEq)]
pub(crate) struct Change {
    pub(crate) field: String,
    pub(crate) old: Value,
    pub(crate) new: Value,
}

/// Fields whose values are codes: history shows them as `{"code": ..}`.
const CODES: &[&str] = &[
    "status",
    "orderType",
    "orderMethod",
    "site",
    "shipmentStore",
    "privilegeType",
];

/// What differs between two states of a row, without the members in `skip`. Custom fields and
/// nested blocks are compared member by member.
pub(crate) fn differences(before: &Object, after: &Object, skip: &[&str]) -> Vec<Change> {
    let mut changes = Vec::new();
    let names = after
        .keys()
        .chain(before.keys().filter(|name| !after.contains_key(*name)));
    for name in names.filter(|name| !skip.contains(&name.as_str())) {
        let (old, new) = (
            before.get(name).unwrap_or(&Value::Null),
            after.get(name).unwrap_or(&Value::Null),
        );
        compare(name, old, new, &mut changes);
    }
    changes
}

fn compare(name: &str, old: &Value, new: &Value, changes: &mut Vec<Change>) {
    if old == new {
        return;
    }
    let prefix = if name == "customFields" {
        "custom".to_owned()
    } else {
        value::snake(name)
    };
    if old.is_object() || new.is_object() {
        let nothing = Object::new();
        let (old, new) = (
            old.as_object().unwrap_or(&nothing),
            new.as_object().unwrap_or(&nothing),
        );
        for change in differences(old, new, &[]) {
            changes.push(Change {
                field: format!("{prefix}_{}", change.field),
                ..change
            });
        }
    } else {
        let shown = |value: &Value| match value {
            Value::String(code) if CODES.contains(&name) => json!({"code": code}),
            other => other.clone(),
        };
        changes.push(Change {
            field: prefix,
            old: shown(old),
            new: shown(new),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn re10_an_entry_for_each_changed_field() {
        let before =
            object(json!({"status": "new", "firstName": "A", "customFields": [], "phone": "1"}));
        let after = object(
            json!({"status": "paid", "firstName": "A", "customFields": {"nps": 5}, "delivery": {"cost": 3}}),
        );
        let changes = differences(&before, &after, &["updatedAt"]);
        let shown: Vec<_> = changes
            .iter()
            .map(|change| (change.field.as_str(), &change.old, &change.new))
            .collect();
        assert_eq!(
            shown,
            [
                ("status", &json!({"code": "new"}), &json!({"code": "paid"})),
                ("custom_nps", &Value::Null, &json!(5)),
                ("delivery_cost", &Value::Null, &json!(3)),
                ("phone", &json!("1"), &Value::Null),
            ]
        );
    }
}
