//! The contact person and the legal entity of an order.

use serde_json::Value;

use crate::retailcrm::protocol::answer::Failure;
use crate::retailcrm::state::Account;
use crate::retailcrm::state::resolve;
use crate::retailcrm::value::{self, Object};

/// Returns `contact` and `company` as the order will hold them; null removes one. The company is looked up in the
/// customer that the order has or gets.
pub(super) fn resolved(
    account: &Account,
    input: &Object,
    has: Option<&Object>,
) -> Result<Object, Failure> {
    let mut related = Object::new();
    for name in ["contact", "company"] {
        if input.contains_key(name) && resolve::given(input, name).is_none() {
            related.insert(name.into(), Value::Null);
        }
    }
    if let Some(given) = resolve::given(input, "contact") {
        let reference = resolve::reference("contact", given)?;
        let person = account.referred_customer("contact", reference)?;
        related.insert("contact".into(), resolve::shown_customer(person));
    }
    if let Some(given) = resolve::given(input, "company") {
        let reference = resolve::reference("company", given)?;
        let customer = customer(account, input)?.or_else(|| has.cloned());
        let customer = customer.unwrap_or_default();
        let company = account.referred_company("company", reference, &customer)?;
        let shown = value::pick(&company, &["id", "externalId", "name"]);
        related.insert("company".into(), shown.into());
    }
    Ok(related)
}

/// The customer that the input names by an identifier must be there.
pub(super) fn check_customer(account: &Account, input: &Object) -> Result<(), Failure> {
    let given = input.get("customer").and_then(Value::as_object);
    let is_named = given.is_some_and(|given| {
        let is_there = |name: &&str| given.get(*name).is_some_and(|value| !value.is_null());
        ["id", "externalId"].iter().any(is_there)
    });
    match is_named {
        true => customer(account, input).map(drop),
        false => Ok(()),
    }
}

/// The customer that the input names, when there is one.
fn customer(account: &Account, input: &Object) -> Result<Option<Object>, Failure> {
    let Some(given) = resolve::given(input, "customer") else {
        return Ok(None);
    };
    let reference = resolve::reference("customer", given)?;
    Ok(Some(
        account.referred_customer("customer", reference)?.clone(),
    ))
}

/// Writes what was resolved into the row.
pub(super) fn write(row: &mut Object, related: Object) {
    for (name, shown) in related {
        if shown.is_null() {
            row.shift_remove(&name);
        } else {
            row.insert(name, shown);
        }
    }
}
