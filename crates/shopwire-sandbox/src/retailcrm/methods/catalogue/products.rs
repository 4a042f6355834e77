//! Creating and editing products in batches.

use serde_json::{Value, json};

use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::batch;
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::state::Account;
use crate::retailcrm::state::catalogue::Catalogue;
use crate::retailcrm::state::fields::{self, Field, Kind};
use crate::retailcrm::state::table::By;
use crate::retailcrm::value::{self, Object, object};

const FIELDS: &[Field] = &[
    ("catalogId", Kind::Number),
    ("article", Kind::Text),
    ("name", Kind::Text),
    ("url", Kind::Text),
    ("description", Kind::Text),
    ("popular", Kind::Flag),
    ("stock", Kind::Flag),
    ("novelty", Kind::Flag),
    ("recommended", Kind::Flag),
    ("externalId", Kind::Text),
    ("manufacturer", Kind::Text),
    ("active", Kind::Flag),
    ("markable", Kind::Flag),
    ("type", Kind::Text),
];

/// All or none.
pub(crate) fn create(account: &mut Account, call: &Call) -> Outcome {
    let products = call.batch("products", batch::MOST)?;
    let now = account.now();
    let catalogue = &mut account.catalogue;
    let mut rows = Vec::new();
    for (index, product) in products.iter().enumerate() {
        let input = object(product.clone());
        let row = checked(catalogue, &input, &now).map_err(|failure| at(index, &failure))?;
        if let Some(external) = value::member(&input, "externalId") {
            let seen = |row: &Object| {
                value::member(row, "externalId").as_deref() == Some(external.as_str())
            };
            if catalogue
                .products
                .find(&external, By::ExternalId, None)
                .is_some()
                || rows.iter().any(seen)
            {
                let text = format!("Product with externalId={external} already exists.");
                return Err(Failure::validation(&format!("products[{index}]"), text));
            }
        }
        rows.push(row);
    }
    let added: Vec<i64> = rows
        .into_iter()
        .map(|row| catalogue.add_product(row))
        .collect();
    Ok(Answer::created(
        json!({"processedProductsCount": added.len(), "addedProducts": added}),
    ))
}

/// Products that are not found are reported, the others are changed.
pub(crate) fn edit(account: &mut Account, call: &Call) -> Outcome {
    let products = call.batch("products", batch::MOST)?;
    let now = account.now();
    let catalogue = &mut account.catalogue;
    // All are looked at before any is changed.
    let read = |(index, product): (usize, Value)| {
        let input = object(product);
        let groups = check(&input).and_then(|()| groups(catalogue, &input));
        groups
            .map(|groups| (input, groups))
            .map_err(|failure| at(index, &failure))
    };
    let checked: Vec<_> = products
        .into_iter()
        .enumerate()
        .map(read)
        .collect::<Result<_, _>>()?;
    let (mut count, mut missing) = (0, Vec::new());
    for (input, groups) in checked {
        match catalogue.product_id(&input) {
            None => missing.push(not_found(&input)),
            Some(id) => {
                catalogue.products.update(id, |row| {
                    fields::merge(row, &input, FIELDS);
                    row.extend(groups.map(|groups| ("groups".to_owned(), groups)));
                    row.insert("updatedAt".into(), now.as_str().into());
                });
                count += 1;
            }
        }
    }
    Ok(Answer::ok(
        json!({"processedProductsCount": count, "notFoundProducts": missing}),
    ))
}

/// A new product's row; it needs a name.
fn checked(catalogue: &Catalogue, input: &Object, now: &str) -> Result<Object, Failure> {
    check(input)?;
    if value::member(input, "name").is_none() {
        return Err(Failure::field("name", "This value should not be blank."));
    }
    let mut row = object(json!({
        "catalogId": 1, "groups": [], "active": true, "popular": false, "stock": false, "novelty": false,
        "recommended": false, "markable": false, "type": "product", "properties": [], "updatedAt": now,
    }));
    fields::merge(&mut row, input, FIELDS);
    row.extend(groups(catalogue, input)?.map(|groups| ("groups".to_owned(), groups)));
    Ok(row)
}

fn check(input: &Object) -> Result<(), Failure> {
    let mut errors = Object::new();
    fields::check(input, FIELDS, &mut errors);
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Failure::format(errors))
    }
}

/// The groups that are named must exist.
fn groups(catalogue: &Catalogue, input: &Object) -> Result<Option<Value>, Failure> {
    let Some(given) = input.get("groups").and_then(Value::as_array) else {
        return Ok(None);
    };
    let shown = given.iter().map(|group| {
        let row = group
            .as_object()
            .and_then(|group| catalogue.groups.referred(group))
            .and_then(|id| catalogue.groups.get(id));
        row.map(named)
            .ok_or_else(|| Failure::field("groups", "Product group does not exist."))
    });
    shown.collect::<Result<_, _>>().map(Some)
}

fn named(row: &Object) -> Value {
    value::pick(row, &["id", "externalId"]).into()
}

/// The official Go client reads this id, alone of all, as a text.
fn not_found(input: &Object) -> Value {
    let mut shown = named(input);
    if let Some(id) = input.get("id").and_then(value::text) {
        shown["id"] = id.into();
    }
    shown
}

fn at(index: usize, failure: &Failure) -> Failure {
    Failure::field(&format!("products[{index}]"), failure.summary())
}
