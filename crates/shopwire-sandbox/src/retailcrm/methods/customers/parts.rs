//! Methods over the parts of a company: addresses, legal entities, contacts.

use serde_json::{Value, json};

use super::{check, path};
use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::filter::{Conditions, Field as Filter, Rule};
use crate::retailcrm::protocol::page::{Page, SIZES};
use crate::retailcrm::state::Account;
use crate::retailcrm::state::fields;
use crate::retailcrm::state::parts::{self, Part};
use crate::retailcrm::state::party::Party;
use crate::retailcrm::state::table::By;
use crate::retailcrm::value::{self, Object};

const ADDRESS_FILTERS: &[Filter] = &[
    ("ids", Rule::OneOf("id")),
    ("name", Rule::Contains(&["name"])),
    ("city", Rule::Contains(&["city"])),
    ("region", Rule::Contains(&["region"])),
];

const COMPANY_FILTERS: &[Filter] = &[
    ("ids", Rule::OneOf("id")),
    ("externalIds", Rule::OneOf("externalId")),
];

const CONTACT_FILTERS: &[Filter] = &[
    ("contactIds", Rule::OneOf("customer.id")),
    ("contactExternalIds", Rule::OneOf("customer.externalId")),
    ("ids", Rule::OneOf("id")),
];

/// The name of one in parameters.
fn item(part: Part) -> &'static str {
    match part {
        Part::Address => "address",
        Part::Company => "company",
        Part::Contact => "contact",
    }
}

/// The name of a list in answers.
fn shown_list(part: Part) -> &'static str {
    match part {
        Part::Address => "addresses",
        Part::Company => "companies",
        Part::Contact => "contacts",
    }
}

fn filters(part: Part) -> &'static [Filter] {
    match part {
        Part::Address => ADDRESS_FILTERS,
        Part::Company => COMPANY_FILTERS,
        Part::Contact => CONTACT_FILTERS,
    }
}

pub(crate) fn list(account: &mut Account, call: &Call, part: Part) -> Outcome {
    let conditions = Conditions::read(call, filters(part))?;
    let page = Page::read(call, SIZES)?;
    let row = company(account, call)?.1;
    let parts = parts::list(&row, part);
    let rows: Vec<&Value> = parts
        .iter()
        .filter(|one| one.as_object().is_some_and(|one| conditions.hold(one)))
        .collect();
    Ok(Answer::ok(
        json!({"pagination": page.block(rows.len()), shown_list(part): page.cut(rows)}),
    ))
}

pub(crate) fn create(account: &mut Account, call: &Call, part: Part) -> Outcome {
    let (id, before) = company(account, call)?;
    let input = checked(account, call, part, &before)?;
    let mut row = before.clone();
    let part_id = account.companies.add_part(&mut row, part, &input);
    check::mark_contacts(account, &parts::list(&row, Part::Contact));
    account.companies.store(id, &before, row);
    Ok(Answer::created(json!({"id": part_id})))
}

pub(crate) fn edit(account: &mut Account, call: &Call, part: Part) -> Outcome {
    let (id, before) = company(account, call)?;
    let by = call.identified("entityBy")?;
    let input = checked(account, call, part, &before)?;
    let mut row = before.clone();
    let mut parts = parts::list(&row, part);
    let identifier = call.segment("entityExternalId");
    let index = parts
        .iter()
        .position(|one| is_meant(one, part, identifier, by))
        .ok_or_else(Failure::not_found)?;
    let mut shown = parts[index].as_object().cloned().unwrap_or_default();
    fields::merge(&mut shown, &input, part.fields());
    let part_id = shown.get("id").and_then(value::integer).unwrap_or_default();
    let is_main = shown.get("isMain").and_then(value::flag) == Some(true);
    parts[index] = Value::Object(shown);
    row.insert(part.list().into(), parts.into());
    if is_main {
        parts::make_main(&mut row, part, part_id);
    }
    check::mark_contacts(account, &parts::list(&row, Part::Contact));
    account.companies.store(id, &before, row);
    Ok(Answer::ok(json!({"id": part_id})))
}

/// A contact is named by its customer's external id; the others by their own.
fn is_meant(one: &Value, part: Part, identifier: &str, by: By) -> bool {
    let named = match (by, part) {
        (By::Id, _) => one.get("id"),
        (By::ExternalId, Part::Contact) => one["customer"].get("externalId"),
        (By::ExternalId, Part::Address | Part::Company) => one.get("externalId"),
    };
    named.and_then(value::text).as_deref() == Some(identifier)
}

fn company(account: &Account, call: &Call) -> Result<(i64, Object), Failure> {
    let id = path::customer(account, call, Party::Company)?;
    let row = account.companies.table.get(id).cloned();
    Ok((id, row.ok_or_else(Failure::not_found)?))
}

/// The part in the form field; a contact's person must exist and is completed.
fn checked(account: &Account, call: &Call, part: Part, row: &Object) -> Result<Object, Failure> {
    let mut input = call.object(item(part))?;
    let mut errors = Object::new();
    fields::check(&input, part.fields(), &mut errors);
    if !errors.is_empty() {
        return Err(Failure::format(errors));
    }
    match part {
        Part::Contact => {
            check::contact(account, "customer", &mut input)?;
            companies(row, &mut input)?;
        }
        Part::Company => account.check_custom_fields("company", &input, &mut errors),
        Part::Address => {}
    }
    if !errors.is_empty() {
        return Err(Failure::format(errors));
    }
    Ok(input)
}

/// The legal entities that a contact stands for must be the company's own:
/// `[{"company": {"externalId": "a"}}]`.
fn companies(row: &Object, input: &mut Object) -> Result<(), Failure> {
    let Some(given) = input.get("companies").and_then(Value::as_array) else {
        return Ok(());
    };
    let own = parts::list(row, Part::Company);
    let complete = |one: &Value| {
        let wanted = &one["company"];
        let is_meant = |company: &&Value| {
            ["id", "externalId"].iter().any(|name| {
                let named = wanted.get(name).and_then(value::text);
                named.is_some() && named == company.get(name).and_then(value::text)
            })
        };
        let company = own.iter().find(is_meant).and_then(Value::as_object);
        let company = company
            .ok_or_else(|| Failure::field("companies", "The customer has no such company."))?;
        let shown = value::pick(company, &["id", "externalId", "name"]);
        Ok(json!({"company": shown}))
    };
    let shown: Vec<Value> = given.iter().map(complete).collect::<Result<_, Failure>>()?;
    input.insert("companies".into(), shown.into());
    Ok(())
}
