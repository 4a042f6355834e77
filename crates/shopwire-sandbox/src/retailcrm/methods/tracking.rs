//! Tracking: what a delivery module says about the deliveries it carries.

use serde_json::{Value, json};

use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::state::Account;
use crate::retailcrm::state::orders::amounts;
use crate::retailcrm::value::{self, Object};

/// The most deliveries in one call.
const MOST: usize = 100;

/// Writes the latest status, tracking number and cost into the orders. The module must be known and
/// every delivery must be one of its own, or nothing is written.
pub(crate) fn update(account: &mut Account, call: &Call) -> Outcome {
    let module = call.segment("subcode");
    let updates = call.batch("statusUpdate", MOST)?;
    let settings = account
        .records
        .keyed
        .get(&format!("module/{module}"))
        .map(|module| module["integrations"]["delivery"]["settings"].clone())
        .ok_or_else(Failure::not_found)?;
    let mut meant = Vec::new();
    for (index, update) in updates.iter().enumerate() {
        let field = format!("statusUpdate[{index}]");
        check(update).map_err(|text| Failure::field(&field, text))?;
        let delivery = update["deliveryId"].as_str().unwrap_or_default();
        let order = order_of(account, module, delivery).ok_or_else(|| {
            let text = format!("\"delivery\" with \"id\"=\"{delivery}\" does not exist.");
            Failure::field(&format!("{field}.deliveryId"), text)
        })?;
        meant.push((order, update));
    }
    for (order, update) in meant {
        apply(account, order, update, &settings);
    }
    Ok(Answer::ok(json!({})))
}

fn check(update: &Value) -> Result<(), &'static str> {
    let named = update.get("deliveryId").is_some_and(Value::is_string);
    let history = update.get("history").and_then(Value::as_array);
    let Some(history) = history.filter(|_| named) else {
        return Err("\"deliveryId\" and \"history\" should not be blank.");
    };
    let is_whole = |one: &Value| one.get("code").and_then(value::text).is_some();
    if history.iter().all(is_whole) {
        Ok(())
    } else {
        Err("\"code\" should not be blank.")
    }
}

/// The order whose delivery the module knows under this identifier.
fn order_of(account: &Account, module: &str, delivery: &str) -> Option<i64> {
    let is_meant = |row: &&Object| {
        let own = &row["delivery"];
        own["integrationCode"] == module && own["data"]["externalId"] == delivery
    };
    let row = account.orders.table.iter().find(is_meant)?;
    row.get("id").and_then(value::integer)
}

fn apply(account: &mut Account, order: i64, update: &Value, settings: &Value) {
    let Some(before) = account.orders.table.get(order).cloned() else {
        return;
    };
    let mut row = before.clone();
    if let Some(track) = update.get("trackNumber") {
        row["delivery"]["data"]["trackNumber"] = track.clone();
    }
    if let Some(cost) = update.get("cost").and_then(value::decimal) {
        row["delivery"]["data"]["cost"] = value::number(cost);
    }
    let history = update["history"].as_array();
    if let Some(last) = history.and_then(|history| history.last()) {
        let data = &mut row["delivery"]["data"];
        data["status"] = last["code"].clone();
        if let Some(comment) = last.get("comment") {
            data["statusComment"] = comment.clone();
        }
        if let Some(status) = order_status(account, settings, &last["code"]) {
            row.insert("status".into(), status.into());
            row.insert("statusUpdatedAt".into(), account.now().into());
        }
    }
    amounts::compute(&account.references, &account.now(), &mut row);
    account.replace_order(order, &before, row);
}

/// The order's status that the module's settings tie to a status of the delivery.
fn order_status(account: &Account, settings: &Value, code: &Value) -> Option<String> {
    let ties = settings.get("statuses")?.as_array()?;
    let tie = ties.iter().find(|tie| tie.get("code") == Some(code))?;
    let status = tie.get("trackingStatusCode").and_then(value::text)?;
    account
        .references
        .has("statuses", &status)
        .then_some(status)
}
