//! Custom fields and their dictionaries, both known by code.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::collection::{self, Collection};
use crate::retailcrm::protocol::filter::Rule;
use crate::retailcrm::state::Account;
use crate::retailcrm::value::{self, Object};

const FIELDS: Collection = Collection {
    table: "custom-fields",
    item: "customField",
    list: "customFields",
    required: &["name", "code", "type"],
    filters: &[
        ("name", Rule::Contains(&["name"])),
        ("code", Rule::Contains(&["code"])),
        ("type", Rule::OneOf("type")),
        ("entity", Rule::OneOf("entity")),
        ("viewMode", Rule::OneOf("viewMode")),
        ("displayArea", Rule::OneOf("displayArea")),
        ("inFilter", Rule::Flag("inFilter")),
    ],
    join: collection::alone,
    hidden: &["id"],
};

const DICTIONARIES: Collection = Collection {
    table: "custom-dictionaries",
    item: "customDictionary",
    list: "customDictionaries",
    required: &["name", "code"],
    filters: &[
        ("name", Rule::Contains(&["name"])),
        ("code", Rule::Contains(&["code"])),
    ],
    join: collection::alone,
    hidden: &["id"],
};

pub(crate) fn list(account: &mut Account, call: &Call) -> Outcome {
    FIELDS.list(account, call)
}

pub(crate) fn list_dictionaries(account: &mut Account, call: &Call) -> Outcome {
    DICTIONARIES.list(account, call)
}

pub(crate) fn get(account: &mut Account, call: &Call) -> Outcome {
    get_of(account, call, &FIELDS)
}

pub(crate) fn get_dictionary(account: &mut Account, call: &Call) -> Outcome {
    get_of(account, call, &DICTIONARIES)
}

pub(crate) fn create(account: &mut Account, call: &Call) -> Outcome {
    create_of(account, call, &FIELDS)
}

pub(crate) fn create_dictionary(account: &mut Account, call: &Call) -> Outcome {
    create_of(account, call, &DICTIONARIES)
}

pub(crate) fn edit(account: &mut Account, call: &Call) -> Outcome {
    edit_of(account, call, &FIELDS)
}

pub(crate) fn edit_dictionary(account: &mut Account, call: &Call) -> Outcome {
    edit_of(account, call, &DICTIONARIES)
}

fn get_of(account: &Account, call: &Call, collection: &Collection) -> Outcome {
    let id = find(account, collection, entity(call)?, call.segment("code"))
        .ok_or_else(Failure::not_found)?;
    let row = account.records.table(collection.table).get(id);
    Ok(Answer::ok(
        json!({ collection.item: row.map(|row| collection.shown(row)) }),
    ))
}

fn create_of(account: &mut Account, call: &Call, collection: &Collection) -> Outcome {
    let entity = entity(call)?;
    let mut input = call.object(collection.item)?;
    let code = value::member(&input, "code").unwrap_or_default();
    if find(account, collection, entity, &code).is_some() {
        return Err(Failure::validation(
            "code",
            format!("\"{code}\" is already used."),
        ));
    }
    if let Some(entity) = entity {
        let kinds = [
            "boolean",
            "date",
            "dictionary",
            "email",
            "integer",
            "numeric",
            "string",
            "text",
        ];
        if value::member(&input, "type").is_some_and(|kind| !kinds.contains(&kind.as_str())) {
            return Err(Failure::field(
                "type",
                "The value you selected is not a valid choice.",
            ));
        }
        input.insert("entity".into(), entity.into());
    }
    check(account, &input)?;
    collection.insert(account, input)?;
    Ok(Answer::created(json!({"code": code})))
}

fn edit_of(account: &mut Account, call: &Call, collection: &Collection) -> Outcome {
    let code = call.segment("code");
    let id = find(account, collection, entity(call)?, code).ok_or_else(Failure::not_found)?;
    let input = call.object(collection.item)?;
    collection.check_kept(&input)?;
    check(account, &input)?;
    let kept = |name: &str| !["id", "code", "entity", "type"].contains(&name);
    account
        .records
        .table_mut(collection.table)
        .update(id, |row| {
            row.extend(input.into_iter().filter(|(name, _)| kept(name)));
            row.retain(|_, value| !value.is_null());
        });
    Ok(Answer::ok(json!({"code": code})))
}

/// A field's dictionary must exist, and the elements of a dictionary have a code each.
fn check(account: &Account, input: &Object) -> Result<(), Failure> {
    if let Some(code) = value::member(input, "dictionary")
        && find(account, &DICTIONARIES, None, &code).is_none()
    {
        let text = format!("\"dictionary\" with \"code\"=\"{code}\" does not exist.");
        return Err(Failure::field("dictionary", text));
    }
    let elements = input.get("elements").and_then(Value::as_array);
    let mut codes = BTreeSet::new();
    for (index, element) in elements.into_iter().flatten().enumerate() {
        let code = element
            .get("code")
            .and_then(value::text)
            .unwrap_or_default();
        let field = format!("elements[{index}].code");
        if code.is_empty() {
            return Err(Failure::field(&field, "This value should not be blank."));
        }
        if !codes.insert(code) {
            return Err(Failure::field(&field, "This value is already used."));
        }
    }
    Ok(())
}

/// The entity in the path; dictionaries have none.
fn entity(call: &Call) -> Result<Option<&'static str>, Failure> {
    match call.segment("entity") {
        "" => Ok(None),
        "order" => Ok(Some("order")),
        "customer" => Ok(Some("customer")),
        "customer_corporate" => Ok(Some("customer_corporate")),
        "company" => Ok(Some("company")),
        "loyalty_account" => Ok(Some("loyalty_account")),
        _ => Err(Failure::not_found()),
    }
}

fn find(
    account: &Account,
    collection: &Collection,
    entity: Option<&str>,
    code: &str,
) -> Option<i64> {
    let is_meant = |row: &&Object| {
        let fits = |name: &str, wanted: &str| row.get(name).and_then(Value::as_str) == Some(wanted);
        fits("code", code) && entity.is_none_or(|entity| fits("entity", entity))
    };
    account
        .records
        .table(collection.table)
        .iter()
        .find(is_meant)?
        .get("id")
        .and_then(value::integer)
}
