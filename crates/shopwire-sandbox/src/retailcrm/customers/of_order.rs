//! The customer of an order: found, or made from the order's contact data.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{Directory, edit, party};
use crate::retailcrm::account::Account;
use crate::retailcrm::answer::{Failure, Object};
use crate::retailcrm::value;

/// The reference that the order will hold. Without a customer in the input a new person is made.
pub(in crate::retailcrm) fn of_order(
    account: &mut Account,
    order: &Object,
    site: &str,
) -> Result<Value, Failure> {
    let given = order
        .get("customer")
        .and_then(Value::as_object)
        .filter(|given| !given.is_empty());
    let Some(given) = given else {
        return made(account, order, site);
    };
    let kind = value::member(given, "type").unwrap_or_else(|| "customer".to_owned());
    if !["customer", "customer_corporate"].contains(&kind.as_str()) {
        return Err(Failure::field(
            "customer.type",
            "The value you selected is not a valid choice.",
        ));
    }
    let directory = of_kind(account, &kind);
    let by_browser = || {
        let browser = value::member(given, "browserId")?;
        let row = directory.table.iter().find(|row| {
            row.get("browserId")
                .is_some_and(|id| *id == browser.as_str())
        })?;
        row.get("id").and_then(value::integer)
    };
    match directory.table.referred(given).or_else(by_browser) {
        Some(id) => Ok(directory
            .table
            .get(id)
            .map(party::reference)
            .unwrap_or_default()),
        // An unknown browser is a new visitor; an unknown identifier is a mistake.
        None if !given.contains_key("id") && !given.contains_key("externalId") => {
            made(account, order, site)
        }
        None => Err(Failure::field("customer", "Customer does not exist.")),
    }
}

fn made(account: &mut Account, order: &Object, site: &str) -> Result<Value, Failure> {
    let mut person = Object::new();
    for name in ["firstName", "lastName", "patronymic", "email"] {
        if let Some(value) = order.get(name) {
            person.insert(name.into(), value.clone());
        }
    }
    if let Some(phone) = value::member(order, "phone") {
        person.insert("phones".into(), json!([{"number": phone}]));
    }
    let id = edit::place(&mut account.customers, &person, site)?;
    Ok(account
        .customers
        .table
        .get(id)
        .map(party::reference)
        .unwrap_or_default())
}

/// The customer as an order shows it.
pub(in crate::retailcrm) fn expanded(account: &Account, reference: &Object) -> Value {
    let directory = match reference.get("type").and_then(Value::as_str) {
        Some("customer_corporate") => &account.companies,
        _ => &account.customers,
    };
    let row = reference
        .get("id")
        .and_then(value::integer)
        .and_then(|id| directory.table.get(id));
    Value::Object(row.unwrap_or(reference).clone())
}

/// Counts an order in (1) or out (-1) of its customer's totals.
pub(in crate::retailcrm) fn count_order(account: &mut Account, order: &Object, by: i64) {
    let Some(customer) = order.get("customer").and_then(Value::as_object) else {
        return;
    };
    let kind = value::member(customer, "type").unwrap_or_default();
    let Some(id) = customer.get("id").and_then(value::integer) else {
        return;
    };
    let sum = value::amount(order, "totalSumm") * Decimal::from(by);
    of_kind(account, &kind).table.update(id, |row| {
        let count = value::amount(row, "ordersCount") + Decimal::from(by);
        let total = value::amount(row, "totalSumm") + sum;
        let average = total.checked_div(count).unwrap_or_default().round_dp(2);
        for (name, value) in [
            ("ordersCount", count),
            ("totalSumm", total),
            ("averageSumm", average),
        ] {
            row.insert(name.into(), value::number(value));
        }
    });
}

/// Hands the orders of a customer who was combined away to the one who lives on.
pub(super) fn move_orders(account: &mut Account, kind: &str, from: i64, to: &Value) {
    let is_theirs = |row: &&Object| {
        let customer = row.get("customer");
        customer.is_some_and(|customer| customer["type"] == kind && customer["id"] == from)
    };
    let moved: Vec<i64> = account
        .orders
        .table
        .iter()
        .filter(is_theirs)
        .filter_map(|row| row.get("id").and_then(value::integer))
        .collect();
    for id in moved {
        account
            .orders
            .table
            .update(id, |row| row.insert("customer".into(), to.clone()));
        if let Some(row) = account.orders.table.get(id).cloned() {
            count_order(account, &row, 1);
        }
    }
}

fn of_kind<'a>(account: &'a mut Account, kind: &str) -> &'a mut Directory {
    if kind == "customer_corporate" {
        &mut account.companies
    } else {
        &mut account.customers
    }
}
