//! A new order: checked, completed, stored.

use serde_json::json;

use super::{check, items, payments, related};
use crate::retailcrm::protocol::answer::Failure;
use crate::retailcrm::state::Account;
use crate::retailcrm::state::fields;
use crate::retailcrm::state::orders::{amounts, reference};
use crate::retailcrm::state::table::By;
use crate::retailcrm::value::{self, Object, object};

/// The external id must be free.
fn is_free(account: &Account, input: &Object, site: &str) -> Result<(), Failure> {
    let Some(external) = value::member(input, "externalId") else {
        return Ok(());
    };
    let orders = &account.orders.table;
    match orders.find(&external, By::ExternalId, Some(site)) {
        None => Ok(()),
        Some(_) => Err(Failure::validation(
            "externalId",
            format!("Order with externalId={external} already exists."),
        )),
    }
}

/// Stores a new order; the answer is its id. Nothing is stored when anything is wrong.
pub(super) fn place(account: &mut Account, input: &Object, site: &str) -> Result<i64, Failure> {
    let related = related::resolved(account, input, None);
    Failure::first([
        check::order(account, input),
        is_free(account, input, site),
        payments::check_new(account, input),
        related.as_ref().map(drop).map_err(Failure::clone),
        related::check_customer(account, input),
    ])?;
    let related = related?;
    let customer = account.customer_of_order(input, site)?;
    let mut row = blank(account, input, site);
    fields::merge(&mut row, input, check::FIELDS);
    row.insert("customer".into(), customer);
    related::write(&mut row, related);
    if let Some(given) = input.get("items") {
        let composed = items::replace(account, &[], given);
        row.insert("items".into(), composed.into());
    }
    let id = account.orders.table.insert(row.clone());
    row.shift_insert(0, "id".into(), id.into());
    payments::place(account, id, &mut row, input);
    amounts::compute(&account.references, &account.now(), &mut row);
    let (reference, row) = (reference(&row), row);
    account
        .orders
        .table
        .update(id, |stored| stored.clone_from(&row));
    account.count_order(&row, 1);
    account.follow_order(&row);
    let whole = account.whole_order(&row);
    account.orders.history.note(json!({
        "created": true, "field": "status", "oldValue": null,
        "newValue": {"code": reference["status"]}, "order": whole,
    }));
    Ok(id)
}

/// Returns the initial fields of an order, before the caller's fields are merged.
fn blank(account: &Account, input: &Object, site: &str) -> Object {
    let id = account.orders.table.next_id();
    let now = account.now();
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
