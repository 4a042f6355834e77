//! The programs, and what one would give for an order.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::collection::{self, Collection};
use crate::retailcrm::protocol::filter::Rule;
use crate::retailcrm::protocol::sites;
use crate::retailcrm::state::Account;
use crate::retailcrm::value::{self, Object};

pub(super) const LOYALTIES: Collection = Collection {
    table: "loyalties",
    item: "loyalty",
    list: "loyalties",
    required: &[],
    filters: &[
        ("ids", Rule::OneOf("id")),
        ("active", Rule::Flag("active")),
        ("blocked", Rule::Flag("blocked")),
        ("sites", Rule::OneOf("sites")),
    ],
    join: collection::alone,
    hidden: &["sites"],
};

pub(crate) fn list(account: &mut Account, call: &Call) -> Outcome {
    LOYALTIES.list(account, call)
}

pub(crate) fn get(account: &mut Account, call: &Call) -> Outcome {
    let row = account
        .records
        .table(LOYALTIES.table)
        .get(call.id()?)
        .ok_or_else(Failure::not_found)?;
    Ok(Answer::ok(
        json!({"loyalty": LOYALTIES.shown(row), "requiredFields": []}),
    ))
}

/// What the program would give for an order: five per cent in bonuses.
pub(crate) fn calculate(account: &mut Account, call: &Call) -> Outcome {
    let site = sites::of_new(account, call)?;
    let order = call.object("order")?;
    let items = order
        .get("items")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let sum = |item: &Object| value::amount(item, "initialPrice") * value::amount(item, "quantity");
    let total: Decimal = items.iter().filter_map(Value::as_object).map(sum).sum();
    let credit = (total * Decimal::new(5, 2)).round_dp(2);
    let shown = json!({"site": site, "totalSumm": value::number(total), "bonusesCreditTotal": value::number(credit), "bonusesChargeTotal": 0, "currency": "RUB"});
    let calculation = json!({
        "privilegeType": "loyalty_level", "discount": 0, "creditBonuses": value::number(credit), "maxChargeBonuses": value::number(total), "maximum": true,
    });
    Ok(Answer::ok(json!({
        "order": shown, "calculations": [calculation], "loyalty": {"name": "Бонусная программа", "chargeRate": 1},
    })))
}
