//! Ids of the account and of the emulation: what a recorded request creates has another id there.

use std::collections::{HashMap, HashSet};

use common_model::Value as Json;

use crate::args::Service;

/// Members by which an object is told from others.
const IDENTITIES: [&str; 6] = ["id", "ID", "externalId", "uuid", "number", "code"];

/// Names that are nothing but an id.
const PLAIN: [&str; 7] = ["id", "ids", "ID", "uuid", "uuids", "number", "numbers"];

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

/// Ids of one service. An order and a customer may have the same id, so an id has the thing that it is of.
#[derive(Debug, Default)]
pub(super) struct Ids {
    /// Those of the emulation by those of the recording, for each kind of thing.
    emulated: HashMap<String, Vec<(String, Json)>>,
    /// The recorded ids by those of the emulation.
    recorded: HashMap<(String, String), String>,
    /// Recorded ids of what the recording itself has created.
    created: HashSet<(String, String)>,
}

impl Ids {
    /// The emulation's id for a recorded one under this name. `thing` is what the name is a member of.
    pub(super) fn emulated(&self, thing: &str, name: &str, recorded: &str) -> Option<&Json> {
        if !is_id(name) {
            return None;
        }
        let known = self.emulated.get(recorded)?;
        let of = of(thing, name);
        if let Some((_, id)) = known.iter().find(|(thing, _)| *thing == of) {
            return Some(id);
        }
        // Under another name, it is the same id only if there is no other.
        let (_, first) = known.first()?;
        known.iter().all(|(_, id)| id == first).then_some(first)
    }

    /// Learns from two successes that answer the same request about `thing`.
    pub(super) fn learn(&mut self, thing: &str, recorded: &Json, emulated: &Json, creates: bool) {
        self.pair(thing, "", recorded, emulated);
        if creates {
            self.create(thing, "", recorded);
        }
    }

    /// Here `name` is that of the member that holds the value, and `thing` what it is a member of.
    fn pair(&mut self, thing: &str, name: &str, recorded: &Json, emulated: &Json) {
        match (recorded, emulated) {
            (Json::Object(one), Json::Object(other)) => {
                let thing = if name.is_empty() { thing } else { name };
                for (name, member) in one.iter() {
                    if let Some(other) = other.get(name) {
                        self.pair(thing, name, member, other);
                    }
                }
            }
            (Json::Array(one), Json::Array(other)) if one.len() == other.len() => {
                for (one, other) in one.iter().zip(other) {
                    self.pair(thing, name, one, other);
                }
            }
            (one, other) if is_id(name) && one.kind() == other.kind() => {
                let Some(recorded) = scalar(one) else {
                    return;
                };
                let of = of(thing, name);
                if let Some(emulated) = scalar(other) {
                    let emulated = (of.clone(), emulated);
                    self.recorded.insert(emulated, recorded.clone());
                }
                let known = self.emulated.entry(recorded).or_default();
                known.retain(|(thing, _)| *thing != of);
                known.push((of, other.clone()));
            }
            _ => {}
        }
    }

    fn create(&mut self, thing: &str, name: &str, recorded: &Json) {
        match recorded {
            Json::Object(members) => {
                let thing = if name.is_empty() { thing } else { name };
                for (name, member) in members.iter() {
                    self.create(thing, name, member);
                }
            }
            Json::Array(items) => {
                for item in items {
                    self.create(thing, name, item);
                }
            }
            value if IDENTITIES.contains(&name) || is_id(name) => {
                let of = match IDENTITIES.contains(&name) {
                    true => singular(thing),
                    false => of(thing, name),
                };
                self.created.extend(scalar(value).map(|id| (of, id)));
            }
            _ => {}
        }
    }

    /// Whether a recorded object has an id, and none that the recording has created: it was there before.
    pub(super) fn is_foreign(&self, thing: &str, recorded: &Json) -> bool {
        let thing = singular(thing);
        let ids: Vec<String> = identities(recorded).collect();
        let mut known = ids.iter().map(|id| (thing.clone(), id.clone()));
        !ids.is_empty() && !known.any(|id| self.created.contains(&id))
    }

    /// The emulation's id for a recorded one, or the same id, unless the emulation has it for something else.
    pub(super) fn counterpart(&self, thing: &str, name: &str, recorded: &str) -> Option<String> {
        let of = of(thing, name);
        let mut known = self.emulated.get(recorded).into_iter().flatten();
        if let Some((_, known)) = known.find(|(thing, _)| *thing == of) {
            return scalar(known);
        }
        let emulated = (of, recorded.to_owned());
        let is_taken = self
            .recorded
            .get(&emulated)
            .is_some_and(|other| other != recorded);
        (!is_taken).then(|| recorded.to_owned())
    }

    /// Whether a recorded object and one of the emulation are the same.
    pub(super) fn is_same(&self, thing: &str, recorded: &Json, emulated: &Json) -> bool {
        IDENTITIES.iter().any(|name| {
            let one = recorded.get(name).and_then(scalar);
            let other = emulated.get(name).and_then(scalar);
            let Some(one) = one else {
                return false;
            };
            let counterpart = self.counterpart(thing, name, &one);
            counterpart.is_some() && counterpart == other
        })
    }
}

fn identities(object: &Json) -> impl Iterator<Item = String> {
    IDENTITIES
        .iter()
        .filter_map(|name| object.get(name).and_then(scalar))
}

/// The kind of thing that an id under this name belongs to: an order for `orderId`, `thing` for `id`. Numbers are ids of
/// another kind.
fn of(thing: &str, name: &str) -> String {
    let word = last_word(name);
    match word {
        "number" | "numbers" => format!("{} number", singular(thing)),
        _ if PLAIN.contains(&word) => singular(thing),
        word => {
            let named = ENDINGS.iter().find_map(|ending| word.strip_suffix(ending));
            singular(named.unwrap_or(word).trim_end_matches('_'))
        }
    }
}

/// `order` for `orders` and `ORDER`. Uvygoda's items are products.
fn singular(thing: &str) -> String {
    let thing = thing.to_lowercase();
    match thing.trim_end_matches('s') {
        "item" => "product".to_owned(),
        thing => thing.to_owned(),
    }
}

/// The last word within the brackets of a parameter: `ids` of `filter[ids][]`.
fn last_word(name: &str) -> &str {
    let mut words = name.split(['[', ']']).filter(|word| !word.is_empty());
    words.next_back().unwrap_or_default()
}

/// Whether a member or parameter of this name holds an id.
pub(super) fn is_id(name: &str) -> bool {
    let word = last_word(name);
    PLAIN.contains(&word) || ENDINGS.iter().any(|ending| word.ends_with(ending))
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
        ids.learn("orders", &recorded, &emulated, true);
        assert_eq!(ids.emulated("task", "orderId", "812"), Some(&Json::from(1)));
        assert_eq!(ids.emulated("items", "id", "5"), Some(&Json::from(9)));
        assert_eq!(ids.emulated("items", "quantity", "5"), None);
        assert!(ids.is_same("order", &read(r#"{"id":812}"#), &read(r#"{"id":1}"#)));
        assert!(!ids.is_same("order", &read(r#"{"id":812}"#), &read(r#"{"id":2}"#)));
        assert!(!ids.is_foreign("orders", &read(r#"{"id":812}"#)));
        assert!(ids.is_foreign("orders", &read(r#"{"id":811}"#)));
        assert!(ids.is_foreign("users", &read(r#"{"id":812}"#)));
        // Another thing with the same id keeps its own.
        let (recorded, emulated) = (
            read(r#"{"id":812,"customer":{"id":812}}"#),
            read(r#"{"id":3,"customer":{"id":3}}"#),
        );
        ids.learn("customers", &recorded, &emulated, true);
        assert_eq!(ids.emulated("", "orderId", "812"), Some(&Json::from(1)));
        assert_eq!(ids.emulated("customers", "id", "812"), Some(&Json::from(3)));
        assert_eq!(ids.emulated("", "managerId", "812"), None);
        assert!(!ids.is_foreign("users", &read(r#"{"success":true}"#)));
    }
}
