//! Uploading a batch of orders: the good ones land, the bad ones are reported.

use serde_json::Value;

use super::place;
use crate::retailcrm::protocol::answer::Outcome;
use crate::retailcrm::protocol::batch;
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::sites;
use crate::retailcrm::state::Account;
use crate::retailcrm::value;

pub(crate) fn upload(account: &mut Account, call: &Call) -> Outcome {
    let orders = call.elements("orders", batch::MOST)?;
    let site = sites::of_new(account, call)?;
    let mut landed = Vec::new();
    let report = batch::run(&orders, |order| {
        let id = place::place(account, order, &site)?;
        landed.push(id);
        Ok(account
            .orders
            .table
            .get(id)
            .map(value::identifiers)
            .unwrap_or_default())
    });
    let rows = landed.iter().filter_map(|&id| account.orders.table.get(id));
    let whole: Vec<Value> = rows.map(|row| account.whole_order(row)).collect();
    let report = report
        .with("site", site.into())
        .with("orders", whole.into());
    Ok(report.answer(
        "uploadedOrders",
        "failedOrders",
        "Orders are loaded with errors",
    ))
}
