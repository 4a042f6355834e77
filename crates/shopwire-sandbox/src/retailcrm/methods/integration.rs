//! Integration modules.

mod info;

use serde_json::{Value, json};

use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::state::Account;
use crate::retailcrm::value::{self, Object};

pub(crate) fn get(account: &mut Account, call: &Call) -> Outcome {
    let module = account
        .records
        .keyed
        .get(&key(call))
        .ok_or_else(Failure::not_found)?;
    Ok(Answer::ok(json!({"integrationModule": module})))
}

/// Registers or changes a module. Addresses are stored as they come: whether they can be reached is
/// seen when they are called.
pub(crate) fn edit(account: &mut Account, call: &Call) -> Outcome {
    let input = call.object("integrationModule")?;
    let code = call.segment("code");
    if value::member(&input, "code").is_some_and(|given| given != code) {
        let text = format!("The code of the path is \"{code}\".");
        return Err(Failure::field("code", text));
    }
    check_form(&input)?;
    let module = account.records.keyed.entry(key(call)).or_default();
    module.insert("code".into(), code.into());
    module.extend(input);
    module.retain(|_, value| !value.is_null());
    let module = module.clone();
    let info = info::of(account, code, &module);
    Ok(Answer::ok(json!({"info": value::php_map(info)})))
}

/// Addresses must be such, and `integrations` an object.
fn check_form(input: &Object) -> Result<(), Failure> {
    for name in ["baseUrl", "accountUrl", "logo"] {
        let address = value::member(input, name);
        if address.is_some_and(|address| !is_address(&address)) {
            return Err(Failure::field(name, "This value is not a valid URL."));
        }
    }
    match input.get("integrations") {
        Some(given) if !given.is_object() && *given != json!([]) && !given.is_null() => {
            let text = "This value should be of type array.";
            Err(Failure::field("integrations", text))
        }
        _ => Ok(()),
    }
}

fn is_address(text: &str) -> bool {
    let uri = text.parse::<http::Uri>();
    uri.is_ok_and(|uri| matches!(uri.scheme_str(), Some("http" | "https")))
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
    Ok(Answer::ok(json!({"apiKey": account.random.token(32)})))
}

fn key(call: &Call) -> String {
    format!("module/{}", call.segment("code"))
}
