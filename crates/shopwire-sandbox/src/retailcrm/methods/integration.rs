//! Integration modules.

use serde_json::{Value, json};

use crate::random;
use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::state::Account;

pub(crate) fn get(account: &mut Account, call: &Call) -> Outcome {
    let module = account
        .records
        .keyed
        .get(&key(call))
        .ok_or_else(Failure::not_found)?;
    Ok(Answer::ok(json!({"integrationModule": module})))
}

/// Registers or changes a module. Without anything to report `info` is an empty PHP array.
pub(crate) fn edit(account: &mut Account, call: &Call) -> Outcome {
    let input = call.object("integrationModule")?;
    let module = account.records.keyed.entry(key(call)).or_default();
    module.insert("code".into(), call.segment("code").into());
    module.extend(input);
    module.retain(|_, value| !value.is_null());
    Ok(Answer::ok(json!({"info": Vec::<Value>::new()})))
}

/// The answer has a new key for the module; the account's own key stays as it is.
pub(crate) fn update_scopes(account: &mut Account, call: &Call) -> Outcome {
    if !account.records.keyed.contains_key(&key(call)) {
        return Err(Failure::not_found());
    }
    let requires = call.object("requires")?;
    if !requires.get("scopes").is_some_and(Value::is_array) {
        return Err(Failure::field("scopes", "This value should not be blank."));
    }
    Ok(Answer::ok(json!({"apiKey": random::token(32)})))
}

fn key(call: &Call) -> String {
    format!("module/{}", call.segment("code"))
}
