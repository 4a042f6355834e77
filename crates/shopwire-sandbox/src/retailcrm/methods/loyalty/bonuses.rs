//! Bonuses: given, taken, and what happened to them.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::accounts::ACCOUNTS;
use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::filter::{Conditions, Field, Rule};
use crate::retailcrm::protocol::page::{Page, SIZES};
use crate::retailcrm::state::Account;
use crate::retailcrm::value::{self, Object, object};

/// Operations on bonuses of all accounts, oldest first.
const OPERATIONS: &str = "bonus-operations";

/// Bonuses as they were credited, with the days on which they become active and lapse.
const PORTIONS: &str = "bonus-portions";

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
    let id = call.id()?;
    move_bonuses(account, id, amount, "credit_manual")?;
    let mut bonus = object(json!({"amount": value::number(amount)}));
    bonus.extend(activation.map(|date| ("activationDate".to_owned(), date.into())));
    bonus.extend(expiry.map(|date| ("expireDate".to_owned(), date.into())));
    let mut row = bonus.clone();
    row.insert("account".into(), id.into());
    account.records.table_mut(PORTIONS).insert(row);
    Ok(Answer::ok(json!({"loyaltyBonus": bonus})))
}

pub(crate) fn charge(account: &mut Account, call: &Call) -> Outcome {
    let amount = amount(call)?;
    move_bonuses(account, call.id()?, -amount, "charge_manual")?;
    Ok(Answer::ok(json!({})))
}

fn amount(call: &Call) -> Result<Decimal, Failure> {
    call.required("amount")?;
    let amount = call
        .parameter("amount")
        .and_then(value::decimal)
        .filter(|amount| *amount > Decimal::ZERO);
    amount.ok_or_else(|| Failure::input("amount", "This value should be greater than 0."))
}

/// Changes the balance of an active account, never below zero, and notes the operation.
fn move_bonuses(account: &mut Account, id: i64, by: Decimal, kind: &str) -> Result<(), Failure> {
    let row = account
        .records
        .table(ACCOUNTS.table)
        .get(id)
        .ok_or_else(Failure::not_found)?;
    if row.get("active").and_then(value::flag) != Some(true) {
        return Err(Failure::bad_request("Loyalty account is not active"));
    }
    let programme = row["loyalty"]["id"].clone();
    let balance = value::amount(row, "amount") + by;
    if balance.is_sign_negative() {
        return Err(Failure::validation("amount", "Not enough bonuses."));
    }
    account.records.table_mut(ACCOUNTS.table).update(id, |row| {
        row.insert("amount".into(), value::number(balance))
    });
    account.records.table_mut(OPERATIONS).insert(object(json!({
        "type": kind, "createdAt": value::now(), "amount": value::number(by),
        "loyaltyAccount": {"id": id}, "loyalty": {"id": programme},
    })));
    Ok(())
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

/// Bonuses that become active later, or lapse: each with its day.
pub(crate) fn list_details(account: &mut Account, call: &Call) -> Outcome {
    let conditions = Conditions::read(call, DETAIL_FILTERS)?;
    let page = Page::read(call, SIZES)?;
    let id = call.id()?;
    account
        .records
        .table(ACCOUNTS.table)
        .get(id)
        .ok_or_else(Failure::not_found)?;
    let day = match call.segment("status") {
        "waiting_activation" => "activationDate",
        "burn_soon" => "expireDate",
        _ => return Err(Failure::not_found()),
    };
    let today = value::now();
    let detail = |row: &Object| {
        let date = value::member(row, day).filter(|date| date.as_str() > &today[..10])?;
        Some(object(json!({"date": date, "amount": row.get("amount")})))
    };
    let bonuses = account.records.table(PORTIONS).iter();
    let rows: Vec<Object> = bonuses
        .filter(|row| row["account"] == id)
        .filter_map(detail)
        .filter(|row| conditions.hold(row))
        .collect();
    let total: Decimal = rows.iter().map(|row| value::amount(row, "amount")).sum();
    Ok(Answer::ok(json!({
        "pagination": page.block(rows.len()),
        "statistic": {"totalAmount": value::number(total)},
        "bonuses": page.cut(rows),
    })))
}
