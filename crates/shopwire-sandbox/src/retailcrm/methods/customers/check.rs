//! Checks of a customer before it is stored: its manager, its custom fields and its contacts must be known to the
//! account.

use serde_json::Value;

use crate::retailcrm::protocol::answer::Failure;
use crate::retailcrm::state::Account;
use crate::retailcrm::state::parts::Part;
use crate::retailcrm::state::party::{self, Party};
use crate::retailcrm::state::refusal::Refusal;
use crate::retailcrm::state::resolve;
use crate::retailcrm::value::{self, Object, object};

/// Returns the customer to be stored. References to missing rows are refused, the others are completed.
pub(super) fn customer(account: &Account, party: Party, input: &Object) -> Result<Object, Failure> {
    let mut errors = Object::new();
    let manager = input.get("managerId");
    if let Some(manager) = manager.filter(|given| !given.is_null() && **given != "")
        && let Err(Refusal::Form(refused)) = account.check_user("managerId", manager)
    {
        errors.extend(refused);
    }
    account.check_custom_fields(party.kind(), input, &mut errors);
    if !errors.is_empty() {
        return Err(Failure::format(errors));
    }
    let mut checked = input.clone();
    if party == Party::Company {
        contacts(account, &mut checked)?;
    }
    Ok(checked)
}

/// Checks the contacts of a new company.
fn contacts(account: &Account, input: &mut Object) -> Result<(), Failure> {
    let list = Part::Contact.list();
    let Some(given) = input.get(list).and_then(Value::as_array) else {
        return Ok(());
    };
    let complete = |one: &Value| {
        let mut contact = object(one.clone());
        self::contact(account, list, &mut contact)?;
        Ok(Value::Object(contact))
    };
    let contacts: Vec<Value> = given.iter().map(complete).collect::<Result<_, Failure>>()?;
    input.insert(list.into(), contacts.into());
    Ok(())
}

/// Checks that a contact's person exists, and adds both identifiers.
pub(super) fn contact(account: &Account, field: &str, contact: &mut Object) -> Result<(), Failure> {
    let Some(given) = resolve::given(contact, "customer") else {
        return Ok(());
    };
    let person = account.referred_party(field, resolve::reference(field, given)?, Party::Person)?;
    let shown = value::without(&object(party::reference(person)), &["type"]);
    contact.insert("customer".into(), shown);
    Ok(())
}

/// Marks the persons of these contacts as contacts.
pub(super) fn mark_contacts(account: &mut Account, contacts: &[Value]) {
    for contact in contacts {
        if let Some(id) = contact["customer"].get("id").and_then(value::integer) {
            account.customers.mark_contact(id);
        }
    }
}
