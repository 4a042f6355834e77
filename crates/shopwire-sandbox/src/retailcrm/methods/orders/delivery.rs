//! Deliveries of orders.

use serde_json::{Value, json};

use super::path;
use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::state::Account;
use crate::retailcrm::value;

/// Cancels the delivery in its service. Without a delivery service there is nothing to cancel.
pub(crate) fn cancel(account: &mut Account, call: &Call) -> Outcome {
    let id = path::order(account, call)?;
    let before = path::row(account, id)?;
    let delivery = before.get("delivery").and_then(Value::as_object);
    if delivery
        .and_then(|delivery| value::member(delivery, "code"))
        .is_none()
    {
        return Err(Failure::validation(
            "delivery",
            "The order has no delivery to cancel.",
        ));
    }
    let mut row = before.clone();
    row["delivery"]["data"] = json!({"status": "canceled"});
    account.replace_order(id, &before, row);
    Ok(Answer::ok(json!({})))
}
