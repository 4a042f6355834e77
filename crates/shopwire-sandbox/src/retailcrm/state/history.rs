//! A history: recorded changes, oldest first, with their sources.

mod entry;

use std::borrow::Cow;

use serde::de::Deserializer;
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::changes::Change;
use crate::clock::Clock;
use crate::retailcrm::value::{Object, object};
use entry::Entry;

/// A log of changes, oldest first, dated by a clock. The ids of the entries count from 1.
#[derive(Debug, Default)]
pub(crate) struct History {
    clock: Clock,
    entries: Vec<Entry>,
}

/// The source of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// A call with the account's key.
    Api,
    /// The system itself.
    Code,
    /// A merge.
    Combine,
}

impl Source {
    fn name(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Code => "code",
            Self::Combine => "combine",
        }
    }
}

impl History {
    /// An empty log.
    pub(crate) fn new(clock: &Clock) -> Self {
        Self {
            clock: clock.clone(),
            entries: Vec::new(),
        }
    }

    /// Dates further entries by this clock.
    pub(crate) fn attach(&mut self, clock: &Clock) {
        self.clock = clock.clone();
    }

    /// The present time, as histories write it.
    pub(crate) fn now(&self) -> String {
        self.clock.civil()
    }

    /// Records a change through the API. `change` has the members that differ: `field`, `oldValue`, `newValue`,
    /// `created`, `deleted`, and the entity.
    pub(crate) fn note(&mut self, change: Value) {
        self.note_as(Source::Api, change);
    }

    /// As `note`, for the entity whose history does not tell the key.
    pub(crate) fn note_without_key(&mut self, change: Value) {
        self.push(self.now(), Source::Api, change);
    }

    /// As `note`, for any source. Only changes through the API tell the key.
    pub(crate) fn note_as(&mut self, source: Source, change: Value) {
        self.push(self.now(), source, with_key(source, change, true));
    }

    /// As `note`, for a change at another time and with another key than the caller's.
    pub(crate) fn note_of_other_key(&mut self, at: &str, change: Value) {
        let change = with_key(Source::Api, change, false);
        self.push(at.to_owned(), Source::Api, change);
    }

    /// Notes one entry for each change of an entity.
    pub(crate) fn note_changes(
        &mut self,
        source: Source,
        subject: &str,
        entity: &Value,
        changes: Vec<Change>,
    ) {
        for change in changes {
            let mut entry = json!({
                "field": change.field, "oldValue": change.old, "newValue": change.new, subject: entity,
            });
            if let Some((name, part)) = change.beside {
                entry[name] = part;
            }
            self.note_as(source, entry);
        }
    }

    /// Dates entries back, for a test.
    #[cfg(test)]
    pub(crate) fn backdate(&mut self, is_meant: impl Fn(&Object) -> bool, to: &str) {
        for entry in &mut self.entries {
            let mut row = entry.row().into_owned();
            if is_meant(&row) {
                row.insert("createdAt".into(), to.into());
                *entry = Entry::from(row);
            }
        }
    }

    /// Says of the entries from an index on that a user has made the changes, and returns them. Changes that the
    /// system made by itself stay its own.
    pub(crate) fn attribute(&mut self, from: usize, user: i64) -> Vec<Object> {
        let new = self.entries.iter_mut().skip(from);
        new.map(|entry| {
            let row = entry.row().into_owned();
            if row.get("source").is_none_or(|source| source != "api") {
                return row;
            }
            let row: Object = row
                .into_iter()
                .filter(|(name, _)| name != "apiKey")
                .flat_map(|(name, value)| match name.as_str() {
                    "source" => vec![
                        (name, json!("user")),
                        ("user".to_owned(), json!({"id": user})),
                    ],
                    _ => vec![(name, value)],
                })
                .collect();
            *entry = Entry::from(row.clone());
            row
        })
        .collect()
    }

    /// The number of entries.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The entry at an index, which is its id less one.
    pub(crate) fn entry(&self, index: usize) -> Cow<'_, Object> {
        self.entries
            .get(index)
            .map_or_else(|| Cow::Owned(Object::new()), Entry::row)
    }

    /// The entries about the entity with this id, oldest first; `subject` is the member that names it.
    pub(crate) fn about(&self, subject: &str, id: i64) -> impl Iterator<Item = Cow<'_, Object>> {
        let entries = self.entries.iter();
        entries
            .filter(move |entry| entry.is_about(subject, id))
            .map(Entry::row)
    }

    fn push(&mut self, at: String, source: Source, change: Value) {
        let id = self.entries.len() + 1;
        let mut entry = object(json!({"id": id, "createdAt": at, "source": source.name()}));
        entry.extend(object(change));
        self.entries.push(Entry::from(entry));
    }
}

/// Adds whether the key of the change is the caller's own.
fn with_key(source: Source, mut change: Value, is_own: bool) -> Value {
    if source == Source::Api {
        change["apiKey"] = json!({"current": is_own});
    }
    change
}

impl Serialize for History {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.entries.iter().map(Entry::row))
    }
}

/// Reads the entries; the clock is attached later.
impl<'de> Deserialize<'de> for History {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries = Vec::<Object>::deserialize(deserializer)?;
        Ok(Self {
            clock: Clock::default(),
            entries: entries.into_iter().map(Entry::from).collect(),
        })
    }
}
