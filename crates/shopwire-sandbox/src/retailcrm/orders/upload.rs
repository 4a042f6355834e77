//! Uploading a batch of orders: the good ones land, the bad ones are reported (RE7).

use serde_json::Value;

use super::{edit, identifiers, shown};
use crate::retailcrm::account::Account;
use crate::retailcrm::answer::Outcome;
use crate::retailcrm::batch;
use crate::retailcrm::call::Call;

pub(super) fn upload(account: &mut Account, call: &Call) -> Outcome {
    let orders = call.batch("orders", batch::MOST)?;
    let site = account.site(call)?;
    let mut landed = Vec::new();
    let report = batch::run(&orders, |order| {
        let id = edit::place(account, order, &site)?;
        landed.push(id);
        Ok(account
            .orders
            .table
            .get(id)
            .map(identifiers)
            .unwrap_or_default())
    });
    let rows = landed.iter().filter_map(|&id| account.orders.table.get(id));
    let whole: Vec<Value> = rows.map(|row| shown(account, row)).collect();
    let report = report
        .with("site", site.into())
        .with("orders", whole.into());
    Ok(report.answer(
        "uploadedOrders",
        "failedOrders",
        "Orders are loaded with errors",
    ))
}
