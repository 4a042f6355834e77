//! Methods over the parts of a company.

use serde_json::{Value, json};

use super::corporate::{self, Part};
use super::{companies, in_path};
use crate::retailcrm::account::Account;
use crate::retailcrm::answer::{Answer, Failure, Object, Outcome, object};
use crate::retailcrm::call::{By, Call};
use crate::retailcrm::fields;
use crate::retailcrm::filter::Conditions;
use crate::retailcrm::page::{Page, SIZES};
use crate::retailcrm::value;

pub(super) fn list(account: &mut Account, call: &Call, part: &Part) -> Outcome {
    let conditions = Conditions::read(call, part.filters)?;
    let page = Page::read(call, SIZES)?;
    let row = company(account, call)?.1;
    let parts = corporate::list(&row, part);
    let rows: Vec<&Value> = parts
        .iter()
        .filter(|one| one.as_object().is_some_and(|one| conditions.hold(one)))
        .collect();
    Ok(Answer::ok(
        json!({"pagination": page.block(rows.len()), part.shown_list: page.cut(rows)}),
    ))
}

pub(super) fn create(account: &mut Account, call: &Call, part: &Part) -> Outcome {
    let (id, before) = company(account, call)?;
    let input = checked(account, call, part)?;
    let mut row = before.clone();
    let part_id = corporate::add(&mut account.companies, &mut row, part, &input);
    account.companies.store(id, &before, row);
    Ok(Answer::created(json!({"id": part_id})))
}

pub(super) fn edit(account: &mut Account, call: &Call, part: &Part) -> Outcome {
    let (id, before) = company(account, call)?;
    let by = call.identified("entityBy")?;
    let input = checked(account, call, part)?;
    let mut row = before.clone();
    let mut parts = corporate::list(&row, part);
    let identifier = call.segment("entityExternalId");
    let index = parts
        .iter()
        .position(|one| is_meant(one, part, identifier, by))
        .ok_or_else(Failure::not_found)?;
    let mut shown = parts[index].as_object().cloned().unwrap_or_default();
    fields::merge(&mut shown, &input, part.fields);
    let part_id = shown.get("id").and_then(value::integer).unwrap_or_default();
    let is_main = shown.get("isMain").and_then(value::flag) == Some(true);
    parts[index] = Value::Object(shown);
    row.insert(part.list.into(), parts.into());
    if is_main {
        corporate::make_main(&mut row, part, part_id);
    }
    account.companies.store(id, &before, row);
    Ok(Answer::ok(json!({"id": part_id})))
}

/// A contact is named by its customer's external id; the others by their own.
fn is_meant(one: &Value, part: &Part, identifier: &str, by: By) -> bool {
    let named = match (by, part.item) {
        (By::Id, _) => one.get("id"),
        (By::ExternalId, "contact") => one["customer"].get("externalId"),
        (By::ExternalId, _) => one.get("externalId"),
    };
    named.and_then(value::text).as_deref() == Some(identifier)
}

fn company(account: &mut Account, call: &Call) -> Result<(i64, Object), Failure> {
    let id = in_path(account, call, companies)?;
    let row = account
        .companies
        .table
        .get(id)
        .cloned()
        .ok_or_else(Failure::not_found)?;
    Ok((id, row))
}

/// The part in the form field; a contact's person must exist and is completed.
fn checked(account: &Account, call: &Call, part: &Part) -> Result<Object, Failure> {
    let mut input = call.object(part.item)?;
    let mut errors = Object::new();
    fields::check(&input, part.fields, &mut errors);
    if !errors.is_empty() {
        return Err(Failure::format(errors));
    }
    if part.item == "contact"
        && let Some(reference) = input.get("customer").and_then(Value::as_object)
    {
        let person = account
            .customers
            .table
            .referred(reference)
            .and_then(|id| account.customers.table.get(id));
        let person =
            person.ok_or_else(|| Failure::field("customer", "Customer does not exist."))?;
        let mut reference = object(super::party::reference(person));
        reference.shift_remove("type");
        input.insert("customer".into(), reference.into());
    }
    Ok(input)
}
