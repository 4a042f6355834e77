//! Checks of an order before it is stored.

use rust_decimal::Decimal;
use serde_json::Value;

use crate::retailcrm::protocol::answer::Failure;
use crate::retailcrm::state::Account;
use crate::retailcrm::state::fields::{self, Field, Kind};
use crate::retailcrm::state::refusal::Refusal;
use crate::retailcrm::value::{self, Object};

/// The fields that a caller may set.
pub(crate) const FIELDS: &[Field] = &[
    ("number", Kind::Text),
    ("externalId", Kind::Text),
    ("privilegeType", Kind::Text),
    ("countryIso", Kind::Text),
    ("createdAt", Kind::DateTime),
    ("statusUpdatedAt", Kind::DateTime),
    ("discountManualAmount", Kind::Number),
    ("discountManualPercent", Kind::Number),
    ("mark", Kind::Number),
    ("markDatetime", Kind::DateTime),
    ("lastName", Kind::Text),
    ("firstName", Kind::Text),
    ("patronymic", Kind::Text),
    ("phone", Kind::Text),
    ("additionalPhone", Kind::Text),
    ("email", Kind::Text),
    ("call", Kind::Flag),
    ("expired", Kind::Flag),
    ("customerComment", Kind::Text),
    ("managerComment", Kind::Text),
    ("managerId", Kind::Number),
    ("contragent", Kind::Block),
    ("delivery", Kind::Block),
    ("source", Kind::Block),
    ("orderType", Kind::Text),
    ("orderMethod", Kind::Text),
    ("status", Kind::Text),
    ("statusComment", Kind::Text),
    ("shipmentStore", Kind::Text),
    ("shipmentDate", Kind::Date),
    ("shipped", Kind::Flag),
    ("weight", Kind::Number),
    ("length", Kind::Number),
    ("width", Kind::Number),
    ("height", Kind::Number),
    ("dialogId", Kind::Number),
    ("clientId", Kind::Text),
    ("customFields", Kind::Map),
];

/// The fields of a payment that a caller may set.
pub(super) const PAYMENT_FIELDS: &[Field] = &[
    ("status", Kind::Text),
    ("type", Kind::Text),
    ("externalId", Kind::Text),
    ("amount", Kind::Number),
    ("paidAt", Kind::DateTime),
    ("comment", Kind::Text),
];

/// The ways in which loyalty applies to an order.
const PRIVILEGES: &[&str] = &[
    "none",
    "personal_discount",
    "loyalty_level",
    "loyalty_event",
];

/// Fields that hold a code, and the reference it must be in.
const CODES: &[(&str, &str)] = &[
    ("status", "statuses"),
    ("orderType", "order-types"),
    ("orderMethod", "order-methods"),
    ("shipmentStore", "stores"),
];

/// Checks the form of an order, and then its codes.
pub(crate) fn order(account: &Account, input: &Object) -> Result<(), Failure> {
    Failure::first([form(account, input), meaning(account, input)])
}

fn form(account: &Account, input: &Object) -> Result<(), Failure> {
    let mut errors = Object::new();
    fields::check(input, FIELDS, &mut errors);
    if let Some(email) = value::member(input, "email").filter(|email| !email.contains('@')) {
        errors.insert(
            "email".into(),
            format!("\"{email}\" is not a valid email.").into(),
        );
    }
    let percent = value::amount(input, "discountManualPercent");
    if percent.is_sign_negative() || percent > Decimal::ONE_HUNDRED {
        errors.insert(
            "discountManualPercent".into(),
            "This value should be between 0 and 100.".into(),
        );
    }
    items(account, input, &mut errors);
    payments(account, input, &mut errors);
    none_of(errors)
}

/// The codes and choices that the account knows.
fn meaning(account: &Account, input: &Object) -> Result<(), Failure> {
    let mut errors = Object::new();
    codes(account, input, &mut errors);
    account.check_custom_fields("order", input, &mut errors);
    choices(account, input, &mut errors);
    none_of(errors)
}

fn none_of(errors: Object) -> Result<(), Failure> {
    match errors.is_empty() {
        true => Ok(()),
        false => Err(Failure::format(errors)),
    }
}

fn codes(account: &Account, input: &Object, errors: &mut Object) {
    for (field, reference) in CODES {
        known(account, input.get(*field), reference, field, errors);
    }
    let delivery = input
        .get("delivery")
        .and_then(|delivery| delivery.get("code"));
    known(account, delivery, "delivery-types", "delivery.code", errors);
    let service = input
        .get("delivery")
        .and_then(|delivery| delivery.get("service"))
        .and_then(|service| service.get("code"));
    let name = "delivery.service.code";
    known(account, service, "delivery-services", name, errors);
}

/// The manager must be a user, and the privilege a known one.
fn choices(account: &Account, input: &Object, errors: &mut Object) {
    if let Some(manager) = input.get("managerId").filter(|given| is_given(given))
        && let Err(Refusal::Form(refused)) = account.check_user("managerId", manager)
    {
        errors.extend(refused);
    }
    if let Some(privilege) = value::member(input, "privilegeType")
        && !PRIVILEGES.contains(&privilege.as_str())
    {
        let text = "The value you selected is not a valid choice.";
        errors.insert("privilegeType".into(), text.into());
    }
}

fn is_given(given: &Value) -> bool {
    !given.is_null() && *given != ""
}

/// A code that is given must be in the reference.
fn known(
    account: &Account,
    code: Option<&Value>,
    reference: &str,
    field: &str,
    errors: &mut Object,
) {
    let Some(code) = code.and_then(value::text).filter(|code| !code.is_empty()) else {
        return;
    };
    if !account.references.has(reference, &code) {
        let name = field.rsplit('.').next().unwrap_or(field);
        errors.insert(
            field.into(),
            format!("\"{name}\" with \"code\"=\"{code}\" does not exist.").into(),
        );
    }
}

fn items(account: &Account, input: &Object, errors: &mut Object) {
    let Some(given) = input.get("items").filter(|given| !given.is_null()) else {
        return;
    };
    let Some(items) = list(given) else {
        errors.insert("items".into(), "This value should be of type array.".into());
        return;
    };
    for (index, item) in items.iter().enumerate() {
        if let Err(text) = check_item(account, item) {
            errors.insert(format!("items[{index}]"), text.into());
        }
    }
}

/// The numbers of an item and how great they may be.
const ITEM_NUMBERS: &[(&str, i64)] = &[
    ("quantity", 1_000_000_000),
    ("initialPrice", 1_000_000_000),
    ("purchasePrice", 1_000_000_000),
    ("discountManualAmount", 1_000_000_000),
    ("discountManualPercent", 100),
];

fn check_item(account: &Account, item: &Value) -> Result<(), String> {
    let item = item
        .as_object()
        .ok_or("This value should be of type array.")?;
    for (name, most) in ITEM_NUMBERS {
        let Some(given) = item.get(*name).filter(|given| !given.is_null()) else {
            continue;
        };
        let number = value::decimal(given).ok_or(format!("\"{name}\" should be numeric."))?;
        if number.is_sign_negative() || number > Decimal::from(*most) {
            return Err(format!("\"{name}\" should be between 0 and {most}."));
        }
    }
    let price_type = item.get("priceType").and_then(|kind| kind.get("code"));
    for (code, book, name) in [
        (item.get("status"), "product-statuses", "status"),
        (price_type, "price-types", "priceType"),
    ] {
        let code = code.and_then(value::text).filter(|code| !code.is_empty());
        if let Some(code) = code.filter(|code| !account.references.has(book, code)) {
            return Err(format!(
                "\"{name}\" with \"code\"=\"{code}\" does not exist."
            ));
        }
    }
    if item.contains_key("externalId") && item.contains_key("externalIds") {
        return Err("Either \"externalId\" or \"externalIds\" is taken, not both.".to_owned());
    }
    account.catalogue.check_offer(item)
}

fn payments(account: &Account, input: &Object, errors: &mut Object) {
    let Some(given) = input.get("payments").filter(|given| !given.is_null()) else {
        return;
    };
    let Some(payments) = list(given) else {
        errors.insert(
            "payments".into(),
            "This value should be of type array.".into(),
        );
        return;
    };
    for (index, payment) in payments.iter().enumerate() {
        if let Err(text) = payment
            .as_object()
            .ok_or_else(|| "This value should be of type array.".to_owned())
            .and_then(|payment| check_payment(account, payment, PaymentType::Needed))
        {
            errors.insert(format!("payments[{index}]"), text.into());
        }
    }
}

/// Whether a payment must name its type: a new one must.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum PaymentType {
    Needed,
    Optional,
}

/// Checks one payment's form and codes.
pub(crate) fn check_payment(
    account: &Account,
    payment: &Object,
    need: PaymentType,
) -> Result<(), String> {
    match value::member(payment, "type") {
        Some(code) if account.references.has("payment-types", &code) => {}
        Some(code) => return Err(format!("\"type\" with \"code\"=\"{code}\" does not exist.")),
        None if need == PaymentType::Needed => {
            return Err("\"type\" should not be blank.".to_owned());
        }
        None => {}
    }
    if let Some(code) = value::member(payment, "status")
        && !account.references.has("payment-statuses", &code)
    {
        return Err(format!(
            "\"status\" with \"code\"=\"{code}\" does not exist."
        ));
    }
    let mut errors = Object::new();
    fields::check(payment, PAYMENT_FIELDS, &mut errors);
    errors.iter().next().map_or(Ok(()), |(name, text)| {
        Err(format!("{name}: {}", text.as_str().unwrap_or_default()))
    })
}

/// The elements of a list, or of the map that PHP may send for one.
pub(crate) fn list(given: &Value) -> Option<Vec<&Value>> {
    match given {
        Value::Array(items) => Some(items.iter().collect()),
        Value::Object(members) => Some(members.values().collect()),
        _ => None,
    }
}
