//! SMS checks. A check is sent by the activation of a loyalty membership; its code is 1234.

use serde_json::json;

use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::state::Account;
use crate::retailcrm::value;

/// The code that every SMS of the sandbox would carry.
const CODE: &str = "1234";

pub(crate) fn confirm(account: &mut Account, call: &Call) -> Outcome {
    let input = call.object("verification")?;
    let named = |name: &str| {
        value::member(&input, name)
            .ok_or_else(|| Failure::field(name, "This value should not be blank."))
    };
    let (check, code) = (named("checkId")?, named("code")?);
    let sms = account.sms.get(&check).ok_or_else(Failure::not_found)?;
    if sms.is_expired(account.clock.timestamp()) {
        return Err(Failure::validation("code", "The code has expired."));
    }
    if code != CODE {
        return Err(Failure::validation("code", "Wrong code."));
    }
    let passed = account.pass_sms(&check).ok_or_else(Failure::not_found)?;
    Ok(Answer::ok(json!({"verification": passed})))
}

pub(crate) fn status(account: &mut Account, call: &Call) -> Outcome {
    let sms = account.sms.get(call.segment("checkId"));
    let sms = sms.ok_or_else(Failure::not_found)?;
    Ok(Answer::ok(json!({"verification": sms.shown})))
}
