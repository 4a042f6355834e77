//! Bonuses: given, taken, and what happened to them.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::accounts::ACCOUNTS;
use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::filter::{Conditions, Field, Rule};
use crate::retailcrm::protocol::page::{Page, SIZES};
use crate::retailcrm::state::Account;
use crate::retailcrm::state::loyalty::{Cause, OPERATIONS, Stage};
use crate::retailcrm::value::{self, Object, object};

const ACCOUNT_OPERATION_FILTERS: &[Field] = &[
    ("createdAtFrom", Rule::From("createdAt")),
    ("createdAtTo", Rule::To("createdAt")),
];

const OPERATION_FILTERS: &[Field] = &[("loyalties", Rule::OneOf("loyalty.id"))];

const DETAIL_FILTERS: &[Field] = &[("date", Rule::On("date"))];

pub(crate) fn credit(account: &mut Account, call: &Call) -> Outcome {
    let amount = amount(call)?;
    let date = |name: &str| match call.text(name) {
        Some(text) if !value::is_date(text) => {
            Err(Failure::input(name, "This value is not a valid date."))
        }
        other => Ok(other.map(str::to_owned)),
    };
    let (activation, expiry) = (date("activationDate")?, date("expireDate")?);
    let first = activation.clone().unwrap_or_default().max(account.today());
    if expiry.as_ref().is_some_and(|last| *last < first) {
        let text = "The bonuses would burn before they can be spent.";
        return Err(Failure::input("expireDate", text));
    }
    let id = active(account, call.id()?)?;
    let cause = Cause {
        kind: "credit_manual",
        order: None,
    };
    account.credit_bonuses(id, amount, (activation.clone(), expiry.clone()), cause);
    let mut bonus = object(json!({"amount": value::number(amount)}));
    bonus.extend(activation.map(|date| ("activationDate".to_owned(), date.into())));
    bonus.extend(expiry.map(|date| ("expireDate".to_owned(), date.into())));
    Ok(Answer::ok(json!({"loyaltyBonus": bonus})))
}

pub(crate) fn charge(account: &mut Account, call: &Call) -> Outcome {
    let amount = amount(call)?;
    let id = active(account, call.id()?)?;
    let cause = Cause {
        kind: "charge_manual",
        order: None,
    };
    if account.charge_bonuses(id, amount, cause) {
        Ok(Answer::ok(json!({})))
    } else {
        Err(Failure::validation("amount", "Not enough bonuses."))
    }
}

fn amount(call: &Call) -> Result<Decimal, Failure> {
    call.required("amount")?;
    let amount = call
        .parameter("amount")
        .and_then(value::decimal)
        .filter(|amount| *amount > Decimal::ZERO);
    amount.ok_or_else(|| Failure::input("amount", "This value should be greater than 0."))
}

/// A membership that works; bonuses are neither given to another nor taken from it.
fn active(account: &Account, id: i64) -> Result<i64, Failure> {
    let row = account.records.table(ACCOUNTS.table).get(id);
    match row.ok_or_else(Failure::not_found)?.get("active") {
        Some(active) if value::flag(active) == Some(true) => Ok(id),
        _ => Err(Failure::bad_request("Loyalty account is not active")),
    }
}

pub(crate) fn list_account_operations(account: &mut Account, call: &Call) -> Outcome {
    let id = call.id()?;
    account
        .records
        .table(ACCOUNTS.table)
        .get(id)
        .ok_or_else(Failure::not_found)?;
    let conditions = Conditions::read(call, ACCOUNT_OPERATION_FILTERS)?;
    let page = Page::read(call, SIZES)?;
    let operations = account.records.table(OPERATIONS).iter();
    let rows: Vec<&Object> = operations
        .filter(|row| row["loyaltyAccount"]["id"] == id && conditions.hold(row))
        .collect();
    let total = rows.len();
    let shown: Vec<Value> = page.cut(rows).into_iter().map(shown).collect();
    Ok(Answer::ok(
        json!({"pagination": page.block(total), "bonusOperations": shown}),
    ))
}

/// Operations are shown without their ids.
fn shown(operation: &Object) -> Value {
    value::without(operation, &["id"])
}

/// The one list that pages by cursor: it is the id of the last operation seen.
pub(crate) fn list_operations(account: &mut Account, call: &Call) -> Outcome {
    let conditions = Conditions::read(call, OPERATION_FILTERS)?;
    let limit = Page::read(call, SIZES)?.limit();
    let after: i64 = match call.text("cursor") {
        None => 0,
        Some(cursor) => cursor
            .parse()
            .map_err(|_| Failure::input("cursor", "This value is not valid."))?,
    };
    let is_later = |row: &&Object| row["id"].as_i64() > Some(after);
    let operations = account.records.table(OPERATIONS).iter();
    let mut rows: Vec<&Object> = operations
        .filter(is_later)
        .filter(|row| conditions.hold(row))
        .take(limit + 1)
        .collect();
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows
        .last()
        .filter(|_| more)
        .and_then(|row| value::member(row, "id"));
    // The last page has no cursor: a field without a value is left out.
    let pagination: Object = next
        .map(|next| ("nextCursor".to_owned(), next.into()))
        .into_iter()
        .collect();
    let shown: Vec<Value> = rows.into_iter().map(shown).collect();
    Ok(Answer::ok(
        json!({"pagination": pagination, "bonusOperations": shown}),
    ))
}

/// Bonuses that wait for their first day or burn after their last, day by day.
pub(crate) fn list_details(account: &mut Account, call: &Call) -> Outcome {
    let conditions = Conditions::read(call, DETAIL_FILTERS)?;
    let page = Page::read(call, SIZES)?;
    let id = call.id()?;
    if account.records.table(ACCOUNTS.table).get(id).is_none() {
        return Err(Failure::not_found());
    }
    let stage = match call.segment("status") {
        "waiting_activation" => Stage::Waiting,
        "burn_soon" => Stage::Active,
        _ => return Err(Failure::not_found()),
    };
    account.settle_bonuses(id);
    let mut days = account.bonus_days(id, stage);
    days.retain(|day| conditions.hold(day));
    let total: Decimal = days.iter().map(|day| value::amount(day, "amount")).sum();
    Ok(Answer::ok(json!({
        "pagination": page.block(days.len()),
        "statistic": {"totalAmount": value::number(total)},
        "bonuses": page.cut(days),
    })))
}
