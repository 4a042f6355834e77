//! Bonuses in orders: one bonus pays one unit of the currency, at most all items.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::path;
use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::state::Account;
use crate::retailcrm::state::loyalty::Cause;
use crate::retailcrm::state::orders::amounts;
use crate::retailcrm::state::party::Party;
use crate::retailcrm::value;
use crate::retailcrm::value::Object;

/// Pays a part of the order with bonuses of the customer's membership.
pub(crate) fn apply(account: &mut Account, call: &Call) -> Outcome {
    let id = path::in_field(account, call, "order")?;
    let bonuses = match call.parameter("bonuses") {
        None => Decimal::ZERO,
        Some(given) => value::decimal(given)
            .filter(|bonuses| !bonuses.is_sign_negative())
            .ok_or_else(|| Failure::input("bonuses", "This value should be of type numeric."))?,
    };
    let before = path::row(account, id)?;
    let member = membership(account, &before).ok_or_else(|| {
        Failure::validation("order", "The customer is no member of the loyalty program.")
    })?;
    if bonuses > payable(&before) {
        return Err(Failure::input(
            "bonuses",
            "More bonuses than the order costs.",
        ));
    }
    let row = spend(account, &before, &member, bonuses)?;
    let order = summary(account, &row);
    Ok(Answer::ok(json!({"order": order})))
}

/// The amount of an order that bonuses can pay: its items after the order's own discounts.
fn payable(row: &Object) -> Decimal {
    let summ = value::amount(row, "summ");
    let percent = value::amount(row, "discountManualPercent") / Decimal::ONE_HUNDRED;
    (summ - value::amount(row, "discountManualAmount") - summ * percent).max(Decimal::ZERO)
}

/// The membership of the order's customer.
fn membership(account: &Account, row: &Object) -> Option<Object> {
    let customer = row.get("customer")?.as_object()?;
    let person = Party::of_reference(customer) == Party::Person;
    let id = customer.get("id").and_then(value::integer)?;
    account.membership(id).filter(|_| person).cloned()
}

/// Takes the bonuses off the membership, gives back those that the order had, and writes both into
/// the order.
fn spend(
    account: &mut Account,
    before: &Object,
    member: &Object,
    bonuses: Decimal,
) -> Result<Object, Failure> {
    let number = |row: &Object| row.get("id").and_then(value::integer).unwrap_or_default();
    let had = value::amount(before, "bonusesChargeTotal");
    let cause = |kind| Cause {
        kind,
        order: Some(value::identifiers(before)),
    };
    let id = number(member);
    if bonuses > had && !account.charge_bonuses(id, bonuses - had, cause("charge_for_order")) {
        return Err(Failure::input("bonuses", "Not enough bonuses."));
    }
    if bonuses < had {
        account.credit_bonuses(id, had - bonuses, (None, None), cause("cancel_of_charge"));
    }
    let mut row = before.clone();
    let level = member["level"].clone();
    let size = level.get("privilegeSize").and_then(value::decimal);
    let rest = payable(before) - bonuses;
    let credit = match level["type"].as_str() {
        Some("bonus_percent") => rest * size.unwrap_or_default() / Decimal::ONE_HUNDRED,
        _ => Decimal::ZERO,
    };
    let balance = account.settle_bonuses(id);
    row.insert("privilegeType".into(), "loyalty_level".into());
    row.insert("bonusesChargeTotal".into(), value::number(bonuses));
    let credit = value::number(credit.round_dp(2));
    row.insert("bonusesCreditTotal".into(), credit);
    let shown = json!({"id": id, "amount": value::number(balance)});
    row.insert("loyaltyAccount".into(), shown);
    row.insert("loyaltyLevel".into(), level);
    amounts::compute(&account.references, &account.now(), &mut row);
    account.replace_order(number(before), before, row.clone());
    Ok(row)
}

/// Returns the loyalty part of the order.
fn summary(account: &Account, row: &Object) -> Object {
    let mut order = value::pick(
        row,
        &[
            "bonusesCreditTotal",
            "bonusesChargeTotal",
            "privilegeType",
            "totalSumm",
            "loyaltyAccount",
            "loyaltyLevel",
            "site",
            "currency",
        ],
    );
    let customer = row.get("customer").and_then(Value::as_object);
    if let Some(customer) = customer {
        let customer = account.customer(customer).into_object();
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

/// Cancels the bonuses: those spent return to the membership, and those to be credited are dropped.
pub(crate) fn cancel(account: &mut Account, call: &Call) -> Outcome {
    let id = path::in_field(account, call, "order")?;
    let before = path::row(account, id)?;
    let mut row = match membership(account, &before) {
        Some(member) => spend(account, &before, &member, Decimal::ZERO)?,
        None => before,
    };
    let spent = row.clone();
    row.insert("bonusesCreditTotal".into(), json!(0));
    amounts::compute(&account.references, &account.now(), &mut row);
    account.replace_order(id, &spent, row.clone());
    Ok(Answer::ok(json!({"order": account.whole_order(&row)})))
}
