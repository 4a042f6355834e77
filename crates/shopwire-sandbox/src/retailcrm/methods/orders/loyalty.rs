//! Bonuses in orders: one bonus pays one ruble, at most the whole order.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::path;
use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::state::Account;
use crate::retailcrm::state::orders::amounts;
use crate::retailcrm::value;
use crate::retailcrm::value::Object;

/// Pays a part of the order with bonuses.
pub(crate) fn apply(account: &mut Account, call: &Call) -> Outcome {
    let id = path::in_field(account, call, "order")?;
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
        .map(|customer| account.customer(customer))
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
pub(crate) fn cancel(account: &mut Account, call: &Call) -> Outcome {
    let id = path::in_field(account, call, "order")?;
    let row = set_bonuses(account, id, Decimal::ZERO)?;
    Ok(Answer::ok(json!({"order": account.whole_order(&row)})))
}

/// The order's own discount carries the bonuses.
fn set_bonuses(account: &mut Account, id: i64, bonuses: Decimal) -> Result<Object, Failure> {
    let before = path::row(account, id)?;
    let mut row = before.clone();
    let others =
        value::amount(&row, "discountManualAmount") - value::amount(&row, "bonusesChargeTotal");
    let bonuses = bonuses.min(value::amount(&row, "summ"));
    row.insert(
        "discountManualAmount".into(),
        value::number(others + bonuses),
    );
    row.insert("bonusesChargeTotal".into(), value::number(bonuses));
    amounts::compute(&account.references, &mut row);
    account.replace_order(id, &before, row.clone());
    Ok(row)
}
