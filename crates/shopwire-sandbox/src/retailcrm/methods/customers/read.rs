//! Reading customers: list, one, history.

use serde_json::json;

use super::{filters, names, path};
use crate::retailcrm::protocol::answer::{Answer, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::filter::Conditions;
use crate::retailcrm::protocol::history;
use crate::retailcrm::protocol::page::{Page, SIZES};
use crate::retailcrm::shown::Shown;
use crate::retailcrm::state::Account;
use crate::retailcrm::state::party::Party;
use crate::retailcrm::value::Object;

/// Newest first, as the service lists customers.
pub(crate) fn list(account: &mut Account, call: &Call, party: Party) -> Outcome {
    let conditions = Conditions::read(call, filters::of(party))?;
    let page = Page::read(call, SIZES)?;
    let rows: Vec<&Object> = account
        .directory(party)
        .table
        .iter()
        .rev()
        .filter(|row| account.sees(row))
        .filter(|row| conditions.hold_joined(row, |path| account.joined_customer(party, row, path)))
        .collect();
    let block = page.block(rows.len());
    let shown = page.cut(rows).into_iter();
    let shown: Vec<Shown<'_>> = shown
        .map(|row| account.shown_customer(party, row))
        .collect();
    Ok(Answer::page(&block, names::list(party), &shown))
}

pub(crate) fn get(account: &mut Account, call: &Call, party: Party) -> Outcome {
    let id = path::customer(account, call, party)?;
    let customer = account.directory(party).table.get(id);
    let customer = customer.map(|row| account.shown_customer(party, row).into_object());
    Ok(Answer::ok(json!({ names::item(party): customer })))
}

pub(crate) fn list_history(account: &mut Account, call: &Call, party: Party) -> Outcome {
    let history = account.directory(party).history();
    history::list(history, call, filters::HISTORY, |entry, path| {
        account.joined_customer_change(party, entry, path)
    })
}
