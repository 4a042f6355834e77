//! Creating and editing orders.

use serde_json::{Value, json};

use super::{Orders, amounts, check, items, payments, reference, shown};
use crate::retailcrm::account::Account;
use crate::retailcrm::answer::{Answer, Failure, Object, Outcome, object};
use crate::retailcrm::call::{By, Call};
use crate::retailcrm::history::differences;
use crate::retailcrm::{customers, fields, value};

/// Members that history does not compare: computed, or noted on their own.
const UNNOTED: &[&str] = &[
    "items",
    "payments",
    "customer",
    "statusUpdatedAt",
    "fullPaidAt",
    "links",
];

pub(super) fn create(account: &mut Account, call: &Call) -> Outcome {
    let input = call.object("order")?;
    let site = account.site(call)?;
    let id = place(account, &input, &site)?;
    let order = account.orders.table.get(id).map(|row| shown(account, row));
    Ok(Answer::created(json!({"id": id, "order": order})))
}

pub(super) fn edit(account: &mut Account, call: &Call) -> Outcome {
    let id = Orders::in_path(account, call)?;
    let input = call.object("order")?;
    check::order(account, &input)?;
    change(account, id, &input)?;
    let order = account.orders.table.get(id).map(|row| shown(account, row));
    Ok(Answer::ok(json!({"id": id, "order": order})))
}

/// Gives rows their external ids anew, all or none.
pub(super) fn fix_external_ids(account: &mut Account, call: &Call) -> Outcome {
    account
        .orders
        .table
        .fix_external_ids(&call.batch("orders", 50)?)?;
    Ok(Answer::ok(json!({})))
}

/// Stores a new order; the answer is its id. Nothing is stored when anything is wrong.
pub(super) fn place(account: &mut Account, input: &Object, site: &str) -> Result<i64, Failure> {
    check::order(account, input)?;
    if let Some(external) = value::member(input, "externalId")
        && account
            .orders
            .table
            .find(&external, By::ExternalId, Some(site))
            .is_some()
    {
        return Err(Failure::validation(
            "externalId",
            format!("Order with externalId={external} already exists."),
        ));
    }
    payments::check_new(account, input)?;
    let customer = customers::of_order(account, input, site)?;
    let mut row = blank(account, input, site);
    fields::merge(&mut row, input, check::FIELDS);
    row.insert("customer".into(), customer);
    if let Some(given) = input.get("items") {
        let composed = items::replace(account, &[], given);
        row.insert("items".into(), composed.into());
    }
    let id = account.orders.table.insert(row.clone());
    row.shift_insert(0, "id".into(), id.into());
    payments::place(account, id, &mut row, input);
    amounts::compute(account, &mut row);
    let (reference, row) = (reference(&row), row);
    account
        .orders
        .table
        .update(id, |stored| stored.clone_from(&row));
    customers::count_order(account, &row, 1);
    let whole = shown(account, &row);
    account.orders.history.note(json!({
        "created": true, "field": "status", "oldValue": null,
        "newValue": {"code": reference["status"]}, "order": whole,
    }));
    Ok(id)
}

/// What every new order has before its caller's fields go in.
fn blank(account: &Account, input: &Object, site: &str) -> Object {
    let id = account.orders.table.next_id();
    let now = value::now();
    let created = value::member(input, "createdAt").unwrap_or_else(|| now.clone());
    object(json!({
        "slug": id,
        "bonusesCreditTotal": 0,
        "bonusesChargeTotal": 0,
        "summ": 0,
        "currency": account.references.currency_of_site(site),
        "number": format!("{id}C"),
        "orderType": "eshop-individual",
        "orderMethod": "shopping-cart",
        "privilegeType": "none",
        "countryIso": "RU",
        "createdAt": created,
        "statusUpdatedAt": created,
        "totalSumm": 0,
        "prepaySum": 0,
        "purchaseSumm": 0,
        "markDatetime": created,
        "call": false,
        "expired": false,
        "contragent": {"contragentType": "individual"},
        "delivery": {"cost": 0, "netCost": 0, "address": {}},
        "site": site,
        "status": "new",
        "items": [],
        "payments": [],
        "fromApi": true,
        "shipped": false,
        "customFields": [],
    }))
}

/// Applies checked changes and notes each in the history.
fn change(account: &mut Account, id: i64, input: &Object) -> Result<(), Failure> {
    let before = account
        .orders
        .table
        .get(id)
        .cloned()
        .ok_or_else(Failure::not_found)?;
    let mut row = before.clone();
    renamed(account, id, &before, input)?;
    fields::merge(&mut row, input, check::FIELDS);
    for needed in ["status", "orderType", "orderMethod", "number", "createdAt"] {
        // A cleared code falls back to what it was: an order is never without one.
        if let (None, Some(old)) = (row.get(needed), before.get(needed)) {
            row.insert(needed.into(), old.clone());
        }
    }
    if let Some(given) = input.get("customer").filter(|given| given.is_object()) {
        let site = value::member(&before, "site").unwrap_or_default();
        let customer = customers::of_order(account, &object(json!({"customer": given})), &site)?;
        row.insert("customer".into(), customer);
    }
    if let Some(given) = input.get("items").filter(|given| !given.is_null()) {
        let old = before
            .get("items")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        let composed = items::replace(account, &old, given);
        row.insert("items".into(), composed.into());
    }
    if row.get("status") != before.get("status") {
        row.insert("statusUpdatedAt".into(), value::now().into());
    }
    amounts::compute(account, &mut row);
    store(account, id, before, row);
    Ok(())
}

/// Puts the row in place of the one before it: history, customer totals, index.
pub(super) fn store(account: &mut Account, id: i64, before: Object, row: Object) {
    let entity = reference(&row);
    let changes = differences(&before, &row, UNNOTED);
    account
        .orders
        .history
        .note_changes("order", &entity, changes);
    note_items(account, &entity, &before, &row);
    if before.get("customer") != row.get("customer") {
        let id_of = |row: &Object| {
            row.get("customer")
                .and_then(|customer| customer.get("id"))
                .cloned()
        };
        account.orders.history.note(json!({
            "field": "customer", "oldValue": {"id": id_of(&before)}, "newValue": {"id": id_of(&row)}, "order": entity,
        }));
    }
    customers::count_order(account, &before, -1);
    customers::count_order(account, &row, 1);
    account.orders.table.update(id, |stored| *stored = row);
}

/// Items that came, went or changed.
fn note_items(account: &mut Account, entity: &Value, before: &Object, after: &Object) {
    let list = |row: &Object| {
        row.get("items")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    let (old, new) = (list(before), list(after));
    let same = |items: &[Value], id: &Value| items.iter().find(|item| &item["id"] == id).cloned();
    for item in &new {
        match same(&old, &item["id"]) {
            None => account.orders.history.note(json!({
                "field": "order_product", "oldValue": null, "newValue": {"id": item["id"]},
                "order": entity, "item": item,
            })),
            Some(was) if was["quantity"] != item["quantity"] => account.orders.history.note(json!({
                "field": "order_product.quantity", "oldValue": was["quantity"], "newValue": item["quantity"],
                "order": entity, "item": item,
            })),
            Some(was) if was["initialPrice"] != item["initialPrice"] => account.orders.history.note(json!({
                "field": "order_product.initial_price", "oldValue": was["initialPrice"], "newValue": item["initialPrice"],
                "order": entity, "item": item,
            })),
            Some(_) => {}
        }
    }
    for item in old.iter().filter(|item| same(&new, &item["id"]).is_none()) {
        account.orders.history.note(json!({
            "field": "order_product", "oldValue": {"id": item["id"]}, "newValue": null,
            "order": entity, "item": item,
        }));
    }
}

/// A new external id must be free.
fn renamed(account: &Account, id: i64, before: &Object, input: &Object) -> Result<(), Failure> {
    let Some(external) = value::member(input, "externalId") else {
        return Ok(());
    };
    let site = value::member(before, "site");
    match account
        .orders
        .table
        .find(&external, By::ExternalId, site.as_deref())
    {
        Some(other) if other != id => Err(Failure::validation(
            "externalId",
            format!("Order with externalId={external} already exists."),
        )),
        _ => Ok(()),
    }
}
