//! Payments of orders: shown in the order as a map by payment id.

use serde_json::{Value, json};

use super::check::{self, PAYMENT_FIELDS, PaymentType};
use super::path;
use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::state::Account;
use crate::retailcrm::state::changes::item;
use crate::retailcrm::state::fields;
use crate::retailcrm::state::history::Source;
use crate::retailcrm::state::orders::{amounts, reference};
use crate::retailcrm::state::table::By;
use crate::retailcrm::value::{self, Object, object};

pub(crate) fn create(account: &mut Account, call: &Call) -> Outcome {
    let input = call.object("payment")?;
    let order = path::referred(account, input.get("order"), "order")?;
    check_one(account, &input, PaymentType::Needed)?;
    free(account, &input, None)?;
    let before = path::row(account, order)?;
    let mut row = before.clone();
    let payment = put(account, order, &mut row, &input);
    let shown = row["payments"][payment.to_string().as_str()].clone();
    commit(account, order, row);
    account.orders.history.note(json!({
        "field": "payments", "oldValue": null, "newValue": item::short_payment(&shown),
        "order": reference(&before), "payment": shown,
    }));
    Ok(Answer::created(json!({"id": payment})))
}

pub(crate) fn edit(account: &mut Account, call: &Call) -> Outcome {
    let payment = account
        .orders
        .payments
        .find(call.segment("externalId"), call.by()?, None)
        .ok_or_else(Failure::not_found)?;
    let input = call.object("payment")?;
    check_one(account, &input, PaymentType::Optional)?;
    free(account, &input, Some(payment))?;
    let order = owner(account, payment)?;
    let before = path::row(account, order)?;
    let mut row = before.clone();
    let mut changed = object(row["payments"][payment.to_string().as_str()].clone());
    let was = changed.clone();
    fields::merge(&mut changed, &input, PAYMENT_FIELDS);
    row["payments"][payment.to_string().as_str()] = Value::Object(changed.clone());
    account.orders.payments.update(payment, |stored| {
        stored.insert(
            "externalId".into(),
            changed.get("externalId").cloned().unwrap_or_default(),
        );
    });
    let shown = Value::Object(changed.clone());
    for change in item::payment_changes(&was, &changed) {
        account.orders.history.note(json!({
            "field": change.field, "oldValue": change.old, "newValue": change.new,
            "order": reference(&before), "payment": shown,
        }));
    }
    commit(account, order, row);
    Ok(Answer::ok(json!({"id": payment})))
}

pub(crate) fn delete(account: &mut Account, call: &Call) -> Outcome {
    let payment = account
        .orders
        .payments
        .find(call.segment("id"), By::Id, None)
        .ok_or_else(Failure::not_found)?;
    let order = owner(account, payment)?;
    let before = path::row(account, order)?;
    let mut row = before.clone();
    let mut payments = object(row["payments"].take());
    let gone = payments
        .shift_remove(&payment.to_string())
        .unwrap_or_default();
    row.insert("payments".into(), value::php_map(payments));
    account.orders.payments.remove(payment);
    commit(account, order, row);
    account.orders.history.note(json!({
        "field": "payments", "oldValue": item::short_payment(&gone), "newValue": null,
        "order": reference(&before), "payment": gone,
    }));
    Ok(Answer::ok(json!({})))
}

/// Payments of a new order must have free external ids, among themselves too.
pub(crate) fn check_new(account: &Account, order: &Object) -> Result<(), Failure> {
    let mut seen = Vec::new();
    for payment in given(order) {
        free(account, payment, None)?;
        if let Some(external) = value::member(payment, "externalId") {
            if seen.contains(&external) {
                return Err(taken(&external));
            }
            seen.push(external);
        }
    }
    Ok(())
}

/// Stores the payments that came with a new order.
pub(crate) fn place(account: &mut Account, order: i64, row: &mut Object, input: &Object) {
    for payment in given(input) {
        put(account, order, row, payment);
    }
}

/// Stores one payment and writes it into the order's row.
fn put(account: &mut Account, order: i64, row: &mut Object, input: &Object) -> i64 {
    let mut payment = Object::new();
    fields::merge(&mut payment, input, PAYMENT_FIELDS);
    let stub = json!({"externalId": payment.get("externalId"), "order": order});
    let id = account.orders.payments.insert(object(stub));
    let mut shown = object(json!({"id": id, "status": "not-paid", "amount": 0}));
    shown.extend(payment);
    let mut payments = row
        .get("payments")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    payments.insert(id.to_string(), Value::Object(shown));
    row.insert("payments".into(), Value::Object(payments));
    id
}

fn given(order: &Object) -> Vec<&Object> {
    let payments = order
        .get("payments")
        .and_then(check::list)
        .unwrap_or_default();
    payments.into_iter().filter_map(Value::as_object).collect()
}

fn check_one(account: &Account, payment: &Object, need: PaymentType) -> Result<(), Failure> {
    check::check_payment(account, payment, need).map_err(|text| Failure::field("payment", text))
}

fn free(account: &Account, payment: &Object, except: Option<i64>) -> Result<(), Failure> {
    let Some(external) = value::member(payment, "externalId") else {
        return Ok(());
    };
    match account
        .orders
        .payments
        .find(&external, By::ExternalId, None)
    {
        Some(other) if Some(other) != except => Err(taken(&external)),
        _ => Ok(()),
    }
}

fn taken(external: &str) -> Failure {
    Failure::validation(
        "externalId",
        format!("Payment with externalId={external} already exists."),
    )
}

fn owner(account: &Account, payment: i64) -> Result<i64, Failure> {
    let row = account.orders.payments.get(payment);
    row.and_then(|row| row.get("order"))
        .and_then(value::integer)
        .ok_or_else(Failure::not_found)
}

/// Stores an order whose payments changed; their sum and the moment of full payment follow.
fn commit(account: &mut Account, order: i64, mut row: Object) {
    amounts::compute(&account.references, &account.now(), &mut row);
    if let Some(before) = account.orders.table.get(order).cloned() {
        account.replace_order_as(Source::Code, order, &before, row);
    }
}
