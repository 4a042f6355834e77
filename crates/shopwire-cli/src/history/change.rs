//! An entry of a history.

use common_model::{Value as Json, from_json};

use crate::failure::Failure;

/// Members of an entry that name the part of the object that changed, with what the part is called.
const PARTS: [(&str, &str); 5] = [
    ("item", "item"),
    ("payment", "payment"),
    ("address", "address"),
    ("company", "company"),
    ("customerContact", "contact"),
];

/// A change of an object.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) id: Json,
    /// The time in the account's time zone, as the service wrote it.
    pub(super) at: String,
    pub(super) kind: Kind,
    pub(super) source: String,
    /// The user, if a user made the change.
    pub(super) user: Option<User>,
    /// Whether it came with the key of this run; only of changes through the API.
    pub(super) own_key: Option<bool>,
    /// The name of the field in the history.
    pub(super) field: String,
    /// The name for the part, and the part.
    pub(super) part: Option<(&'static str, Json)>,
    pub(super) from: Json,
    pub(super) to: Json,
    /// The object that this one went into.
    pub(super) combined_to: Option<Json>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Created,
    Deleted,
    /// It went into another object.
    Combined,
    Changed,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Deleted => "deleted",
            Self::Combined => "combined",
            Self::Changed => "changed",
        }
    }
}

/// A user of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct User {
    pub(super) id: Option<i64>,
    pub(super) name: Option<String>,
}

impl User {
    pub(super) fn of(json: &Json) -> Self {
        Self {
            id: json.get("id").and_then(integer),
            name: name(json),
        }
    }
}

/// The name of a user, if the object has one.
pub(super) fn name(json: &Json) -> Option<String> {
    let word = |name: &str| json.get(name).and_then(Json::as_str);
    let words = ["firstName", "lastName"].into_iter().filter_map(word);
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// A number, or a text with a number: PHP writes either.
fn integer(json: &Json) -> Option<i64> {
    json.as_i64()
        .or_else(|| json.as_str().and_then(|text| text.parse().ok()))
}

impl Change {
    /// Reads an entry. Members that are missing or of another shape count as absent.
    ///
    /// # Errors
    /// The entry is no object.
    pub(super) fn of(json: &str) -> Result<Self, Failure> {
        let entry: Json = from_json(json)
            .map_err(|error| Failure::new(format_args!("a change cannot be read: {error}")))?;
        if entry.as_object().is_none() {
            return Err(Failure::new("a change cannot be read: it is no object"));
        }
        let get = |name: &str| entry.get(name).filter(|value| !value.is_null());
        let text = |name: &str| {
            get(name)
                .and_then(Json::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let is = |name: &str| get(name).and_then(Json::as_bool) == Some(true);
        let combined_to = get("combinedTo").cloned();
        let kind = match &combined_to {
            Some(_) => Kind::Combined,
            None if is("deleted") => Kind::Deleted,
            None if is("created") => Kind::Created,
            None => Kind::Changed,
        };
        let value = |name: &str| get(name).cloned().unwrap_or(Json::Null);
        let key = get("apiKey").and_then(|key| key.get("current"));
        let part = PARTS.into_iter().find_map(|(member, called)| {
            let part = get(member).filter(|part| part.as_object().is_some())?;
            Some((called, part.clone()))
        });
        Ok(Self {
            id: value("id"),
            at: text("createdAt"),
            kind,
            source: text("source"),
            user: get("user").map(User::of),
            own_key: key.and_then(Json::as_bool),
            field: text("field"),
            part,
            from: value("oldValue"),
            to: value("newValue"),
            combined_to,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(json: &str) -> Change {
        Change::of(json).map_err(|_| json).expect("a change")
    }

    // J9
    #[test]
    fn j9_odd_entries_are_read_as_far_as_they_go() {
        let empty = change("{}");
        assert_eq!((empty.kind, empty.field.as_str()), (Kind::Changed, ""));
        assert!(empty.from.is_null() && empty.user.is_none() && empty.part.is_none());
        let odd = change(
            r#"{"id":"7","user":{"id":"12","firstName":"Ann","lastName":""},"item":[],"created":1,"apiKey":null}"#,
        );
        let user = odd.user.expect("a user");
        assert_eq!((user.id, user.name.as_deref()), (Some(12), Some("Ann")));
        assert_eq!((odd.kind, odd.part.is_none()), (Kind::Changed, true));
        for json in ["[]", "5", "null"] {
            assert!(Change::of(json).is_err());
        }
    }

    // J9
    #[test]
    fn j9_made_removed_and_merged_are_told_apart() {
        for (json, kind) in [
            (r#"{"created":true,"field":"status"}"#, Kind::Created),
            (r#"{"deleted":true}"#, Kind::Deleted),
            (r#"{"deleted":true,"combinedTo":{"id":7}}"#, Kind::Combined),
            (r#"{"created":false,"deleted":false}"#, Kind::Changed),
        ] {
            assert_eq!(change(json).kind, kind, "{json}");
        }
    }
}
