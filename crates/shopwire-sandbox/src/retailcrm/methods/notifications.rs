//! Notifications of users.

use serde_json::{Value, json};

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
    let list = |name: &str| notification.get(name).and_then(Value::as_array);
    for (index, user) in list("userIds").into_iter().flatten().enumerate() {
        account.check_user(&format!("userIds[{index}]"), user)?;
    }
    let groups = account.records.table("groups");
    for (index, code) in list("userGroups").into_iter().flatten().enumerate() {
        if !groups.iter().any(|group| group.get("code") == Some(code)) {
            let field = format!("userGroups[{index}]");
            return Err(Failure::field(&field, "The group does not exist."));
        }
    }
    account
        .records
        .table_mut("notifications")
        .insert(notification);
    Ok(Answer::ok(json!({})))
}
