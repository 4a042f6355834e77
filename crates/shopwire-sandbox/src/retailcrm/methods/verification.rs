//! SMS checks. A check exists from the moment it is first named; its code is 1234.

use serde_json::json;

use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::state::Account;
use crate::retailcrm::value::{self, Object, object};

/// The code that every SMS of the sandbox would carry.
const CODE: &str = "1234";

pub(crate) fn confirm(account: &mut Account, call: &Call) -> Outcome {
    let input = call.object("verification")?;
    let named = |name: &str| {
        value::member(&input, name)
            .ok_or_else(|| Failure::field(name, "This value should not be blank."))
    };
    let (check, code) = (named("checkId")?, named("code")?);
    if code != CODE {
        return Err(Failure::validation("code", "Wrong code."));
    }
    let row = row(account, &check);
    row.entry("verifiedAt")
        .or_insert_with(|| value::now().into());
    Ok(Answer::ok(json!({"verification": row})))
}

pub(crate) fn status(account: &mut Account, call: &Call) -> Outcome {
    let row = row(account, call.segment("checkId"));
    Ok(Answer::ok(json!({"verification": row})))
}

fn row<'a>(account: &'a mut Account, check: &str) -> &'a mut Object {
    account.records.keyed.entry(format!("sms/{check}")).or_insert_with(|| {
        object(json!({
            "createdAt": value::now(), "expiredAt": "2099-01-01 00:00:00", "checkId": check, "actionType": "verify_customer",
        }))
    })
}
