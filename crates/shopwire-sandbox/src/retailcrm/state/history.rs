//! A history: recorded changes, oldest first, with their sources.

use serde_json::{Value, json};

use super::changes::Change;
use crate::clock::Clock;
use crate::retailcrm::value::{Object, object};

/// A log of changes, oldest first, dated by a clock.
#[derive(Debug, Default)]
pub(crate) struct History {
    clock: Clock,
    entries: Vec<Object>,
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
        self.push(Source::Api, change);
    }

    /// As `note`, for any source. Only changes through the API tell the key.
    pub(crate) fn note_as(&mut self, source: Source, change: Value) {
        self.push(source, change);
        if let (Source::Api, Some(entry)) = (source, self.entries.last_mut()) {
            entry.insert("apiKey".into(), json!({"current": true}));
        }
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
        for entry in self.entries.iter_mut().filter(|entry| is_meant(entry)) {
            entry.insert("createdAt".into(), to.into());
        }
    }

    /// The entries, by growing id.
    pub(crate) fn entries(&self) -> &[Object] {
        &self.entries
    }

    fn push(&mut self, source: Source, change: Value) {
        let id = self.entries.len() + 1;
        let mut entry = object(json!({
            "id": id, "createdAt": self.now(), "source": source.name(),
        }));
        entry.extend(object(change));
        self.entries.push(entry);
    }
}
