//! An entry of a history. The entries that make an entity hold the whole of it, and are kept as text: as rows they
//! would take six times the memory, and they are read seldom.

use std::borrow::Cow;

use serde_json::Value;

use crate::retailcrm::value::{self, Object};

/// An entry, as a row or as the JSON text of one.
#[derive(Debug)]
pub(super) enum Entry {
    Row(Object),
    Text {
        /// The member that names the entity, and its id.
        subject: (&'static str, i64),
        text: Box<str>,
    },
}

/// The members that name the entity of an entry.
const SUBJECTS: [&str; 2] = ["order", "customer"];

impl Entry {
    pub(super) fn row(&self) -> Cow<'_, Object> {
        match self {
            Self::Row(row) => Cow::Borrowed(row),
            Self::Text { text, .. } => Cow::Owned(serde_json::from_str(text).unwrap_or_default()),
        }
    }

    /// Whether the member of this name is the entity with this id.
    pub(super) fn is_about(&self, subject: &str, id: i64) -> bool {
        match self {
            Self::Row(row) => id_of(row, subject) == Some(id),
            Self::Text { subject: own, .. } => *own == (subject, id),
        }
    }
}

fn id_of(row: &Object, subject: &str) -> Option<i64> {
    row.get(subject)?.get("id").and_then(value::integer)
}

impl From<Object> for Entry {
    fn from(row: Object) -> Self {
        let makes = row
            .get("created")
            .is_some_and(|made| *made == Value::Bool(true));
        let mut subjects = SUBJECTS
            .iter()
            .filter_map(|name| Some((*name, id_of(&row, name)?)));
        match subjects.next() {
            Some(subject) if makes => Self::Text {
                subject,
                text: Value::Object(row).to_string().into(),
            },
            _ => Self::Row(row),
        }
    }
}
