//! Notifications of users.

use serde_json::json;

use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::state::Account;
use crate::retailcrm::value;

pub(crate) fn send(account: &mut Account, call: &Call) -> Outcome {
    let notification = call.object("notification")?;
    if value::member(&notification, "message").is_none() {
        return Err(Failure::field("message", "This value should not be blank."));
    }
    match value::member(&notification, "type").as_deref() {
        Some("api.error" | "api.info") => {}
        _ => {
            return Err(Failure::field(
                "type",
                "The value you selected is not a valid choice.",
            ));
        }
    }
    account
        .records
        .table_mut("notifications")
        .insert(notification);
    Ok(Answer::ok(json!({})))
}
