//! Two JSON answers: their members, types and enumerated values.
//!
//! Other values are data. They differ with each account, so they are not compared, except the texts of failures.

use common_model::{Map, Value as Json};
use common_transport::Mask;

use super::{
    described,
    found::{Difference, Kind},
    ids::Ids,
};
use crate::call::Schema;

/// Longest value that is shown.
const SHOWN: usize = 200;

/// A comparison of two answers.
pub(super) struct Shape<'i> {
    ids: &'i Ids,
    /// The kind of things that the request reads or changes: the object at the top has no other name.
    thing: &'i str,
    /// Whether texts count: the answers are failures.
    texts: bool,
    pub(super) found: Vec<Difference>,
}

/// A place in both answers.
#[derive(Clone)]
struct Place<'s> {
    at: String,
    schema: Option<Schema<'s>>,
    /// Within an object that was at the account before the recording.
    is_foreign: bool,
}

impl<'s> Place<'s> {
    fn of(&self, name: &str, schema: Option<Schema<'s>>) -> Self {
        let at = join(&self.at, name);
        Self {
            at,
            schema,
            is_foreign: self.is_foreign,
        }
    }
}

impl<'i> Shape<'i> {
    pub(super) fn new(ids: &'i Ids, thing: &'i str, texts: bool) -> Self {
        Self {
            ids,
            thing,
            texts,
            found: Vec::new(),
        }
    }

    pub(super) fn compare(&mut self, schema: Option<Schema<'_>>, recorded: &Json, sandbox: &Json) {
        let place = Place {
            at: String::new(),
            schema,
            is_foreign: false,
        };
        self.value(&place, recorded, sandbox);
    }

    fn value(&mut self, place: &Place<'_>, recorded: &Json, sandbox: &Json) {
        match (recorded, sandbox) {
            // Both have a secret there.
            (Json::String(text), Json::String(_) | Json::Number(_))
                if text.contains(Mask::HIDDEN) => {}
            (Json::Object(one), Json::Object(other)) => {
                let mut place = place.clone();
                place.is_foreign |= self.ids.is_foreign(self.thing(&place.at), recorded);
                match place.schema.and_then(Schema::entries) {
                    Some(values) => self.map(&place, values, one, other),
                    None => self.members(&place, one, other),
                }
            }
            (Json::Array(one), Json::Array(other)) => {
                let items = place.schema.and_then(Schema::items);
                self.list(&place.of("[]", items), one, other);
            }
            (one, other) if one.kind() != other.kind() => {
                let needs_state = is_absent(one, other) != is_absent(other, one);
                let types = (type_of(one).to_owned(), type_of(other).to_owned());
                self.differ(place, Kind::Type, types, needs_state);
            }
            (one, other) if one != other && self.counts(place, one) => {
                let values = (shown(one), shown(other));
                if !self.texts || plain(&values.0) != plain(&values.1) {
                    self.differ(place, Kind::Value, values, place.is_foreign);
                }
            }
            _ => {}
        }
    }

    /// Whether a value is compared: one of a few, or the text of a failure.
    fn counts(&self, place: &Place<'_>, value: &Json) -> bool {
        let is_enumerated = place
            .schema
            .is_some_and(|schema| !schema.allowed().is_empty());
        let is_text = self.texts && !matches!(value, Json::Null);
        is_enumerated || is_text || matches!(value, Json::Bool(_))
    }

    /// The kind of an object at this place: the last word of the path.
    fn thing<'t>(&self, at: &'t str) -> &'t str
    where
        'i: 't,
    {
        let word = at.trim_end_matches(['[', ']', '{', '}']);
        match word.rsplit('.').next() {
            None | Some("") => self.thing,
            Some(word) => word,
        }
    }

    fn members(&mut self, place: &Place<'_>, recorded: &Map<Json>, sandbox: &Map<Json>) {
        let schema = |name: &str| place.schema.and_then(|schema| schema.child(name));
        for (name, one) in recorded.iter() {
            let member = place.of(name, schema(name));
            match sandbox.get(name) {
                Some(other) => self.value(&member, one, other),
                None => {
                    let types = (type_of(one).to_owned(), String::new());
                    // The sandbox never has a member that is not in its description.
                    let needs_state = place.is_foreign && described::has_member(place.schema, name);
                    self.differ(&member, Kind::Missing, types, needs_state);
                }
            }
        }
        for (name, other) in sandbox.iter() {
            if !recorded.contains_key(name) {
                let types = (String::new(), type_of(other).to_owned());
                let member = place.of(name, None);
                self.differ(&member, Kind::Extra, types, place.is_foreign);
            }
        }
    }

    /// A map whose names are data.
    fn map(
        &mut self,
        place: &Place<'_>,
        values: Schema<'_>,
        recorded: &Map<Json>,
        sandbox: &Map<Json>,
    ) {
        let thing = self.thing(&place.at).to_owned();
        let place = place.of("{}", Some(values));
        let mut left = Vec::new();
        for (name, one) in recorded.iter() {
            // The name may be an id.
            let counterpart = self.ids.counterpart(&thing, "id", name);
            match counterpart.and_then(|name| sandbox.get(&name)) {
                Some(other) => self.value(&place, one, other),
                None => left.push(one),
            }
        }
        self.rest(&place, &left, sandbox.is_empty());
    }

    /// A list. Equal objects are compared; of equally long lists also the others, one by one.
    fn list(&mut self, place: &Place<'_>, recorded: &[Json], sandbox: &[Json]) {
        let thing = self.thing(&place.at);
        let mut left = Vec::new();
        for (index, one) in recorded.iter().enumerate() {
            let same = sandbox
                .iter()
                .find(|other| self.ids.is_same(thing, one, other));
            let beside = sandbox
                .get(index)
                .filter(|_| recorded.len() == sandbox.len());
            match same.or(beside) {
                Some(other) => self.value(place, one, other),
                None => left.push(one),
            }
        }
        if recorded.is_empty() && !sandbox.is_empty() {
            let words = ("none".to_owned(), "items".to_owned());
            self.differ(place, Kind::Extra, words, true);
        }
        self.rest(place, &left, sandbox.is_empty());
    }

    /// Items of the account without a counterpart.
    fn rest(&mut self, place: &Place<'_>, recorded: &[&Json], is_empty: bool) {
        if is_empty && !recorded.is_empty() {
            let words = ("items".to_owned(), "none".to_owned());
            self.differ(place, Kind::Missing, words, true);
        }
        let Some(schema) = place.schema else {
            return;
        };
        for one in recorded {
            for difference in described::check(schema, &place.at, one) {
                self.push(difference);
            }
        }
    }

    fn differ(
        &mut self,
        place: &Place<'_>,
        kind: Kind,
        (recorded, sandbox): (String, String),
        needs_state: bool,
    ) {
        let difference = Difference {
            kind,
            at: place.at.clone(),
            recorded,
            sandbox,
            needs_state,
        };
        self.push(difference);
    }

    fn push(&mut self, difference: Difference) {
        if !self.found.contains(&difference) {
            self.found.push(difference);
        }
    }
}

/// The path of a member, of an item (`[]`) or of a value of a map (`{}`).
pub(super) fn join(at: &str, name: &str) -> String {
    match (at, name) {
        ("", name) => name.to_owned(),
        (at, "[]" | "{}") => format!("{at}{name}"),
        (at, name) => format!("{at}.{name}"),
    }
}

/// Whether a value stands for the absence of data of the other's type: PHP writes an empty map as an empty list, and
/// Uvygoda writes `false`.
fn is_absent(json: &Json, other: &Json) -> bool {
    match json {
        Json::Null => true,
        Json::Array(items) => items.is_empty(),
        Json::Object(members) => members.is_empty(),
        Json::Bool(false) => !matches!(other, Json::String(_)),
        _ => false,
    }
}

pub(super) fn type_of(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Number(_) => "number",
        Json::String(_) => "string",
        Json::Array(_) => "list",
        Json::Object(_) => "object",
    }
}

/// A value in short.
fn shown(json: &Json) -> String {
    let text = json.to_string();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// A text of a failure without the numbers in it, which may be ids.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for letter in text.chars() {
        match letter.is_ascii_digit() {
            true if plain.ends_with('0') => {}
            true => plain.push('0'),
            false => plain.push(letter),
        }
    }
    plain
}
