//! Reading orders: list, one, statuses, history.

use serde_json::{Value, json};

use super::{filters, path};
use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::filter::Conditions;
use crate::retailcrm::protocol::history;
use crate::retailcrm::protocol::page::{Page, SIZES};
use crate::retailcrm::shown::Shown;
use crate::retailcrm::state::Account;
use crate::retailcrm::value::{self, Object};

/// The most identifiers that `statuses` takes at once.
const MOST_STATUSES: usize = 500;

/// Newest first, as the service lists orders.
pub(crate) fn list(account: &mut Account, call: &Call) -> Outcome {
    let conditions = Conditions::read(call, filters::ORDERS)?;
    let page = Page::read(call, SIZES)?;
    let rows: Vec<&Object> = account
        .orders
        .table
        .iter()
        .rev()
        .filter(|row| account.sees(row))
        .filter(|row| conditions.hold_joined(row, |path| account.joined_order(row, path)))
        .collect();
    let total = rows.len();
    let orders = page.cut(rows).into_iter();
    let orders: Vec<Shown<'_>> = orders.map(|row| account.shown_order(row)).collect();
    Ok(Answer::page(&page.block(total), "orders", &orders))
}

pub(crate) fn get(account: &mut Account, call: &Call) -> Outcome {
    let id = path::order(account, call)?;
    let order = path::row(account, id)?;
    Ok(Answer::ok(json!({"order": account.whole_order(&order)})))
}

pub(crate) fn list_statuses(account: &mut Account, call: &Call) -> Outcome {
    let (ids, external) = (call.scalars("ids")?, call.scalars("externalIds")?);
    if ids.is_empty() && external.is_empty() {
        return Err(Failure::missing("ids"));
    }
    if ids.len() + external.len() > MOST_STATUSES {
        let text = format!("This collection should contain {MOST_STATUSES} elements or less.");
        return Err(Failure::input("ids", text));
    }
    let one_of = |row: &Object, name: &str, wanted: &[String]| {
        row.get(name)
            .and_then(value::text)
            .is_some_and(|text| wanted.contains(&text))
    };
    let rows = account.orders.table.iter();
    let meant = rows.filter(|row| one_of(row, "id", &ids) || one_of(row, "externalId", &external));
    let orders: Vec<Value> = meant.map(|row| status(account, row)).collect();
    Ok(Answer::ok(json!({"orders": orders})))
}

fn status(account: &Account, row: &Object) -> Value {
    let code = value::member(row, "status").unwrap_or_default();
    let mut status = value::identifiers(row);
    status["status"] = code.as_str().into();
    status["group"] = account.references.text("statuses", &code, "group").into();
    status
}

pub(crate) fn list_history(account: &mut Account, call: &Call) -> Outcome {
    let history = &account.orders.history;
    history::list(history, call, filters::HISTORY, |_, _| Vec::new())
}
