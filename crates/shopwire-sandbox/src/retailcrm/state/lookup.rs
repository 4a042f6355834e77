//! The ids of a table's rows, by what the rows are looked up by.

use std::collections::HashMap;

use serde_json::Value;

use crate::retailcrm::value::{self, Object};

/// A key by which rows are looked up.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// The caller's own identifier.
    ExternalId(String),
    /// The id of the customer that the row refers to, a person or a company.
    Customer(i64),
}

/// The keys of a row.
pub(super) type Keys = [Option<Key>; 2];

/// Returns the keys of a row.
pub(super) fn keys(row: &Object) -> Keys {
    let customer = row.get("customer").and_then(|customer| customer.get("id"));
    [
        value::member(row, "externalId").map(Key::ExternalId),
        customer.and_then(Value::as_i64).map(Key::Customer),
    ]
}

/// The ids of rows by key. They rise, whatever the order of the changes: a loaded table finds the same rows.
#[derive(Debug, Default)]
pub(super) struct Lookup {
    ids: HashMap<Key, Vec<i64>>,
}

impl Lookup {
    pub(super) fn ids(&self, key: &Key) -> &[i64] {
        self.ids.get(key).map_or(&[], Vec::as_slice)
    }

    pub(super) fn add(&mut self, id: i64, keys: Keys) {
        for key in keys.into_iter().flatten() {
            let ids = self.ids.entry(key).or_default();
            if let Err(place) = ids.binary_search(&id) {
                ids.insert(place, id);
            }
        }
    }

    pub(super) fn remove(&mut self, id: i64, keys: Keys) {
        for key in keys.into_iter().flatten() {
            if let Some(ids) = self.ids.get_mut(&key) {
                ids.retain(|&other| other != id);
                if ids.is_empty() {
                    self.ids.remove(&key);
                }
            }
        }
    }
}
