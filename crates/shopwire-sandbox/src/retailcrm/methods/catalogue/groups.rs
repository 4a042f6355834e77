//! Product groups.

use serde_json::{Value, json};

use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::filter::{Conditions, Field as Filter, Rule};
use crate::retailcrm::protocol::page::{Page, SIZES};
use crate::retailcrm::protocol::sites;
use crate::retailcrm::state::Account;
use crate::retailcrm::state::catalogue::Catalogue;
use crate::retailcrm::state::fields::{self, Field, Kind};
use crate::retailcrm::state::table::By;
use crate::retailcrm::value::{self, Object, object};

const FIELDS: &[Field] = &[
    ("name", Kind::Text),
    ("description", Kind::Text),
    ("externalId", Kind::Text),
    ("active", Kind::Flag),
    ("parentId", Kind::Number),
    ("parentExternalId", Kind::Text),
];

const FILTERS: &[Filter] = &[
    ("ids", Rule::OneOf("id")),
    ("active", Rule::Flag("active")),
    ("parentGroupId", Rule::OneOf("parentId")),
    ("sites", Rule::OneOf("site")),
    ("catalogs", Rule::OneOf("joined.catalogs")),
    ("minLevel", Rule::Min("lvl")),
    ("maxLevel", Rule::Max("lvl")),
];

pub(crate) fn list(account: &mut Account, call: &Call) -> Outcome {
    let conditions = Conditions::read(call, FILTERS)?;
    let page = Page::read(call, SIZES)?;
    let rows: Vec<&Object> = account
        .catalogue
        .groups
        .iter()
        .filter(|row| conditions.hold_joined(row, |path| account.joined_catalogs(row, path)))
        .collect();
    Ok(Answer::ok(
        json!({"pagination": page.block(rows.len()), "productGroup": page.cut(rows)}),
    ))
}

pub(crate) fn create(account: &mut Account, call: &Call) -> Outcome {
    let input = call.object("productGroup")?;
    if value::member(&input, "name").is_none() {
        return Err(Failure::field("name", "This value should not be blank."));
    }
    let site = value::member(&input, "site").map_or_else(|| sites::of_new(account, call), Ok)?;
    let catalogue = &mut account.catalogue;
    free(catalogue, &input, None)?;
    let mut row = object(json!({"site": site, "active": true, "lvl": 0}));
    apply(catalogue, &mut row, &input)?;
    let id = catalogue.groups.insert(row);
    Ok(Answer::created(json!({"id": id})))
}

pub(crate) fn edit(account: &mut Account, call: &Call) -> Outcome {
    let site = sites::narrowing(account, call)?;
    let catalogue = &mut account.catalogue;
    let id = catalogue
        .groups
        .find(call.segment("externalId"), call.by()?, site.as_deref())
        .ok_or_else(Failure::not_found)?;
    let input = call.object("productGroup")?;
    free(catalogue, &input, Some(id))?;
    let mut row = catalogue.groups.get(id).cloned().unwrap_or_default();
    apply(catalogue, &mut row, &input)?;
    catalogue.groups.update(id, |stored| *stored = row);
    Ok(Answer::ok(json!({"id": id})))
}

/// Checks and writes the fields. The parent must exist, and the level follows from it.
fn apply(catalogue: &Catalogue, row: &mut Object, input: &Object) -> Result<(), Failure> {
    let mut errors = Object::new();
    fields::check(input, FIELDS, &mut errors);
    if !errors.is_empty() {
        return Err(Failure::format(errors));
    }
    fields::merge(row, input, FIELDS);
    row.shift_remove("parentExternalId");
    let parent = match (
        value::member(input, "parentId"),
        value::member(input, "parentExternalId"),
    ) {
        (Some(id), _) => catalogue.groups.find(&id, By::Id, None),
        (None, Some(external)) => catalogue.groups.find(&external, By::ExternalId, None),
        (None, None) => return Ok(()),
    };
    let parent =
        parent.ok_or_else(|| Failure::field("parentId", "Product group does not exist."))?;
    let level = catalogue
        .groups
        .get(parent)
        .and_then(|row| row.get("lvl"))
        .and_then(Value::as_i64)
        .unwrap_or(0);
    row.insert("parentId".into(), parent.into());
    row.insert("lvl".into(), (level + 1).into());
    Ok(())
}

fn free(catalogue: &Catalogue, input: &Object, except: Option<i64>) -> Result<(), Failure> {
    let Some(external) = value::member(input, "externalId") else {
        return Ok(());
    };
    match catalogue.groups.find(&external, By::ExternalId, None) {
        Some(other) if Some(other) != except => {
            let text = format!("Product group with externalId={external} already exists.");
            Err(Failure::validation("externalId", text))
        }
        _ => Ok(()),
    }
}
