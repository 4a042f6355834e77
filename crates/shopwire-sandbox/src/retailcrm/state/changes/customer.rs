//! Customers, persons and companies: their fields as the histories name and show them.

use serde_json::{Value, json};

use super::{Change, between, custom, flat, id, legal, part};
use crate::retailcrm::value::{self, Object};

/// Members that the histories leave out: computed, or recorded in entries of their own.
const UNTOLD: &[&str] = &[
    "id",
    "type",
    "ordersCount",
    "totalSumm",
    "averageSumm",
    "marginSumm",
    "avgMarginSumm",
    "costSumm",
    "isContact",
    "tags",
    "phones",
    "segments",
    "customerSubscriptions",
    "firstClientId",
    "lastClientId",
    "addresses",
    "companies",
    "customerContacts",
    "mainAddress",
    "mainCompany",
    "mainCustomerContact",
];

/// Returns the differences between two states of a customer, including its parts.
pub(crate) fn changes(before: &Object, after: &Object) -> Vec<Change> {
    let address = after.get("address").or_else(|| before.get("address"));
    let address = address.map(|address| json!({"id": address["id"], "isMain": true}));
    let fields = between(&fields(before), &fields(after)).into_iter();
    let mut changes: Vec<Change> = fields
        .map(|change| match &address {
            Some(address) if change.field.starts_with("address.") => {
                change.beside("address", address.clone())
            }
            _ => change,
        })
        .collect();
    changes.extend(phones(before, after));
    changes.extend(part::changes(before, after));
    changes
}

/// Returns the short form of a customer that histories show beside a changed field.
pub(crate) fn reference(row: &Object) -> Value {
    value::pick(row, &["id", "externalId", "site"]).into()
}

fn fields(row: &Object) -> Object {
    let mut fields = Object::new();
    let told = row
        .iter()
        .filter(|(name, _)| !UNTOLD.contains(&name.as_str()));
    for (name, given) in told {
        match name.as_str() {
            "managerId" => drop(fields.insert("manager".into(), id(given))),
            "address" => {
                flat(&mut fields, "address.", given);
                fields.shift_remove("address.id");
            }
            "contragent" => legal::fields(&mut fields, "contragent.", given),
            "source" => flat(&mut fields, "source.", given),
            "customFields" => custom(&mut fields, given),
            _ => drop(fields.insert(value::snake(name), given.clone())),
        }
    }
    fields
}

/// An entry for each number that came or went.
fn phones(before: &Object, after: &Object) -> Vec<Change> {
    let numbers = |row: &Object| -> Vec<Value> {
        let numbers = value::all_at(row, "phones.number");
        numbers.into_iter().cloned().collect()
    };
    let (old, new) = (numbers(before), numbers(after));
    let gone = old.iter().filter(|number| !new.contains(number));
    let came = new.iter().filter(|number| !old.contains(number));
    let gone = gone.map(|number| Change::new("phones", number.clone(), Value::Null));
    let came = came.map(|number| Change::new("phones", Value::Null, number.clone()));
    gone.chain(came).collect()
}
