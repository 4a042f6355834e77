//! Ids of the account and of the emulation: what a recorded request creates has another id there.

use std::collections::{HashMap, HashSet};

use common_model::Value as Json;

use crate::args::Service;

/// Members by which an object is told from others.
const IDENTITIES: [&str; 6] = ["id", "ID", "externalId", "uuid", "number", "code"];

/// How names of ids end.
const ENDINGS: [&str; 8] = ["Id", "ID", "Ids", "IDS", "IDs", "_id", "_ids", "_ID"];

/// Ids of all services.
#[derive(Debug, Default)]
pub(super) struct AllIds([Ids; 3]);

impl AllIds {
    pub(super) fn of(&mut self, service: Service) -> &mut Ids {
        &mut self.0[service as usize]
    }
}

/// Ids of one service.
#[derive(Debug, Default)]
pub(super) struct Ids {
    /// Those of the emulation by those of the recording.
    emulated: HashMap<String, Json>,
    /// Recorded ids of what the recording itself has created.
    created: HashSet<String>,
}

impl Ids {
    /// The emulation's id for a recorded one under this name, if it has another.
    pub(super) fn emulated(&self, name: &str, recorded: &str) -> Option<&Json> {
        match is_id(name) {
            true => self.emulated.get(recorded),
            false => None,
        }
    }

    /// Learns from two successes that answer the same request.
    pub(super) fn learn(&mut self, recorded: &Json, emulated: &Json, creates: bool) {
        self.pair("", recorded, emulated);
        if creates {
            self.create("", recorded);
        }
    }

    fn pair(&mut self, name: &str, recorded: &Json, emulated: &Json) {
        match (recorded, emulated) {
            (Json::Object(one), Json::Object(other)) => {
                for (name, member) in one.iter() {
                    if let Some(other) = other.get(name) {
                        self.pair(name, member, other);
                    }
                }
            }
            (Json::Array(one), Json::Array(other)) if one.len() == other.len() => {
                for (one, other) in one.iter().zip(other) {
                    self.pair(name, one, other);
                }
            }
            (one, other) if is_id(name) && one != other => {
                if let (Some(one), Some(_)) = (scalar(one), scalar(other)) {
                    self.emulated.insert(one, other.clone());
                }
            }
            _ => {}
        }
    }

    fn create(&mut self, name: &str, recorded: &Json) {
        match recorded {
            Json::Object(members) => {
                for (name, member) in members.iter() {
                    self.create(name, member);
                }
            }
            Json::Array(items) => items.iter().for_each(|item| self.create(name, item)),
            value if IDENTITIES.contains(&name) => self.created.extend(scalar(value)),
            _ => {}
        }
    }

    /// Whether a recorded object has an id, and none that the recording has created: it was there before.
    pub(super) fn is_foreign(&self, recorded: &Json) -> bool {
        let ids: Vec<String> = identities(recorded).collect();
        !ids.is_empty() && !ids.iter().any(|id| self.created.contains(id))
    }

    /// Whether a recorded object and one of the emulation are the same.
    pub(super) fn is_same(&self, recorded: &Json, emulated: &Json) -> bool {
        IDENTITIES.iter().any(|name| {
            let one = recorded.get(name).and_then(scalar);
            let other = emulated.get(name).and_then(scalar);
            let Some(one) = one else {
                return false;
            };
            let mapped = self.emulated(name, &one).and_then(scalar);
            other == Some(mapped.unwrap_or(one))
        })
    }
}

fn identities(object: &Json) -> impl Iterator<Item = String> {
    IDENTITIES
        .iter()
        .filter_map(|name| object.get(name).and_then(scalar))
}

/// Whether a member or parameter of this name holds an id. Of `filter[ids][]` the last word counts.
pub(super) fn is_id(name: &str) -> bool {
    let words = name.split(['[', ']']);
    let word = words.filter(|word| !word.is_empty()).next_back();
    let word = word.unwrap_or_default();
    let is_plain = ["id", "ids", "uuid", "uuids", "number", "numbers"].contains(&word);
    is_plain || ENDINGS.iter().any(|ending| word.ends_with(ending))
}

/// The text of a number or a string.
pub(super) fn scalar(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use common_model::from_json;

    #[test]
    fn s7_ids_are_told_by_their_names() {
        for name in [
            "id",
            "ID",
            "productId",
            "filter[ids][]",
            "PRODUCT_ID",
            "sinceId",
            "uuid",
        ] {
            assert!(is_id(name), "{name}");
        }
        for name in ["paid", "valid", "quantity", "filter[paid]", "", "name"] {
            assert!(!is_id(name), "{name}");
        }
    }

    #[test]
    fn s7_an_id_that_was_created_is_the_emulations_own_from_then_on() {
        let read = |text: &str| from_json::<Json>(text).expect("JSON");
        let mut ids = Ids::default();
        let (recorded, emulated) = (
            read(r#"{"id":812,"order":{"id":812,"items":[{"id":5,"n":1}]}}"#),
            read(r#"{"id":1,"order":{"id":1,"items":[{"id":9,"n":2}]}}"#),
        );
        ids.learn(&recorded, &emulated, true);
        assert_eq!(ids.emulated("orderId", "812"), Some(&Json::from(1)));
        assert_eq!(ids.emulated("id", "5"), Some(&Json::from(9)));
        assert_eq!(ids.emulated("quantity", "5"), None);
        assert!(ids.is_same(&read(r#"{"id":812}"#), &read(r#"{"id":1}"#)));
        assert!(!ids.is_same(&read(r#"{"id":812}"#), &read(r#"{"id":2}"#)));
        assert!(!ids.is_foreign(&read(r#"{"id":812}"#)));
        assert!(ids.is_foreign(&read(r#"{"id":811}"#)));
        assert!(!ids.is_foreign(&read(r#"{"success":true}"#)));
    }
}
