//! Notes about customers.

use serde_json::json;

use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::filter::{Conditions, Field, Rule};
use crate::retailcrm::protocol::page::{Page, SIZES};
use crate::retailcrm::state::Account;
use crate::retailcrm::state::party::Party;
use crate::retailcrm::state::resolve;
use crate::retailcrm::value::{self, Object};

const FILTERS: &[Field] = &[
    ("ids", Rule::OneOf("id")),
    ("customerIds", Rule::OneOf("customer.id")),
    ("customerExternalIds", Rule::OneOf("customer.externalId")),
    ("managerIds", Rule::OneOf("managerId")),
    ("text", Rule::Contains(&["text"])),
    ("createdAtFrom", Rule::From("createdAt")),
    ("createdAtTo", Rule::To("createdAt")),
];

pub(crate) fn list(account: &mut Account, call: &Call, party: Party) -> Outcome {
    let conditions = Conditions::read(call, FILTERS)?;
    let page = Page::read(call, SIZES)?;
    let rows: Vec<&Object> = account
        .directory(party)
        .notes
        .iter()
        .rev()
        .filter(|row| conditions.hold(row))
        .collect();
    Ok(Answer::ok(
        json!({"pagination": page.block(rows.len()), "notes": page.cut(rows)}),
    ))
}

pub(crate) fn create(account: &mut Account, call: &Call, party: Party) -> Outcome {
    let note = call.object("note")?;
    let text = value::member(&note, "text")
        .ok_or_else(|| Failure::field("text", "This value should not be blank."))?;
    let given = resolve::given(&note, "customer")
        .ok_or_else(|| Failure::field("customer", "This value should not be blank."))?;
    let reference = resolve::reference("customer", given)?;
    let customer = account.referred_party("customer", reference, party)?;
    let customer = customer.get("id").and_then(value::integer);
    let manager = note.get("managerId").cloned().unwrap_or(json!(1));
    account.check_user("managerId", &manager)?;
    let id = customer
        .and_then(|customer| account.directory_mut(party).note(customer, &text, manager))
        .ok_or_else(Failure::not_found)?;
    Ok(Answer::created(json!({"id": id})))
}

pub(crate) fn delete(account: &mut Account, call: &Call, party: Party) -> Outcome {
    let id = call.id()?;
    let gone = account.directory_mut(party).notes.remove(id);
    gone.map(|_| Answer::ok(json!({"id": id})))
        .ok_or_else(Failure::not_found)
}
