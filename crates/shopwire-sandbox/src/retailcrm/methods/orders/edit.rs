//! Creating and editing orders.

use serde_json::{Value, json};

use super::{check, items, path, place, related};
use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::sites;
use crate::retailcrm::state::Account;
use crate::retailcrm::state::fields;
use crate::retailcrm::state::orders::amounts;
use crate::retailcrm::state::table::By;
use crate::retailcrm::value::{self, Object, object};

pub(crate) fn create(account: &mut Account, call: &Call) -> Outcome {
    let input = call.object("order")?;
    let site = sites::of_new(account, call)?;
    let id = place::place(account, &input, &site)?;
    let order = path::row(account, id)?;
    Ok(Answer::created(
        json!({"id": id, "order": account.whole_order(&order)}),
    ))
}

pub(crate) fn edit(account: &mut Account, call: &Call) -> Outcome {
    let id = path::order(account, call)?;
    let input = call.object("order")?;
    let before = path::row(account, id)?;
    let has = before.get("customer").and_then(Value::as_object);
    let related = related::resolved(account, &input, has);
    Failure::first([
        check::order(account, &input),
        renamed(account, id, &before, &input),
        related.as_ref().map(drop).map_err(Failure::clone),
        related::check_customer(account, &input),
    ])?;
    change(account, (id, &before), &input, related?)?;
    let order = path::row(account, id)?;
    Ok(Answer::ok(
        json!({"id": id, "order": account.whole_order(&order)}),
    ))
}

/// Gives rows their external ids anew, all or none.
pub(crate) fn fix_external_ids(account: &mut Account, call: &Call) -> Outcome {
    account
        .orders
        .table
        .fix_external_ids(&call.batch("orders", 50)?)?;
    Ok(Answer::ok(json!({})))
}

/// Applies checked changes and notes each in the history.
fn change(
    account: &mut Account,
    (id, before): (i64, &Object),
    input: &Object,
    related: Object,
) -> Result<(), Failure> {
    let mut row = before.clone();
    fields::merge(&mut row, input, check::FIELDS);
    for needed in ["status", "orderType", "orderMethod", "number", "createdAt"] {
        // A cleared code falls back to what it was: an order is never without one.
        if let (None, Some(old)) = (row.get(needed), before.get(needed)) {
            row.insert(needed.into(), old.clone());
        }
    }
    if let Some(given) = input.get("customer").filter(|given| given.is_object()) {
        let site = value::member(before, "site").unwrap_or_default();
        let customer = account.customer_of_order(&object(json!({"customer": given})), &site)?;
        row.insert("customer".into(), customer);
    }
    related::write(&mut row, related);
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
        row.insert("statusUpdatedAt".into(), account.now().into());
    }
    amounts::compute(&account.references, &account.now(), &mut row);
    account.follow_order(&row);
    account.replace_order(id, before, row);
    Ok(())
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
