//! Properties of products and the values they have.

use serde_json::{Value, json};

use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::filter::{Conditions, Field, Rule};
use crate::retailcrm::protocol::page::{Page, SIZES};
use crate::retailcrm::state::Account;
use crate::retailcrm::value::{self, Object, object};

const FILTERS: &[Field] = &[
    ("name", Rule::Contains(&["name"])),
    ("code", Rule::OneOf("code")),
    ("visible", Rule::Flag("visible")),
    ("variative", Rule::Flag("variative")),
    ("sites", Rule::OneOf("sites")),
    ("catalogs", Rule::OneOf("joined.catalogs")),
    ("groups", Rule::OneOf("groups.id")),
];

const VALUE_FILTERS: &[Field] = &[
    ("propertyName", Rule::Contains(&["property.name"])),
    ("propertyCode", Rule::OneOf("property.code")),
    ("groups", Rule::OneOf("property.groups.id")),
];

/// In the account's order, or by how many offers have them (`sort[offersCount]`).
pub(crate) fn list(account: &mut Account, call: &Call) -> Outcome {
    let conditions = Conditions::read(call, FILTERS)?;
    let page = Page::read(call, SIZES)?;
    let catalogue = &account.catalogue;
    let offers = |row: &&Object| {
        let code = value::member(row, "code").unwrap_or_default();
        catalogue
            .offers
            .iter()
            .filter(|offer| {
                offer
                    .get("properties")
                    .is_some_and(|all| all.get(&code).is_some())
            })
            .count()
    };
    let mut rows: Vec<&Object> = catalogue
        .properties
        .iter()
        .filter(|row| conditions.hold_joined(row, |path| account.joined_catalogs(row, path)))
        .collect();
    match sort(call)? {
        None => {}
        Some(Order::Ascending) => rows.sort_by_key(offers),
        Some(Order::Descending) => rows.sort_by_key(|row| std::cmp::Reverse(offers(row))),
    }
    Ok(Answer::ok(
        json!({"pagination": page.block(rows.len()), "properties": page.cut(rows)}),
    ))
}

#[derive(Clone, Copy)]
enum Order {
    Ascending,
    Descending,
}

fn sort(call: &Call) -> Result<Option<Order>, Failure> {
    let Some(sort) = call.parameter("sort") else {
        return Ok(None);
    };
    let order = sort
        .get("offersCount")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_lowercase();
    match order.as_str() {
        "asc" => Ok(Some(Order::Ascending)),
        "desc" => Ok(Some(Order::Descending)),
        _ => Err(Failure::input(
            "sort",
            "The value you selected is not a valid choice.",
        )),
    }
}

/// Every value that an offer has, and how many have it.
pub(crate) fn list_values(account: &mut Account, call: &Call) -> Outcome {
    let conditions = Conditions::read(call, VALUE_FILTERS)?;
    let page = Page::read(call, SIZES)?;
    let mut rows: Vec<Object> = Vec::new();
    for property in &account.catalogue.properties {
        let code = value::member(property, "code").unwrap_or_default();
        let given = account
            .catalogue
            .offers
            .iter()
            .filter_map(|offer| offer.get("properties")?.get(&code).and_then(value::text));
        for text in given {
            let same = |row: &&mut Object| {
                row["value"] == text.as_str() && row["property"]["code"] == code.as_str()
            };
            match rows.iter_mut().find(same) {
                Some(row) => {
                    row["offersCount"] = (row["offersCount"].as_i64().unwrap_or(0) + 1).into()
                }
                None => rows.push(object(
                    json!({"property": property, "value": text, "offersCount": 1}),
                )),
            }
        }
    }
    rows.retain(|row| conditions.hold(row));
    Ok(Answer::ok(
        json!({"pagination": page.block(rows.len()), "productPropertyValues": page.cut(rows)}),
    ))
}
