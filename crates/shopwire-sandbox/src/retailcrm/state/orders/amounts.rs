//! The sums of an order.

use rust_decimal::Decimal;
use serde_json::Value;

use crate::retailcrm::state::references::References;
use crate::retailcrm::value::{self, Object};

/// Computes `summ` (items after their discounts), `totalSumm` (with delivery, without the order's
/// discount and the bonuses spent), `purchaseSumm`, `prepaySum` (payments whose status means paid) and `fullPaidAt`,
/// which is now when it was not paid before.
pub(crate) fn compute(references: &References, now: &str, row: &mut Object) {
    let items = items(row);
    let summ: Decimal = items
        .iter()
        .map(|item| {
            (value::amount(item, "initialPrice") - value::amount(item, "discountTotal"))
                * value::amount(item, "quantity")
        })
        .sum();
    let purchase: Decimal = items
        .iter()
        .map(|item| value::amount(item, "purchasePrice") * value::amount(item, "quantity"))
        .sum();
    let percent = value::amount(row, "discountManualPercent");
    let discount =
        value::amount(row, "discountManualAmount") + summ * percent / Decimal::ONE_HUNDRED;
    let bonuses = value::amount(row, "bonusesChargeTotal");
    let delivery = row.get("delivery").and_then(Value::as_object);
    let delivery = delivery.map_or(Decimal::ZERO, |delivery| value::amount(delivery, "cost"));
    let total = (summ - discount - bonuses).max(Decimal::ZERO) + delivery;
    let prepaid = prepaid(references, row);
    let sums = [
        ("summ", summ),
        ("totalSumm", total),
        ("purchaseSumm", purchase),
        ("prepaySum", prepaid),
    ];
    for (name, sum) in sums {
        row.insert(name.into(), value::number(sum.round_dp(2)));
    }
    if prepaid >= total && prepaid > Decimal::ZERO {
        row.entry("fullPaidAt").or_insert_with(|| now.into());
    } else {
        row.shift_remove("fullPaidAt");
    }
}

fn items(row: &Object) -> Vec<Object> {
    let items = row.get("items").and_then(Value::as_array);
    items
        .into_iter()
        .flatten()
        .filter_map(|item| item.as_object().cloned())
        .collect()
}

fn prepaid(references: &References, row: &Object) -> Decimal {
    let payments = row.get("payments").and_then(Value::as_object);
    let payments = payments
        .into_iter()
        .flat_map(Object::values)
        .filter_map(Value::as_object);
    payments
        .filter(|payment| {
            let status = value::member(payment, "status").unwrap_or_default();
            references.flag("payment-statuses", &status, "paymentComplete")
        })
        .map(|payment| value::amount(payment, "amount"))
        .sum()
}
