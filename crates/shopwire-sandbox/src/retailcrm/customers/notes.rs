//! Notes about customers.

use serde_json::{Value, json};

use super::{Pick, party};
use crate::retailcrm::account::Account;
use crate::retailcrm::answer::{Answer, Failure, Object, Outcome, object};
use crate::retailcrm::call::Call;
use crate::retailcrm::filter::{Conditions, Field, Rule};
use crate::retailcrm::page::{Page, SIZES};
use crate::retailcrm::value;

const FILTERS: &[Field] = &[
    ("ids", Rule::OneOf("id")),
    ("customerIds", Rule::OneOf("customer.id")),
    ("customerExternalIds", Rule::OneOf("customer.externalId")),
    ("managerIds", Rule::OneOf("managerId")),
    ("text", Rule::Contains(&["text"])),
    ("createdAtFrom", Rule::From("createdAt")),
    ("createdAtTo", Rule::To("createdAt")),
];

pub(super) fn list(account: &mut Account, call: &Call, pick: Pick) -> Outcome {
    let conditions = Conditions::read(call, FILTERS)?;
    let page = Page::read(call, SIZES)?;
    let rows: Vec<&Object> = pick(account)
        .notes
        .iter()
        .rev()
        .filter(|row| conditions.hold(row))
        .collect();
    Ok(Answer::ok(
        json!({"pagination": page.block(rows.len()), "notes": page.cut(rows)}),
    ))
}

pub(super) fn create(account: &mut Account, call: &Call, pick: Pick) -> Outcome {
    let directory = pick(account);
    let note = call.object("note")?;
    let text = value::member(&note, "text")
        .ok_or_else(|| Failure::field("text", "This value should not be blank."))?;
    let reference = note
        .get("customer")
        .and_then(Value::as_object)
        .ok_or_else(|| Failure::field("customer", "This value should not be blank."))?;
    let customer = directory
        .table
        .referred(reference)
        .ok_or_else(Failure::not_found)?;
    let shown = directory
        .table
        .get(customer)
        .map(party::reference)
        .unwrap_or_default();
    let manager = note.get("managerId").cloned().unwrap_or(json!(1));
    let row =
        json!({"text": text, "customer": shown, "managerId": manager, "createdAt": value::now()});
    let id = directory.notes.insert(object(row));
    directory.history.note(json!({
        "field": "manager_comment", "oldValue": null, "newValue": text, directory.party.history: shown,
    }));
    Ok(Answer::created(json!({"id": id})))
}

pub(super) fn delete(account: &mut Account, call: &Call, pick: Pick) -> Outcome {
    let id = call.id()?;
    let gone = pick(account).notes.remove(id);
    gone.map(|_| Answer::ok(json!({"id": id})))
        .ok_or_else(Failure::not_found)
}
