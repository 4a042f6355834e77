//! Subscriptions of customers.

use serde_json::{Value, json};

use super::path;
use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::state::Account;
use crate::retailcrm::state::party::Party;
use crate::retailcrm::value;

pub(crate) fn update(account: &mut Account, call: &Call) -> Outcome {
    let id = path::customer(account, call, Party::Person)?;
    let given = call.list("subscriptions")?;
    let now = account.now();
    let directory = &mut account.customers;
    let before = directory
        .table
        .get(id)
        .cloned()
        .ok_or_else(Failure::not_found)?;
    let mut shown = before
        .get("customerSubscriptions")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    for subscription in given {
        let (channel, code) = (
            subscription["channel"].clone(),
            subscription["subscription"].clone(),
        );
        let (Some(active), true) = (
            subscription.get("active").and_then(value::flag),
            channel.is_string(),
        ) else {
            return Err(Failure::field(
                "subscriptions",
                "\"channel\" and \"active\" should not be blank.",
            ));
        };
        let meant = json!({"channel": channel, "code": code, "active": true});
        shown.retain(|one| one["subscription"] != meant);
        shown.push(json!({"subscription": meant, "subscribed": active, "changedAt": now}));
    }
    let mut row = before.clone();
    row.insert("customerSubscriptions".into(), shown.into());
    directory.store(id, &before, row);
    Ok(Answer::ok(json!({})))
}
