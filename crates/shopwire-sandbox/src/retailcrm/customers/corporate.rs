//! The parts of a company: addresses, legal entities, contacts.

use serde_json::{Value, json};

use super::Directory;
use crate::retailcrm::answer::Object;
use crate::retailcrm::fields::{self, Field, Kind};
use crate::retailcrm::filter::{Field as Filter, Rule};
use crate::retailcrm::value;

/// One kind of part.
#[derive(Debug)]
pub(super) struct Part {
    /// Its name in parameters.
    pub(super) item: &'static str,
    /// The member of the company that lists them, and of the answer.
    pub(super) list: &'static str,
    pub(super) shown_list: &'static str,
    /// The member of the company that holds the main one.
    pub(super) main: &'static str,
    pub(super) fields: &'static [Field],
    pub(super) filters: &'static [Filter],
}

pub(super) const ADDRESSES: Part = Part {
    item: "address",
    list: "addresses",
    shown_list: "addresses",
    main: "mainAddress",
    fields: &[
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
    ],
    filters: &[
        ("ids", Rule::OneOf("id")),
        ("externalIds", Rule::OneOf("externalId")),
        ("name", Rule::Contains(&["name"])),
        ("city", Rule::Contains(&["city"])),
        ("region", Rule::Contains(&["region"])),
    ],
};

pub(super) const COMPANIES: Part = Part {
    item: "company",
    list: "companies",
    shown_list: "companies",
    main: "mainCompany",
    fields: &[
        ("externalId", Kind::Text),
        ("name", Kind::Text),
        ("brand", Kind::Text),
        ("isMain", Kind::Flag),
        ("active", Kind::Flag),
        ("site", Kind::Text),
        ("contragent", Kind::Block),
        ("address", Kind::Block),
        ("customFields", Kind::Map),
    ],
    filters: &[
        ("ids", Rule::OneOf("id")),
        ("externalIds", Rule::OneOf("externalId")),
        ("companyName", Rule::Contains(&["name"])),
    ],
};

pub(super) const CONTACTS: Part = Part {
    item: "contact",
    list: "customerContacts",
    shown_list: "contacts",
    main: "mainCustomerContact",
    fields: &[
        ("isMain", Kind::Flag),
        ("customer", Kind::Block),
        ("companies", Kind::List),
    ],
    filters: &[
        ("contactIds", Rule::OneOf("customer.id")),
        ("ids", Rule::OneOf("id")),
    ],
};

/// Adds a part to a company and answers its id. The first, and one marked so, is the main one.
pub(super) fn add(directory: &mut Directory, row: &mut Object, part: &Part, input: &Object) -> i64 {
    let id = directory.next_part();
    let mut shown = Object::new();
    shown.insert("id".into(), id.into());
    fields::merge(&mut shown, input, part.fields);
    let mut parts = list(row, part);
    let is_main = parts.is_empty() || shown.get("isMain").and_then(value::flag) == Some(true);
    shown.insert("isMain".into(), is_main.into());
    parts.push(Value::Object(shown));
    row.insert(part.list.into(), parts.into());
    if is_main {
        make_main(row, part, id);
    }
    id
}

/// Marks one part as the main one and the others as not.
pub(super) fn make_main(row: &mut Object, part: &Part, id: i64) {
    let mut parts = list(row, part);
    for one in &mut parts {
        let is_main = one["id"] == id;
        one["isMain"] = is_main.into();
        if is_main {
            row.insert(part.main.into(), main(part, one));
        }
    }
    row.insert(part.list.into(), parts.into());
}

fn main(part: &Part, shown: &Value) -> Value {
    if part.item == "contact" {
        return shown.clone();
    }
    let names = ["id", "externalId", "name"];
    let named = names
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), shown.get(name)?.clone())));
    Value::Object(named.collect())
}

pub(super) fn list(row: &Object, part: &Part) -> Vec<Value> {
    row.get(part.list)
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default()
}

/// Parts that come with a new company.
pub(super) fn parts_of_new(directory: &mut Directory, row: &mut Object, input: &Object) {
    if directory.party.kind != "customer_corporate" {
        return;
    }
    for part in [&ADDRESSES, &COMPANIES, &CONTACTS] {
        for one in input
            .get(part.list)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            if let Some(one) = one.as_object() {
                add(directory, row, part, one);
            }
        }
    }
    row.entry("nickName").or_insert(json!(""));
}
