//! Bonuses in orders: one bonus pays one ruble, at most the whole order.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{amounts, edit, referred, shown};
use crate::retailcrm::account::Account;
use crate::retailcrm::answer::{Answer, Failure, Object, Outcome};
use crate::retailcrm::call::Call;
use crate::retailcrm::{customers, value};

/// Pays a part of the order with bonuses.
pub(super) fn apply(account: &mut Account, call: &Call) -> Outcome {
    let id = referred(
        account,
        Some(&Value::Object(call.object("order")?)),
        "order",
    )?;
    let bonuses = match call.parameter("bonuses") {
        None => Decimal::ZERO,
        Some(given) => value::decimal(given)
            .filter(|bonuses| !bonuses.is_sign_negative())
            .ok_or_else(|| Failure::input("bonuses", "This value should be of type numeric."))?,
    };
    let row = set_bonuses(account, id, bonuses)?;
    let order = summary(account, &row);
    Ok(Answer::ok(json!({"order": order})))
}

/// The part of the order that the loyalty program is about.
fn summary(account: &Account, row: &Object) -> Object {
    let mut order = value::pick(
        row,
        &[
            "bonusesCreditTotal",
            "bonusesChargeTotal",
            "privilegeType",
            "totalSumm",
            "site",
            "currency",
        ],
    );
    let customer = row.get("customer").and_then(Value::as_object);
    if let Value::Object(customer) = customer
        .map(|customer| customers::expanded(account, customer))
        .unwrap_or_default()
    {
        order.insert(
            "customer".into(),
            value::pick(&customer, &["id", "externalId", "personalDiscount"]).into(),
        );
    }
    if let Some(delivery) = row.get("delivery").and_then(Value::as_object) {
        order.insert("delivery".into(), value::pick(delivery, &["cost"]).into());
    }
    let names = [
        "id",
        "externalIds",
        "priceType",
        "initialPrice",
        "discountTotal",
        "prices",
        "vatRate",
        "quantity",
        "offer",
    ];
    let items = row
        .get("items")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object);
    order.insert(
        "items".into(),
        items
            .map(|item| Value::Object(value::pick(item, &names)))
            .collect(),
    );
    order
}

/// Takes the bonuses back.
pub(super) fn cancel(account: &mut Account, call: &Call) -> Outcome {
    let id = referred(
        account,
        Some(&Value::Object(call.object("order")?)),
        "order",
    )?;
    let row = set_bonuses(account, id, Decimal::ZERO)?;
    Ok(Answer::ok(json!({"order": shown(account, &row)})))
}

/// The order's own discount carries the bonuses.
fn set_bonuses(account: &mut Account, id: i64, bonuses: Decimal) -> Result<Object, Failure> {
    let before = account
        .orders
        .table
        .get(id)
        .cloned()
        .ok_or_else(Failure::not_found)?;
    let mut row = before.clone();
    let others =
        value::amount(&row, "discountManualAmount") - value::amount(&row, "bonusesChargeTotal");
    let bonuses = bonuses.min(value::amount(&row, "summ"));
    row.insert(
        "discountManualAmount".into(),
        value::number(others + bonuses),
    );
    row.insert("bonusesChargeTotal".into(), value::number(bonuses));
    amounts::compute(account, &mut row);
    edit::store(account, id, before, row.clone());
    Ok(row)
}
