//! The parts of a corporate customer as its history names and shows them.

use serde_json::{Value, json};

use super::{Change, between, custom, flat, legal};
use crate::retailcrm::state::parts::{Part, list};
use crate::retailcrm::value::Object;

/// Returns the parts that were added or changed, each beside the part, and the change of the main part.
pub(super) fn changes(before: &Object, after: &Object) -> Vec<Change> {
    let mut changes = Vec::new();
    for part in Part::ALL {
        let (old, new) = (list(before, part), list(after, part));
        for one in &new {
            let was = old.iter().find(|was| was["id"] == one["id"]);
            let differing = match was {
                None => vec![Change::new(name(part), Value::Null, short(part, one))],
                Some(was) => between(&fields(part, was), &fields(part, one)),
            };
            let beside = |change: Change| change.beside(shown_as(part), one.clone());
            changes.extend(differing.into_iter().map(beside));
            if part == Part::Contact {
                changes.extend(contact_companies(was, one));
            }
        }
        let field = match part {
            Part::Company => "main_company",
            Part::Contact => "main_contact",
            // No fixture shows an entry for the main address.
            Part::Address => continue,
        };
        let main = |parts: &[Value]| {
            let main = parts.iter().find(|one| one["isMain"] == true);
            main.map(|one| short(part, one)).unwrap_or_default()
        };
        if main(&old) != main(&new) {
            changes.push(Change::new(field, main(&old), main(&new)));
        }
    }
    changes
}

fn name(part: Part) -> &'static str {
    match part {
        Part::Address => "address",
        Part::Company => "company",
        Part::Contact => "contact",
    }
}

/// The member of the entry that shows the part.
fn shown_as(part: Part) -> &'static str {
    match part {
        Part::Address => "address",
        Part::Company => "company",
        Part::Contact => "customerContact",
    }
}

fn short(part: Part, one: &Value) -> Value {
    match part {
        Part::Contact => json!({"id": one["id"]}),
        Part::Address | Part::Company => json!({"id": one["id"], "name": one["name"]}),
    }
}

/// Returns the fields of a part, without the mark of the main one, which has its own entry.
fn fields(part: Part, one: &Value) -> Object {
    let prefix = format!("{}.", name(part));
    let mut fields = Object::new();
    flat(&mut fields, &prefix, one);
    legal::fields(
        &mut fields,
        &format!("{prefix}contragent."),
        &one["contragent"],
    );
    flat(&mut fields, &format!("{prefix}address."), &one["address"]);
    custom(&mut fields, &one["customFields"]);
    fields.shift_remove(&format!("{prefix}is_main"));
    fields
}

/// The companies that a contact came to stand for.
fn contact_companies(was: Option<&Value>, one: &Value) -> Vec<Change> {
    let companies = |contact: &Value| contact["companies"].as_array().cloned().unwrap_or_default();
    let old = was.map(companies).unwrap_or_default();
    let new = companies(one);
    let came = new.iter().filter(|company| !old.contains(company));
    came.map(|company| {
        let shown = json!({"id": company["company"]["id"], "customer_contact": {"id": one["id"]}});
        Change::new("contact.contact_company", Value::Null, shown)
            .beside("customerContact", one.clone())
    })
    .collect()
}
