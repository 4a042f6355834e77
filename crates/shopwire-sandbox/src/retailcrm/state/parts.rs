//! The parts of a company: addresses, legal entities, contacts.

use serde_json::Value;

use super::fields::{self, Field, Kind};
use crate::retailcrm::value::{self, Object};

/// A kind of part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Address,
    Company,
    Contact,
}

impl Part {
    /// Every kind.
    pub(crate) const ALL: [Self; 3] = [Self::Address, Self::Company, Self::Contact];

    /// The member of the company that lists them.
    pub(crate) fn list(self) -> &'static str {
        match self {
            Self::Address => "addresses",
            Self::Company => "companies",
            Self::Contact => "customerContacts",
        }
    }

    /// The member of the company that holds the main one.
    fn main(self) -> &'static str {
        match self {
            Self::Address => "mainAddress",
            Self::Company => "mainCompany",
            Self::Contact => "mainCustomerContact",
        }
    }

    /// The fields a caller may set.
    pub(crate) fn fields(self) -> &'static [Field] {
        match self {
            Self::Address => ADDRESS,
            Self::Company => COMPANY,
            Self::Contact => CONTACT,
        }
    }
}

const ADDRESS: &[Field] = &[
    ("externalId", Kind::Text),
    ("name", Kind::Text),
    ("isMain", Kind::Flag),
    ("index", Kind::Text),
    ("countryIso", Kind::Text),
    ("region", Kind::Text),
    ("regionId", Kind::Number),
    ("city", Kind::Text),
    ("cityId", Kind::Number),
    ("cityType", Kind::Text),
    ("street", Kind::Text),
    ("streetId", Kind::Number),
    ("streetType", Kind::Text),
    ("building", Kind::Text),
    ("flat", Kind::Text),
    ("floor", Kind::Number),
    ("block", Kind::Number),
    ("house", Kind::Text),
    ("housing", Kind::Text),
    ("metro", Kind::Text),
    ("notes", Kind::Text),
    ("text", Kind::Text),
];

const COMPANY: &[Field] = &[
    ("externalId", Kind::Text),
    ("name", Kind::Text),
    ("brand", Kind::Text),
    ("isMain", Kind::Flag),
    ("active", Kind::Flag),
    ("site", Kind::Text),
    ("contragent", Kind::Block),
    ("address", Kind::Block),
    ("customFields", Kind::Map),
];

const CONTACT: &[Field] = &[
    ("isMain", Kind::Flag),
    ("customer", Kind::Block),
    ("companies", Kind::List),
];

/// Adds a part to a company under this id. The first, and one marked so, is the main one.
pub(crate) fn add(row: &mut Object, part: Part, id: i64, input: &Object) {
    let mut shown = Object::new();
    shown.insert("id".into(), id.into());
    fields::merge(&mut shown, input, part.fields());
    let mut parts = list(row, part);
    let is_main = parts.is_empty() || shown.get("isMain").and_then(value::flag) == Some(true);
    shown.insert("isMain".into(), is_main.into());
    parts.push(Value::Object(shown));
    row.insert(part.list().into(), parts.into());
    if is_main {
        make_main(row, part, id);
    }
}

/// Marks one part as the main one and the others as not.
pub(crate) fn make_main(row: &mut Object, part: Part, id: i64) {
    let mut parts = list(row, part);
    for one in &mut parts {
        let is_main = one["id"] == id;
        one["isMain"] = is_main.into();
        if is_main {
            row.insert(part.main().into(), main(part, one));
        }
    }
    row.insert(part.list().into(), parts.into());
}

fn main(part: Part, shown: &Value) -> Value {
    if part == Part::Contact {
        return shown.clone();
    }
    let names = ["id", "externalId", "name"];
    let named = names
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), shown.get(name)?.clone())));
    Value::Object(named.collect())
}

pub(crate) fn list(row: &Object, part: Part) -> Vec<Value> {
    row.get(part.list())
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default()
}
