//! The answer to the registration of a module, by the module's functions.

use serde_json::{Value, json};

use crate::retailcrm::state::Account;
use crate::retailcrm::value::{self, Object, object};

/// Returns the members of `info`, if any.
pub(super) fn of(account: &mut Account, code: &str, module: &Object) -> Object {
    let mut info = Object::new();
    let part = |name: &str| {
        module
            .get("integrations")?
            .get(name)
            .filter(|it| it.is_object())
    };
    if part("delivery").is_some() {
        info.insert("deliveryType".into(), delivery_type(account, code, module));
    }
    for (name, path) in [("mgTransport", "transport"), ("mgBot", "bot")] {
        if part(name).is_some() {
            info.insert(name.into(), chat(account, code, name, path));
        }
    }
    if let Some(telephony) = part("telephony") {
        unknown_parties(account, telephony, &mut info);
    }
    info
}

/// A delivery module has a delivery type of its own, which orders can name.
fn delivery_type(account: &mut Account, code: &str, module: &Object) -> Value {
    let types = account.references.rows_mut("delivery-types");
    let is_own = |row: &&mut Object| row.get("code").is_some_and(|own| own == code);
    let name = module.get("name").cloned().unwrap_or_else(|| code.into());
    let active = module.get("active").and_then(value::flag).unwrap_or(true);
    let id = match types.iter_mut().find(is_own) {
        Some(row) => {
            row.insert("active".into(), active.into());
            row.get("id").cloned().unwrap_or_default()
        }
        None => {
            let last = types.iter().filter_map(|row| row.get("id")?.as_i64()).max();
            let id = last.unwrap_or(0) + 1;
            types.push(object(json!({
                "id": id, "code": code, "name": name, "active": active, "integrationCode": code,
                "defaultCost": 0, "defaultNetCost": 0, "paymentTypes": [], "deliveryServices": [],
                "defaultForCrm": false, "vatRate": "none", "currency": "RUB", "sites": [],
            })));
            id.into()
        }
    };
    json!({"id": id, "code": code})
}

/// The token of a chat channel or bot and where it is used; the token stays the same.
fn chat(account: &mut Account, code: &str, name: &str, path: &str) -> Value {
    let key = format!("chat/{name}/{code}");
    let random = &mut account.random;
    let row = account.records.keyed.entry(key);
    let row = row.or_insert_with(|| object(json!({"token": random.token(32)})));
    json!({"token": row["token"], "endpointUrl": format!("https://mg.sandbox.example/api/{path}/v1/")})
}

/// The users and sites that a telephony module names and the account does not have.
fn unknown_parties(account: &Account, telephony: &Value, info: &mut Object) {
    let members = |list: &str, name: &str| -> Vec<Value> {
        let rows = telephony.get(list).and_then(Value::as_array);
        let given = rows.into_iter().flatten().filter_map(|row| row.get(name));
        given.cloned().collect()
    };
    let users = members("additionalCodes", "userId")
        .into_iter()
        .filter(|id| account.check_user("userId", id).is_err());
    let sites = members("externalPhones", "siteCode")
        .into_iter()
        .filter(|code| {
            account
                .check_code("siteCode", "sites", "site", code)
                .is_err()
        });
    for (name, unknown) in [
        ("notExistUsersIds", users.collect::<Vec<_>>()),
        ("notExistSiteCodes", sites.collect()),
    ] {
        if !unknown.is_empty() {
            info.insert(name.into(), unknown.into());
        }
    }
}
